"""Turns questions and passages into token ids, in windows where a passage is long, and batches."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Encoding, Tokenizer

from assistant.models.bundled_reader import Window, cut_windows
from training.data import Row
from training.network import MAX_ANSWER_TOKENS

MAX_LENGTH = 256
"""Tokens of a question and its passage together, special tokens included."""
MAX_QUESTION_TOKENS = 48
STRIDE = 64
"""Tokens that two neighbouring windows of a long passage share, at the least."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A tokenised pair; `spans` are the (first, last) tokens of its right answers."""

    ids: tuple[int, ...]
    passage_start: int
    spans: tuple[tuple[int, int], ...]


def load_tokenizer(path: Path) -> Tokenizer:
    """The fast tokenizer in `path`, without the padding and truncation that it was saved with."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def feature(window: Window, spans: Iterable[tuple[int, int]]) -> Feature:
    """The window with those of the character `spans` that lie in it whole, as token spans.

    Those of more tokens than the reader looks at are left out: nothing that it could learn would
    make them likely.
    """
    found = set()
    for start, end in spans:
        covered = [
            place
            for place, (left, right) in enumerate(window.offsets)
            if left < end and right > start
        ]
        fits = 0 < len(covered) <= MAX_ANSWER_TOKENS
        if fits and window.offsets[0][0] <= start and window.offsets[-1][1] >= end:
            found.add((window.passage_start + covered[0], window.passage_start + covered[-1]))
    return Feature(window.ids, window.passage_start, tuple(sorted(found)))


class Featurizer:
    """Tokenises questions and passages; a passage once, however many questions it has."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._passages: dict[str, Encoding] = {}
        self._cls, self._sep = (int(tokenizer.token_to_id(m) or 0) for m in ("[CLS]", "[SEP]"))

    def token(self, word: str) -> int | None:
        """The token that is the whole word; None if the vocabulary lacks it."""
        found: int | None = self._tokenizer.token_to_id(word)
        return found

    def windows(self, question: str, context: str, max_length: int = MAX_LENGTH) -> list[Window]:
        passage = self._passages.get(context)
        if passage is None:
            passage = self._tokenizer.encode(context, add_special_tokens=False)
            self._passages[context] = passage
        asked = self._tokenizer.encode(question, add_special_tokens=False)
        return list(
            cut_windows(
                asked,
                passage,
                cls=self._cls,
                sep=self._sep,
                max_length=max_length,
                max_question_tokens=MAX_QUESTION_TOKENS,
                stride=STRIDE,
            )
        )

    def feature(
        self, row: Row, question: str, max_length: int, draw: random.Random
    ) -> Feature | None:
        """A window of the row that holds an answer if the row has one; None if none does."""
        made = [
            feature(window, row.spans) for window in self.windows(question, row.context, max_length)
        ]
        fitting = [one for one in made if bool(one.spans) == row.answerable]
        return draw.choice(fitting) if fitting else None


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
