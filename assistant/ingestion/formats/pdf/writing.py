"""Make the text of a document of its pages: blocks in the order of reading, joined."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from assistant.ingestion.formats import Extracted
from assistant.ingestion.formats.hyphens import MARK, Hyphens
from assistant.ingestion.formats.pdf.columns import TableBlock, TextBlock
from assistant.ingestion.formats.pdf.fragments import Layer, ReadPage, Segment, middle
from assistant.ingestion.formats.pdf.furniture import Sheet, furniture
from assistant.ingestion.formats.pdf.joining import joined_lines
from assistant.ingestion.formats.pdf.lines import segments
from assistant.ingestion.formats.pdf.paragraphs import (
    OTHER_SIZE,
    Measures,
    goes_on,
    measures,
    paragraphs,
)
from assistant.ingestion.formats.pdf.regions import read_layer
from assistant.ingestion.formats.pdf.remarks import Blocks, decisions, notes

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffd\uffff]")
_DIVIDED = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)-$")
_REST = re.compile(r"([^\W\d_A-Z][^\W\d_]*\S*)\s*")
_LEADERS = re.compile(r"[^\S\n]*(?:[.·][^\S\n]?){5,}")
_WIDEST_MARGIN = 0.15
"""The part of a page's width that its right margin has at most."""
_LARGE_TYPE = 1.2
_LONGEST_TITLE = 150


def text_of(pages: Sequence[ReadPage], title: str) -> Extracted:
    """Return the text of all pages, the offset at which each begins, and the document's title."""
    known = [[segments(layer.fragments) for layer in page.layers] for page in pages]
    dropped = furniture(
        [
            Sheet(some[0], page.layers[0].top, page.layers[0].bottom, number, page.label)
            for number, (page, some) in enumerate(zip(pages, known, strict=True), start=1)
            if some
        ]
    )
    dropped |= _repeated_layers(known)
    blocks = [
        [
            block
            for layer, some in zip(page.layers, layered, strict=True)
            for block in _blocks(layer, [one for one in some if id(one) not in dropped])
        ]
        for page, layered in zip(pages, known, strict=True)
    ]
    usual = measures(
        [block.lines for page in blocks for block in page if isinstance(block, TextBlock)]
    )
    texts = [_page_text(page, usual) for page in blocks]
    first = next((some[0] for some in known if some), [])
    found = _joined(texts, _title(title, first))
    return replace(
        found,
        places=_places(pages, found.page_starts),
        notes=tuple(notes(pages)),
        decisions=tuple(decisions(pages, known, blocks, dropped)),
    )


def _places(pages: Sequence[ReadPage], starts: Sequence[int]) -> tuple[tuple[int, str], ...]:
    """Return the names of pages by the numbers printed on them; nothing if those only count the pages."""
    names = [
        f"p. {number}"
        if page.label in ("", str(number))
        else f"p. {page.label} (page {number} of the file)"
        for number, page in enumerate(pages, start=1)
    ]
    if not any(page.label not in ("", str(number)) for number, page in enumerate(pages, start=1)):
        return ()
    return tuple(zip(starts, names, strict=True))


def _repeated_layers(known: Sequence[Sequence[Sequence[Segment]]]) -> set[int]:
    """Return the ``id`` of each segment of watermarks and the like that an earlier page shows too."""
    layers = [
        (" ".join(segment.text for segment in some), some) for page in known for some in page[1:]
    ]
    counted = Counter(text for text, _ in layers)
    seen: set[str] = set()
    dropped: set[int] = set()
    for text, some in layers:
        if text in seen and counted[text] >= max(3, 0.4 * len(known)):
            dropped.update(map(id, some))
        seen.add(text)
    return dropped


def lines_in_order(layer: Layer) -> list[Segment]:
    """Return the lines of a layer in the order of reading, with running heads and page numbers."""
    return [line for block in _blocks(layer, segments(layer.fragments)) for line in block.lines]


def _blocks(layer: Layer, some: Sequence[Segment]) -> Blocks:
    if not some:
        return []
    left = min(segment.left for segment in some)
    margin = min(max(left - layer.left, 0.0), _WIDEST_MARGIN * (layer.right - layer.left))
    right = max(layer.right - margin, max(segment.right for segment in some))
    return read_layer(layer, some, left, right)


def _page_text(blocks: Blocks, usual: Measures) -> str:
    parts: list[str] = []
    for block in blocks:
        if isinstance(block, TableBlock):
            rows = _without_leaders(block.rows)
            parts.append("\n".join(f"| {' | '.join(row)} |" for row in rows))
            continue
        found = paragraphs(block.lines, block.left, block.right, usual)
        found = [_LEADERS.sub(" … ", text) for text in found]
        if parts and found and goes_on(parts[-1], found[0]) and not parts[-1].endswith("|"):
            parts[-1] = joined_lines(parts[-1], found.pop(0))
        parts += found
    return "\n\n".join(parts)


def _without_leaders(rows: Sequence[tuple[str, ...]]) -> list[list[str]]:
    """Return the rows of a table without the dots that lead from a title to its page."""
    cells = [[_LEADERS.sub(" … ", cell).strip() for cell in row] for row in rows]
    width = max(map(len, cells))
    shown = [
        any(row[index] != "…" for row in cells if len(row) == width and row[index])
        for index in range(width)
    ]
    return [
        [cell for cell, is_shown in zip(row, shown, strict=True) if is_shown]
        if len(row) == width
        else row
        for row in cells
    ]


def _joined(texts: Sequence[str], title: str) -> Extracted:
    """Return the text of all pages; one that goes on within a sentence is joined by a line end."""
    hyphens = Hyphens(texts)
    texts = _without_divided_words(texts, hyphens)
    parts: list[str] = []
    starts: list[int] = []
    length = 0
    for text in texts:
        shown = _UNPRINTABLE.sub("", hyphens.mended(text))
        if shown and parts:
            parts.append("\n" if goes_on(parts[-1], shown) else "\n\n")
            length += len(parts[-1])
        starts.append(length)
        if shown:
            parts.append(shown)
            length += len(shown)
    return Extracted("".join([*parts, "\n"]), title, tuple(starts))


def _without_divided_words(texts: Sequence[str], hyphens: Hyphens) -> list[str]:
    """Return the texts of pages with a word that two of them share on the page where it begins."""
    whole = list(texts)
    last = 0
    for index in range(1, len(whole)):
        if not whole[index]:
            continue
        begun, rest = _DIVIDED.search(whole[last]), _REST.match(whole[index])
        if begun and rest:
            word = hyphens.mended(f"{begun[1]}{MARK}{rest[1]}")
            whole[last] = whole[last][: begun.start()] + word
            whole[index] = whole[index][rest.end() :]
        last = index
    return whole


def _title(named: str, lines: Sequence[Segment]) -> str:
    """Return the title that the file gives itself, if its first page has it; else a line in large type."""
    named = " ".join(named.split())
    shown = " ".join(line.text for line in lines).casefold()
    if named and named.casefold() in shown:
        return named
    if not lines:
        return ""
    largest = max(line.size for line in lines)
    if largest < _LARGE_TYPE * middle([line.size for line in lines]):
        return ""
    title = " ".join(line.text for line in lines if line.size > largest / OTHER_SIZE)
    return _UNPRINTABLE.sub("", title) if len(title) <= _LONGEST_TITLE else ""
