"""Turns questions and passages into token ids, in windows where a passage is long, and batches."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Encoding, Tokenizer

from assistant.models.windows import Window, cut_windows
from assistant.text.sentences import sentences
from training.data import Row, Spans
from training.network import MAX_ANSWER_TOKENS

MAX_LENGTH = 256
"""Tokens of a question and its passage together, special tokens included."""
MAX_QUESTION_TOKENS = 64
MAX_HEADER_TOKENS = 48
MAX_STATEMENT_LENGTH = 384
"""Tokens of a statement and its passage together."""
STRIDE = 64
"""Tokens that two neighbouring windows of a long passage share, at the least."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A tokenised pair and what is known of it.

    `spans` are the (first, last) tokens of its right answers; `evidence` has 1.0 for every token
    of the passage that belongs to a sentence that shows the answer (None: not known). `verdict` is
    whether the passage answers, `label` what it does with a statement; one of the two is None.
    `points` is False where the answer is no span that could be learnt.
    """

    ids: tuple[int, ...]
    passage_start: int
    spans: tuple[tuple[int, int], ...]
    verdict: bool | None = None
    points: bool = True
    evidence: tuple[float, ...] | None = None
    label: int | None = None


def load_tokenizer(path: Path) -> Tokenizer:
    """The fast tokenizer in `path`, without the padding and truncation that it was saved with."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def feature(window: Window, row: Row, evidence: Spans | None) -> Feature:
    """Return the window with what the row says of it.

    Answers of more tokens than the reader looks at are no spans to learn: nothing could make them
    likely. `evidence` are the characters of the sentences that show the answer.
    """
    if row.label is not None:
        return Feature(window.ids, window.passage_start, (), points=False, label=row.label)
    found = [_covered(window, span) for span in row.spans if _holds(window, span)]
    spans = {
        (window.passage_start + part[0], window.passage_start + part[-1])
        for part in found
        if 0 < len(part) <= MAX_ANSWER_TOKENS
    }
    return Feature(
        window.ids,
        window.passage_start,
        tuple(sorted(spans)),
        verdict=row.answerable,
        points=row.points and (bool(spans) or not row.answerable),
        evidence=None if evidence is None else _marked(window, evidence),
    )


def _covered(window: Window, span: tuple[int, int]) -> list[int]:
    start, end = span
    return [
        place for place, (left, right) in enumerate(window.offsets) if left < end and right > start
    ]


def _holds(window: Window, span: tuple[int, int]) -> bool:
    return window.offsets[0][0] <= span[0] and span[1] <= window.offsets[-1][1]


def _marked(window: Window, evidence: Spans) -> tuple[float, ...]:
    marks = [0.0] * len(window.offsets)
    for span in evidence:
        for place in _covered(window, span):
            marks[place] = 1.0
    return tuple(marks)


class Featurizer:
    """Tokenises questions and passages; a passage once, however many questions it has."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._passages: dict[str, Encoding] = {}
        self._sentences: dict[str, Spans] = {}
        self._cls, self._sep = (int(tokenizer.token_to_id(m) or 0) for m in ("[CLS]", "[SEP]"))

    def token(self, word: str) -> int | None:
        """The token that is the whole word; None if the vocabulary lacks it."""
        found: int | None = self._tokenizer.token_to_id(word)
        return found

    def windows(
        self, question: str, context: str, max_length: int = MAX_LENGTH, header: str = ""
    ) -> list[Window]:
        passage = self._passages.get(context)
        if passage is None:
            passage = self._tokenizer.encode(context, add_special_tokens=False)
            self._passages[context] = passage
        encode = self._tokenizer.encode
        return list(
            cut_windows(
                encode(question, add_special_tokens=False).ids[-MAX_QUESTION_TOKENS:],
                encode(header, add_special_tokens=False).ids[:MAX_HEADER_TOKENS],
                passage,
                cls=self._cls,
                sep=self._sep,
                max_length=max_length,
                stride=STRIDE,
            )
        )

    def feature(
        self, row: Row, question: str, max_length: int, draw: random.Random
    ) -> Feature | None:
        """Return a window of the row that answers if the row does; None if none does.

        A passage whose answer is no span of it must fit in one window: no other one is known to
        answer.
        """
        windows = self.windows(question, row.context, max_length, row.header)
        if not windows or (not row.points and len(windows) > 1):
            return None
        if row.answerable and row.points:
            windows = [one for one in windows if any(_holds(one, span) for span in row.spans)]
        if not windows:
            return None
        return feature(draw.choice(windows), row, self._evidence(row))

    def _evidence(self, row: Row) -> Spans | None:
        """Return the sentences that show the answer: none where there is no answer."""
        if not row.answerable:
            return ()
        if row.evidence is not None:
            return row.evidence
        if not row.points:
            return None
        if row.context not in self._sentences:
            self._sentences[row.context] = tuple(
                (span.start, span.end) for span in sentences(row.context)
            )
        return tuple(
            bounds
            for bounds in self._sentences[row.context]
            if any(start < bounds[1] and bounds[0] < end for start, end in row.spans)
        )


def padded_length(tokens: int) -> int:
    """The next multiple of 16: few shapes, since the first step of every shape is slow.

    >>> padded_length(130)
    144
    """
    return -(-tokens // 16) * 16


def batches(features: Sequence[Feature], *, tokens: int, seed: int) -> list[list[Feature]]:
    """Batches of features of one padded length, `tokens` in all at most, in a random order."""
    open_batches: dict[int, list[Feature]] = defaultdict(list)
    made: list[list[Feature]] = []
    for one in features:
        length = padded_length(len(one.ids))
        open_batches[length].append(one)
        if (len(open_batches[length]) + 1) * length > tokens:
            made.append(open_batches.pop(length))
    made.extend(open_batches.values())
    random.Random(seed).shuffle(made)
    return made
