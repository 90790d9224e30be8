"""Tell whether a hyphen at the end of a line divides a word or belongs to it, by the document's words.

"infor-mation" is one word and "well-known" is two; a PDF does not say which is which.
"""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from assistant.text.lexicons import lexicon

MARK = "\ufffe"
"""Stands in a text for a hyphen that may do either."""
_WORD = re.compile(rf"[^\W\d_]+(?:[-{MARK}][^\W\d_]+)*")
_DIVIDED = re.compile(rf"[^\W\d_]+(?:-[^\W\d_]+)*{MARK}[^\W\d_]+(?:[-{MARK}][^\W\d_]+)*")
_SUSPENDED = re.compile(rf"([^\W\d_]+){MARK}([^\W\d_]+)(?=\s+[^\W_]+-[^\W_])")
_SHORTEST = 3
_VOWELS = "aeiou"
# fmt: off
_BEFORE_HYPHEN = frozenset(("cross", "ex", "non", "self", "well"))
_AFTER_HYPHEN = frozenset((
    "based", "called", "driven", "free", "level", "made", "oriented", "related", "sized", "specific",
    "term",
))
_WITHOUT = frozenset((  # words that begin many others
    "after", "any", "back", "counter", "down", "every", "fore", "here", "how", "inter", "out",
    "over", "some", "super", "there", "through", "under", "what", "when", "where", "who", "with",
))
# fmt: on


class Hyphens:
    """Mend the divided words of a document, of which all texts are known."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._seen = Counter(
            word for text in texts for match in _WORD.finditer(text) for word in _words(match[0])
        )

    def mended(self, text: str) -> str:
        """Return the text with each mark taken out, or made a hyphen."""
        return _DIVIDED.sub(self._mended, _SUSPENDED.sub(self._spaced, text)).replace(MARK, "-")

    def _spaced(self, match: re.Match[str]) -> str:
        """Return "short- and" as it is before "long-term"."""
        is_divided = match[2].casefold() not in lexicon("stop_words") or bool(
            self._seen[f"{match[1]}{match[2]}".casefold()]
        )
        return match[0] if is_divided else f"{match[1]}- {match[2]}"

    def _mended(self, match: re.Match[str]) -> str:
        found, *rest = match[0].split(MARK)
        for part in rest:
            found += ("-" if self._keeps_hyphen(found, part) else "") + part
        return found

    def _keeps_hyphen(self, left: str, right: str) -> bool:
        """Return what the document itself says of the word, else what its halves say."""
        *parts, before = left.casefold().split("-")
        after, *more = right.casefold().split("-", 1)
        if after in parts:  # day-to-day
            return True
        joined, apart = self._seen[f"{before}{after}"], self._seen[f"{before}-{after}"]
        if joined or apart:
            return apart > joined
        if before[-1] == after[0] and after[0] in _VOWELS and len(before) <= _SHORTEST:  # re-elect
            return True
        if right[0].isupper() or before in _BEFORE_HYPHEN or after in _AFTER_HYPHEN:
            return True
        if more and len(after) <= _SHORTEST:  # state-of-the-art
            return True
        if len(left) == 1:  # e-mail
            return True
        if parts and (self._seen[before] or len(before) < _SHORTEST):  # mother-in-law
            return True
        if not (self._seen[before] and self._seen[after]):
            return False
        return before not in _WITHOUT and min(len(before), len(after)) >= _SHORTEST


def _words(word: str) -> list[str]:
    """Return the parts of a word in lower case, and each two of them; nothing of one that is divided."""
    word = word.casefold()
    if MARK in word:
        return []
    parts = word.split("-")
    return [*parts, *map("-".join, pairwise(parts))]
