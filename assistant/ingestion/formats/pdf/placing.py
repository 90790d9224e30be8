"""Find the signs that are printed on a page in the text that was read from it.

The text has other white space, other hyphens and no running heads, and may have been put in another
order. Stretches that are printed once and read once hold the rest in place, so that of two sentences
of the same words each is found where it is.
"""

import unicodedata
from collections.abc import Iterator, Sequence

_TOGETHER = 6
"""So many signs in a row that occur once on the page and once in the text belong together."""
_NOT_READ = frozenset("|-\u2010\u2013\u2212\xad")
"""Signs that reading adds or takes away: between cells and at the ends of lines."""
_NOWHERE = -1


def offsets_of(pieces: Sequence[str], text: str) -> list[list[int]]:
    """Return for each piece of a page where its signs are in the text, in the order of the piece.

    The pieces come in the order of reading. Signs that are not in the text are left out.
    """
    found: list[list[int]] = [[] for _ in pieces]
    printed = [(sign, index) for index, piece in enumerate(pieces) for sign, _ in _signs(piece)]
    read = list(_signs(text))
    places = aligned("".join(sign for sign, _ in printed), "".join(sign for sign, _ in read))
    for (_, index), place in zip(printed, places, strict=True):
        if place != _NOWHERE:
            found[index].append(read[place][1])
    return found


def _signs(text: str) -> Iterator[tuple[str, int]]:
    """Yield what stands for the same sign however it is set, and its offset."""
    for offset, character in enumerate(text):
        for sign in unicodedata.normalize("NFKC", character).casefold():
            if not sign.isspace() and sign not in _NOT_READ:
                yield sign, offset


def aligned(page: str, text: str) -> list[int]:
    """Return for each sign of a page its place in the text, or -1. No place is given twice."""
    matching = _Matching(page, text)
    once = _once(text)
    for gram, start in _once(page).items():
        if gram in once:
            matching.extend(start, once[gram])
    matching.extend(0, 0)
    matching.extend(len(page), len(text))
    matching.fill()
    return matching.of_page


def _once(signs: str) -> dict[str, int]:
    """Return the stretches that occur once, and where."""
    first: dict[str, int] = {}
    for start in range(len(signs) - _TOGETHER + 1):
        gram = signs[start : start + _TOGETHER]
        first[gram] = _NOWHERE if gram in first else start
    return {gram: start for gram, start in first.items() if start != _NOWHERE}


class _Matching:
    """Signs of a page and of a text that belong together."""

    def __init__(self, page: str, text: str) -> None:
        self._page, self._text = page, text
        self.of_page = [_NOWHERE] * len(page)
        self._of_text = [_NOWHERE] * len(text)

    def extend(self, start: int, place: int) -> None:
        """Match what follows on two places, and what stands before them, as far as it is alike."""
        for step, i, j in ((1, start, place), (-1, start - 1, place - 1)):
            while self._is_free(i, j) and self._page[i] == self._text[j]:
                self.of_page[i], self._of_text[j] = j, i
                i, j = i + step, j + step

    def _is_free(self, i: int, j: int) -> bool:
        return (
            0 <= i < len(self.of_page)
            and 0 <= j < len(self._of_text)
            and self.of_page[i] == self._of_text[j] == _NOWHERE
        )

    def fill(self) -> None:
        """Match what is left of the text, where the same is left of the page: between the same signs, or once."""
        for first, run, before, after in self._runs():
            start = self._page.find(run, before, after)
            if start != _NOWHERE:
                self.extend(start, first)
        left = "".join(
            sign if place == _NOWHERE else "\0"
            for sign, place in zip(self._page, self.of_page, strict=True)
        )
        for first, run, _, _ in self._runs():
            if left.count(run) == 1:
                self.extend(left.index(run), first)

    def _runs(self) -> list[tuple[int, str, int, int]]:
        """Return the stretches of the text that are not matched, and between which signs of the page they belong."""
        runs = []
        before = first = 0
        for place, found in enumerate([*self._of_text, len(self._page)]):
            if found == _NOWHERE:
                continue
            if first < place:
                runs.append((first, self._text[first:place], before, found))
            before, first = found + 1, place + 1
        return runs
