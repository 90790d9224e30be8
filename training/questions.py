"""Rewrites questions: as people type them, and so that their passage no longer answers them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from training.data import Row, occurrences

STOP_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "by",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "how",
        "in",
        "is",
        "it",
        "its",
        "of",
        "on",
        "or",
        "that",
        "the",
        "their",
        "these",
        "this",
        "those",
        "to",
        "was",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "whom",
        "whose",
        "why",
        "will",
        "with",
        "would",
        "can",
        "could",
        "should",
    ]
)


def vary_question(question: str, draw: random.Random) -> str:
    """The question as people type it: lower case, no question mark, keywords, a slip of a key."""
    kind = draw.random()
    bare = question.rstrip(" ?.")
    if kind < 0.30:
        return bare
    if kind < 0.60:
        return bare.lower()
    if kind < 0.80:
        kept = [word for word in bare.split() if word.lower().strip(",'") not in STOP_WORDS]
        return " ".join(kept).lower() if len(kept) >= 2 else bare.lower()
    return misspell(bare if draw.random() < 0.5 else question, draw)


def misspell(text: str, draw: random.Random) -> str:
    """One or two slips in words of four letters or more: a swap, a loss or a doubling."""
    parts = text.split(" ")
    long_words = [place for place, part in enumerate(parts) if len(part) >= 4]
    for place in draw.sample(long_words, min(len(long_words), draw.choice((1, 1, 2)))):
        word = parts[place]
        at = draw.randrange(1, len(word) - 1)
        slip = draw.randrange(3)
        if slip == 0:
            parts[place] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        elif slip == 1:
            parts[place] = word[:at] + word[at + 1 :]
        else:
            parts[place] = word[:at] + word[at] + word[at:]
    return " ".join(parts)


_OPPOSITES = {
    "first": "last",
    "largest": "smallest",
    "highest": "lowest",
    "most": "least",
    "more": "less",
    "before": "after",
    "increase": "decrease",
    "north": "south",
    "northern": "southern",
    "east": "west",
    "eastern": "western",
    "oldest": "youngest",
    "longest": "shortest",
    "best": "worst",
    "higher": "lower",
    "larger": "smaller",
    "greater": "smaller",
    "begin": "end",
    "began": "ended",
    "early": "late",
    "won": "lost",
    "win": "lose",
    "earliest": "latest",
    "major": "minor",
    "above": "below",
    "strong": "weak",
    "positive": "negative",
    "public": "private",
    "male": "female",
    "rise": "fall",
    "gain": "lose",
    "created": "destroyed",
    "joined": "left",
    "increased": "decreased",
    "built": "demolished",
    "maximum": "minimum",
}
_SWAPS = _OPPOSITES | {right: left for left, right in _OPPOSITES.items()}
_NAME = re.compile(r"[A-Z][\w'-]+(?: (?:of |the )?[A-Z][\w'-]+)*")
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")
_VERB = re.compile(r"\b(did|does|do|was|were|is|are|can|could|would|has|have|had)\b")


def contradict(row: Row, draw: random.Random) -> str | None:
    """The row's question with one thing changed, so that its passage does not answer it any more.

    A name or number that the passage shares is exchanged for another one of the passage, a word
    for its opposite, or the verb is denied: what people did to write SQuAD 2.0's unanswerable
    questions. None if nothing fits. A few are answerable all the same.
    """
    kinds = [_exchange_name, _exchange_number, _exchange_word, _deny]
    draw.shuffle(kinds)
    for kind in kinds:
        changed = kind(row, draw)
        if changed is not None and changed != row.question:
            return changed
    return None


def _exchange_name(row: Row, draw: random.Random) -> str | None:
    return _exchange(_NAME, row, draw, lambda old, new: not (set(old.split()) & set(new.split())))


def _exchange_number(row: Row, draw: random.Random) -> str | None:
    return _exchange(_NUMBER, row, draw, lambda old, new: len(old) == len(new))


def _exchange(
    pattern: re.Pattern[str], row: Row, draw: random.Random, fits: Callable[[str, str], bool]
) -> str | None:
    asked = [
        match
        for match in pattern.finditer(row.question)
        if match.start() > 0 and occurrences(row.context, match.group())
    ]
    if not asked:
        return None
    old = draw.choice(asked)
    answer = " ".join(row.answers)
    # A name at the start of a sentence may be any word with a capital.
    others = {
        match.group()
        for match in pattern.finditer(row.context)
        if row.context[max(0, match.start() - 2) : match.start()].strip(" ").isalnum()
        and match.group() not in row.question
        and match.group() not in answer
        and fits(old.group(), match.group())
    }
    if not others:
        return None
    return row.question[: old.start()] + draw.choice(sorted(others)) + row.question[old.end() :]


def _exchange_word(row: Row, draw: random.Random) -> str | None:
    parts = row.question.split(" ")
    places = [place for place, part in enumerate(parts) if part in _SWAPS]
    if not places:
        return None
    place = draw.choice(places)
    return " ".join([*parts[:place], _SWAPS[parts[place]], *parts[place + 1 :]])


def _deny(row: Row, draw: random.Random) -> str | None:
    if draw.random() < 0.7:  # a denial is easy to see, and rare among people's questions
        return None
    verb = _VERB.search(row.question)
    if verb is None or verb.start() == 0:
        return None
    denied = {"can": "can't"}.get(verb.group(), verb.group() + "n't")
    return row.question[: verb.start()] + denied + row.question[verb.end() :]
