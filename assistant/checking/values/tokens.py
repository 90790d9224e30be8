"""Split a text into the tokens of its values: numbers, times, codes, words, signs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

MOST_DIGITS = 28
"""Longer numbers are identifiers, because `decimal` would round them at its default precision."""
_TOKEN = re.compile(
    r"""
    (?P<iso>\b\d{4}-\d{2}-\d{2}\b)
  | (?P<numeric>\b\d{1,2}(?P<between>[./])\d{1,2}(?P=between)(?:19|20)\d{2}\b)
  | (?P<thousands>\b\d{1,3}(?:\.\d{3}){2,}+(?!\.*\d))
  | (?P<version>\b[vV]?\d+(?:\.\d+){2,}\b)
  | (?P<time>\b\d{1,2}:\d{2}(?!\d)(?:\s*(?:[ap]m\b|[ap]\.m\.))?|\b\d{1,2}\s*(?:[ap]m\b|[ap]\.m\.))
  | (?P<decade>\b(?:\d\d)?\d0s\b)
  | (?P<ordinal>\b\d{1,3}(?:,\d{3})*(?:st|nd|rd|th)\b)
  | (?P<code>\b(?=[A-Za-z](?:[^\W\d]|-){0,80}\d)[A-Za-z]\w*(?:-\w+)*\b)
  | (?P<number>(?:(?<![\w.,−-])[−-](?=\d))?(?:(?<=\W)|^|(?<=_))\d+(?:[,\u00a0\u2009\u202f]\d{3})*(?:\.\d+)?(?![\d])|(?<=\W)\.\d+)
  | (?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)
  | (?P<sign>[$€£¥%°²³]|[^\s\w])
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A token at ``start:end`` of a text. ``kind`` is the name of its pattern."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def lower(self) -> str:
        """The text in lower case."""
        return self.text.lower()

    @property
    def is_amount(self) -> bool:
        """Whether it is a number in digits, short enough to calculate with."""
        is_number = self.kind in ("number", "thousands", "ordinal")
        return is_number and len(self.text) <= MOST_DIGITS


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a text in order, without white space."""
    return [
        Token(str(match.lastgroup), match[0], match.start(), match.end())
        for match in _TOKEN.finditer(text)
    ]


def is_word(tokens: Sequence[Token], index: int, *words: str) -> bool:
    """Return whether the token at an index exists and is one of the words."""
    return 0 <= index < len(tokens) and tokens[index].lower in words
