"""Find what a sentence announces in its paragraph: "There are two ways. You can … You can …"."""

import re
from collections.abc import Sequence

from assistant.text.lexicons import lexicon
from assistant.text.sentences import sentences
from assistant.text.spans import Span
from assistant.text.words import words

LEAD_IN_END = re.compile(r"[:：][\s*_\"”’)]*$")
"""The end of what leads in a list, a table or code."""
_LEAD_IN_LINE = re.compile(r"[:：][^\S\n]*\n")
_FOLLOWING = re.compile(r"\b(?:the following(?: \w+){0,2}|as follows)(?:\W*$|:)", re.IGNORECASE)
_LONGEST = 600
"""Characters between a sentence that announces others and the last of them."""


def announced(text: str, block: Span, sentence: Span, most_words: int) -> Span | None:
    """Return the sentence that announces others, and these, if the given one is among them.

    A colon and "the following" announce the rest of the paragraph, a number as many sentences that
    begin alike. Return None where all have more than ``most_words``.

    >>> text = "Do the following. Unplug it. Wait."
    >>> announced(text, Span(0, 34), Span(18, 28), 50)
    Span(start=0, end=34)
    """
    inside = sentences(text, block.start, block.end)
    for place, first in enumerate(inside):
        if not 0 <= sentence.start - first.start <= _LONGEST:
            continue
        last = place + _count_announced(text, first, inside[place + 1 : place + most_words])
        whole = Span(first.start, inside[last].end)
        is_short = len(text[whole.start : whole.end].split()) <= most_words
        if last > place and sentence.end <= whole.end and is_short:
            return whole
    return None


def _count_announced(text: str, sentence: Span, after: Sequence[Span]) -> int:
    """Return how many of the sentences after a sentence it announces."""
    said = text[sentence.start : sentence.end]
    if any(pattern.search(said) for pattern in (LEAD_IN_END, _LEAD_IN_LINE, _FOLLOWING)):
        return len(after)
    numbers, spoken = lexicon("small_numbers"), words(said.lower())
    firsts = [text[one.start : one.end].split()[0] for one in after[: len(numbers) + 1]]
    for number, word in enumerate(numbers, 2):
        is_told = len(firsts) >= number and len(set(firsts[:number])) == 1
        if is_told and word in spoken:
            return number
    return 0
