"""Put the fragments of a page together to segments of lines, with powers and footnote marks as such.

A segment ends at a gap that is wider than the space between words. Whether the gap separates
columns, cells or only words of a loosely set line is decided later.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from assistant.ingestion.formats.pdf.fragments import Fragment, Segment
from assistant.ingestion.formats.scripts import lowered, raised

WIDE_GAP = 0.5
"""A gap of so many sizes of type may separate cells; words of loosely set lines stand closer."""
_MARK = re.compile(r"[-*+•‣◦–▪●■○□☐☑☒✓✔➢➤►▶·]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]|\d+(?:\.\d+)+\.?")
"""What stands before an item of a list."""
_MARK_GAP = 4.0
_TYPED_GAP = 1.0
_SAME_BASELINE = 0.1
_WORD_GAP = 0.15
_SMALLER = 0.85
_LONGEST_RAISED = 8
_LONGEST_ALIKE = 4
_RAISED, _LOWERED = 0.15, -0.08
_DROP_CAP = 1.8


def segments(fragments: Sequence[Fragment]) -> list[Segment]:
    """Return the segments of all lines, from the top down and from left to right."""
    typed = _typed_fonts(fragments)
    found = [segment for row in _rows(fragments) for segment in _cut(row, typed)]
    return sorted(found, key=lambda segment: (segment.baseline, segment.left))


def _typed_fonts(fragments: Sequence[Fragment]) -> set[str]:
    """Return the fonts all letters of which, and so the spaces too, are of one width."""
    widths: dict[str, list[float]] = defaultdict(list)
    for one in fragments:
        if len(one.text) > 1:
            widths[one.font].append((one.right - one.left) / len(one.text) / one.size)
    return {font for font, some in widths.items() if len(some) > 1 and max(some) - min(some) < 0.02}


def joined(parts: Sequence[Segment]) -> Segment:
    """Return the segments of one line as one."""
    largest = max(parts, key=lambda part: len(part.text))
    return Segment(
        " ".join(part.text for part in parts),
        min(part.left for part in parts),
        max(part.right for part in parts),
        largest.baseline,
        largest.size,
        largest.font,
        tuple(fragment for part in parts for fragment in part.fragments),
    )


def _rows(fragments: Sequence[Fragment]) -> list[list[Fragment]]:
    """Return the fragments of each line; raised and lowered ones are with the line they belong to."""
    rows: list[list[Fragment]] = []
    for fragment in sorted(fragments, key=lambda fragment: fragment.baseline):
        if rows and fragment.baseline - rows[-1][0].baseline <= _SAME_BASELINE * fragment.size:
            rows[-1].append(fragment)
        else:
            rows.append([fragment])
    around = _Neighbours(rows)
    moves = [
        (fragment, row, home)
        for row in rows
        for fragment in row
        if len(fragment.text) <= _LONGEST_RAISED and (home := around.home(fragment, row))
    ]
    for fragment, row, home in moves:
        row.remove(fragment)
        home.append(fragment)
    return [row for row in rows if row]


class _Neighbours:
    """Find the line that a raised, a lowered or a large first letter belongs to."""

    def __init__(self, rows: Sequence[list[Fragment]]) -> None:
        self._rows = [(tuple(row), row) for row in rows]
        self._bases = [row[0].baseline for row in rows]
        self._sizes = [(min(sizes), max(sizes)) for sizes in map(_sizes, rows)]
        self._before = {one.number + 1: (one, row) for row in rows for one in row}

    def home(self, fragment: Fragment, own: list[Fragment]) -> list[Fragment] | None:
        """Return the row of what the fragment belongs to; None if that is its own."""
        before, row = self._before.get(fragment.number, (None, own))
        if before is not None and row is not own and _is_moved(fragment, before):
            return row
        reach = fragment.size * (4.0 if len(fragment.text) == 1 else 1.0)
        first = bisect_left(self._bases, fragment.baseline - reach)
        last = bisect_right(self._bases, fragment.baseline + reach)
        for index in range(first, last):
            smallest, largest = self._sizes[index]
            known, row = self._rows[index]
            if row is own or not (
                largest * _SMALLER >= fragment.size or fragment.size >= _DROP_CAP * smallest
            ):
                continue
            if any(_is_drop_cap(fragment, base) or _is_moved(fragment, base) for base in known):
                return row
        return None


def _sizes(row: Sequence[Fragment]) -> list[float]:
    return [fragment.size for fragment in row]


def _is_drop_cap(fragment: Fragment, base: Fragment) -> bool:
    """Return whether a fragment is the large first letter of another."""
    return (
        fragment.size >= _DROP_CAP * base.size
        and len(fragment.text) == 1
        and fragment.text.isupper()
        and abs(fragment.top - base.top) < 0.6 * base.size
        and -0.2 * base.size < base.left - fragment.right < 0.9 * base.size
    )


def _is_moved(fragment: Fragment, base: Fragment) -> bool:
    """Return whether a fragment is raised or lowered beside another: by its size, or as the file goes on so."""
    if base.size >= _DROP_CAP * fragment.size and len(base.text) == 1 and base.text.isupper():
        return False  # beside a large first letter
    rise = base.baseline - fragment.baseline
    overlap = min(fragment.bottom, base.bottom) - max(fragment.top, base.top)
    follows = fragment.number == base.number + 1 and abs(fragment.left - base.right) < 1
    if fragment.size > _SMALLER * base.size:
        is_alike = follows and fragment.size <= base.size and len(fragment.text) <= _LONGEST_ALIKE
        return is_alike and fragment.spaced is not True and 0.2 * base.size < rise < 0.7 * base.size
    return (
        (rise >= _RAISED * base.size or rise <= _LOWERED * base.size)
        and overlap >= (0.2 if follows else 0.4) * (fragment.bottom - fragment.top)
        and min(abs(fragment.left - base.right), abs(base.left - fragment.right)) < 0.8 * base.size
    )


def _cut(row: list[Fragment], typed: set[str]) -> Iterator[Segment]:
    """Yield the segments of a line; the mark of a list item is one with what follows."""
    row.sort(key=lambda fragment: fragment.left)
    part = [row[0]]
    end = row[0].right
    for before, after in pairwise(row):
        is_marked = len(part) == 1 and _MARK.fullmatch(part[0].text) is not None
        reach = _MARK_GAP if is_marked else _TYPED_GAP if before.font in typed else WIDE_GAP
        if after.left - end > reach * max(before.size, after.size):
            yield _segment(part)
            part = []
        part.append(after)
        end = max(end, after.right)
    yield _segment(part)


def _segment(part: Sequence[Fragment]) -> Segment:
    base = _most_common(part)
    ordered = sorted(part, key=lambda fragment: fragment.number) if _is_leftward(part) else part
    text = ""
    before: Fragment | None = None
    for fragment in ordered:
        if before is not None and has_space(before, fragment):
            text += " "
        text += _shown(fragment, part)
        before = fragment
    return Segment(
        text,
        min(fragment.left for fragment in part),
        max(fragment.right for fragment in part),
        base.baseline,
        base.size,
        base.font,
        tuple(ordered),
    )


def _most_common(part: Sequence[Fragment]) -> Fragment:
    """Return a fragment in the type that most of a line is set in."""
    letters: Counter[tuple[float, str]] = Counter()
    for fragment in part:
        letters[fragment.size, fragment.font] += len(fragment.text)
    (style, _), *_ = letters.most_common(1)
    return next(one for one in part if (one.size, one.font) == style)


def _is_leftward(part: Iterable[Fragment]) -> bool:
    """Return whether most letters are of a script that is written from right to left."""
    kinds = [
        unicodedata.bidirectional(letter) in ("R", "AL")
        for fragment in part
        for letter in fragment.text[:1]
        if not letter.isascii()
    ]
    return sum(kinds) * 2 > len(kinds)


def has_space(before: Fragment, after: Fragment) -> bool:
    """Return whether there is a space between two fragments of a line."""
    if after.number == before.number + 1 and after.spaced is not None:
        return after.spaced
    smaller = min(before.size, after.size)
    return after.left - before.right > _WORD_GAP * smaller or after.right < before.left


def _shown(fragment: Fragment, part: Sequence[Fragment]) -> str:
    """Return the fragment's text, raised or lowered if it is smaller than what it touches."""
    bases = [
        other
        for other in part
        if other.baseline != fragment.baseline and _is_moved(fragment, other)
    ]
    if not bases:
        return fragment.text
    if bases[0].baseline < fragment.baseline:
        return lowered(fragment.text)
    return "\N{TRADE MARK SIGN}" if fragment.text == "TM" else raised(fragment.text)
