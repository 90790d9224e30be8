"""Put lines together to paragraphs: lines of one paragraph in one, short lines each on its own.

Whoever sets a paragraph fills each line as far as words fit. A line that ends although the next
word would have fitted ends on purpose.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.ingestion.formats.pdf.fragments import Segment
from assistant.ingestion.formats.pdf.joining import (
    begins_with_address,
    ends_within_address,
    joined_lines,
)
from assistant.ingestion.formats.pdf.records import records

WIDER_LEADING = 1.3
"""A distance of lines over this many times the usual one separates paragraphs."""
OTHER_SIZE = 1.1
_RELATED_SIZE = 1.25
"""Words of another font in a line may be of a little another size."""
ENDED = re.compile(r"[.!?:;。！？…][\"'”’)\]⁰¹²³⁴-⁹]*$")
LIST_ITEM = re.compile(
    r"(?:[-*+•‣◦–▪●■○□☐☑☒✓✔➢➤►▶·]|\(?\d{1,3}[.)]|\(?[a-z][.)]|\((?:[ivx]{1,5})\)|\d+(?:\.\d+)+\.?)\s+\S"
)
_HYPHEN = re.compile(r"(?<=\w)[-\u2010]$")
_LEADERS = re.compile(r"(?:[.·] ?){4,}|…{2,}|_{4,}")
_OPENERS = "\"'“‘([{«„"
_INDENT = 0.8
_PROSE_WIDTH = 0.75
_LONG_LINE, _SHORTEST_PROSE = 45, 25
_NARROW = 0.5
_FLOWING = 0.4


@dataclass(frozen=True, slots=True)
class Measures:
    """What is usual in a document: the distance of lines, in sizes of type."""

    leading: float


def measures(columns: Sequence[Sequence[Segment]]) -> Measures:
    """Return the distance of lines that half of a document's characters stand in."""
    steps = sorted(
        ((below.baseline - above.baseline) / above.size, len(below.text))
        for lines in columns
        for above, below in pairwise(lines)
        if 0 < below.baseline - above.baseline < 4 * above.size
    )
    half = sum(weight for _, weight in steps) / 2
    passed = 0
    for step, weight in steps:
        passed += weight
        if passed >= half:
            return Measures(step)
    return Measures(1.2)


def paragraphs(lines: Sequence[Segment], left: float, right: float, usual: Measures) -> list[str]:
    """Return the paragraphs of a column that reaches from ``left`` to ``right``."""
    found: list[str] = []
    for stretch in _stretches(lines, usual):
        found += _of_stretch(stretch, left, right)
    return found


def _stretches(lines: Sequence[Segment], usual: Measures) -> list[list[Segment]]:
    """Return the lines that follow each other at the usual distance, in one size of type."""
    stretches: list[list[Segment]] = []
    end = max(line.right for line in lines)
    for above, below in pairwise([None, *lines]):
        assert below is not None
        if above is None or _is_apart(above, below, usual, end):
            stretches.append([])
        stretches[-1].append(below)
    return stretches


def _is_apart(above: Segment, below: Segment, usual: Measures, end: float) -> bool:
    step = below.baseline - above.baseline
    if step > below.size * usual.leading * WIDER_LEADING or step < -below.size:
        return True
    if 1 / OTHER_SIZE <= above.size / below.size <= OTHER_SIZE:
        return False
    is_begun = above.right > end - above.size and not ENDED.search(above.text)
    return not is_begun or not 1 / _RELATED_SIZE <= above.size / below.size <= _RELATED_SIZE


def _of_stretch(lines: Sequence[Segment], left: float, right: float) -> list[str]:
    """Return the paragraphs of lines at one distance; what ends on purpose is a line of its own."""
    end = max(line.right for line in lines)
    margin = _margin(lines)
    is_prose = _is_prose(lines, end, left, right)
    found = [lines[0].text]
    for above, below in pairwise(lines):
        border = _border(above, below, end, margin, is_prose)
        if border == "":
            found[-1] = joined_lines(found[-1], below.text)
        elif border == "\n":
            found[-1] += f"\n{below.text}"
        else:
            found.append(below.text)
    if is_prose:
        return found
    return ["\n".join(record) for part in found for record in records(part.split("\n"))]


def _border(
    above: Segment, below: Segment, end: float, margin: float | None, is_prose: bool
) -> str:
    """Return what stands between two lines: nothing within a paragraph, a line end, or a blank line."""
    if LIST_ITEM.match(below.text) or _LEADERS.search(above.text):
        return "\n"
    if _HYPHEN.search(above.text) and below.text[0].isalnum():
        return ""
    if ends_within_address(above.text, below.text):
        return ""
    is_full, flows = _is_full(above, below, end), _flows(above, below)
    if margin is not None and below.left - margin > _INDENT * below.size and not flows:
        return "\n\n" if ENDED.search(above.text) else "\n"
    if is_prose and flows and (is_full or above.width > _NARROW * (end - above.left)):
        return ""
    if above.font != below.font and not is_full:
        return "\n\n"
    if is_full and (is_prose or (flows and len(above.text) >= _SHORTEST_PROSE)):
        return ""
    is_sentence = ENDED.search(above.text) and not above.text.endswith((":", ";"))
    return "\n\n" if is_sentence else "\n"


def _is_full(above: Segment, below: Segment, end: float) -> bool:
    """Return whether the first word of a line would not have fitted into the line above."""
    first = below.text.split(maxsplit=1)[0]
    needs = below.width * (len(first) + 1) / len(below.text)
    return above.right + needs > end - 0.5 * above.size


def _flows(above: Segment, below: Segment) -> bool:
    """Return whether a sentence seems to go on from one line to the next."""
    is_small = below.text[0].islower() and not begins_with_address(below.text)
    return is_small and not ENDED.search(above.text)


def _margin(lines: Sequence[Segment]) -> float | None:
    """Return the left border that most lines share; None where there is none."""
    (left, count), *_ = Counter(round(line.left) for line in lines).most_common(1)
    return left if count * 2 > len(lines) else None


def _is_prose(lines: Sequence[Segment], end: float, left: float, right: float) -> bool:
    """Return whether lines are filled as those of paragraphs are, not short ones one below another."""
    pairs = list(pairwise(lines))
    if not pairs:
        return True
    flowing = sum(
        _flows(above, below) and _is_full(above, below, end) and len(above.text.split()) > 2
        for above, below in pairs
    )
    if flowing >= _FLOWING * len(pairs):
        return True
    if len(lines) > 2 and 2 * len({round(line.left) for line in lines[1:]}) > len(lines):
        return False  # set to the right or to the middle
    longest = max(len(line.text) for line in lines)
    is_wide = max(line.width for line in lines) > _PROSE_WIDTH * (right - left)
    is_wide = is_wide and longest >= _SHORTEST_PROSE
    full = sum(line.right > end - 4 * line.size for line in lines[:-1])
    return (is_wide or longest >= _LONG_LINE) and full * 2 > len(pairs)


def goes_on(above: str, below: str) -> bool:
    """Return whether a sentence seems to go on from one page or column to the next."""
    start = below.lstrip(_OPENERS)[:1]
    return not ENDED.search(above) and start.islower() and LIST_ITEM.match(below) is None
