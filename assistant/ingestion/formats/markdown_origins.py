"""Find where in a Markdown file each stretch of the text that is shown comes from."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from assistant.text.spans import lines

_TOKEN = re.compile(r"\w+|[^\w\s]")
_NOT_SHOWN = re.compile(
    r"(?<=\])\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+[\"'][^\"'\n]*[\"'])?\)"  # address of a link
    r"|^ {0,3}\[[^\]\n]+\]:\s.*$"  # definition of a link
    r"|</?[A-Za-z][^>\n]*>|<!--.*?-->"
    r"|~~[^~\n]+~~"
    r"|^ {0,3}(?:`{3,}|~{3,})[^\n]*$",
    re.MULTILINE | re.DOTALL,
)


def origins_in(
    text: str, source: str, blocks: Sequence[tuple[int, int]]
) -> tuple[tuple[int, int, int], ...]:
    """Return the runs of a text that the file has in the same characters, in order.

    Of each run: its offset in the text, its offset in the file, and its line there, counted from 1.
    ``blocks`` has the offset of each block of the text and the line of the file, from 0, where it begins.
    """
    starts = [line.start for line in lines(source)]
    shown = _NOT_SHOWN.sub(lambda match: "\0" * len(match[0]), source)
    runs: list[tuple[int, int, int]] = []
    for offset, place in _places(text, source, shown, blocks, [*starts, len(source)]):
        line = bisect_right(starts, place)
        if not runs or runs[-1][2] != line or place - offset != runs[-1][1] - runs[-1][0]:
            runs.append((offset, place, line))
    return tuple(runs)


def _places(
    text: str, source: str, shown: str, blocks: Sequence[tuple[int, int]], starts: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Yield the offset of each word and sign in the text, and in the file."""
    borders = sorted({line for _, line in blocks})
    ends = [*(offset for offset, _ in blocks), len(text)][1:]
    position, before = 0, -1
    for (start, line), end in zip(blocks, ends, strict=True):
        if line != before:
            position, before = starts[min(line, len(starts) - 1)], line
        after = bisect_right(borders, line)
        last = starts[borders[after]] if after < len(borders) else len(source)
        for token in _TOKEN.finditer(text, start, end):
            place = _place(token[0], shown, source, position, last)
            if place >= 0:
                yield token.start(), place
                position = place + len(token[0])


def _place(token: str, shown: str, source: str, start: int, end: int) -> int:
    """Return where a token is in the rest of its block; -1 if it is not there as it is shown."""
    if not token[0].isalnum():  # a sign counts only right here
        return start if source.startswith(token, start) else -1
    for searched in (shown, source):
        place = searched.find(token, start, end)
        while place >= 0 and not _is_whole_word(searched, place, place + len(token)):
            place = searched.find(token, place + 1, end)
        if place >= 0:
            return place
    return -1


def _is_whole_word(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    return not (before.isalnum() or after.isalnum())
