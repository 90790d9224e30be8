"""Say of a PDF what could not be read, and what its reading inferred: columns, running heads."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from assistant.ingestion.formats.pdf.columns import TableBlock, TextBlock
from assistant.ingestion.formats.pdf.fragments import ReadPage, Segment
from assistant.ingestion.formats.pdf.furniture import without_numbers

Blocks = list[TextBlock | TableBlock]

_MOST_NAMED = 10
_LONGEST_SHOWN = 60


def notes(pages: Sequence[ReadPage]) -> Iterator[str]:
    """Yield what is not read and why: "page 3: broken", "pages 4 and 5: a picture without text"."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, page in enumerate(pages, start=1):
        for note in page.notes:
            numbers[note].append(number)
    return _by_page(numbers)


def decisions(
    pages: Sequence[ReadPage],
    known: Sequence[Sequence[Sequence[Segment]]],
    blocks: Sequence[Blocks],
    dropped: set[int],
) -> Iterator[str]:
    """Yield on which pages text was read column by column, and what was left out as furniture.

    ``known`` are the segments of each layer of each page, ``dropped`` the ``id`` of those left out.
    """
    recognised = [number for number, page in enumerate(pages, start=1) if page.is_recognised]
    in_columns = [number for number, page in enumerate(blocks, start=1) if has_columns(page)]
    numbers = {"text recognised in a picture": recognised, "read column by column": in_columns}
    first: dict[str, str] = {}
    for number, layers in enumerate(known, start=1):
        for segment in (one for layer in layers for one in layer if id(one) in dropped):
            shown = first.setdefault(without_numbers(segment.text), segment.text)
            what = f"“{shown[:_LONGEST_SHOWN]}” left out as a running head, foot or page number"
            some = numbers.setdefault(what, [])
            if number not in some:
                some.append(number)
    return _by_page({what: some for what, some in numbers.items() if some})


def has_columns(blocks: Blocks) -> bool:
    """Return whether text stands beside other text."""
    texts = [block for block in blocks if isinstance(block, TextBlock)]
    return any(_are_beside(one, other) for one, other in combinations(texts, 2))


def _are_beside(one: TextBlock, other: TextBlock) -> bool:
    left, right = sorted((one, other), key=lambda block: block.lines[0].left)
    top = max(one.lines[0].top, other.lines[0].top)
    bottom = min(one.lines[-1].bottom, other.lines[-1].bottom)
    end = max(line.right for line in left.lines)
    return top < bottom and end < min(line.left for line in right.lines)


def _by_page(numbers: Mapping[str, Sequence[int]]) -> Iterator[str]:
    for note, some in numbers.items():
        more = [f"{len(some) - _MOST_NAMED} more"] * (len(some) > _MOST_NAMED)
        *before, last = [*map(str, some[:_MOST_NAMED]), *more]
        listed = f"{', '.join(before)} and {last}" if before else last
        yield f"page{'s' * (len(some) > 1)} {listed}: {note}"
