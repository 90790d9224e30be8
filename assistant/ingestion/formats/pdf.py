"""PDF: the text of each page, its lines put together to paragraphs; the only importer of pypdfium2.

A PDF knows where characters stand and nothing of paragraphs. Lines belong together if they
follow each other at the usual distance and in one size of type.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import pypdfium2
import pypdfium2.raw as pdfium

from assistant.ingestion.formats import Extracted, UnreadableFileError
from assistant.ingestion.formats.hyphens import MARK, Hyphens

_REASONS = {
    pdfium.FPDF_ERR_PASSWORD: "it is encrypted; save it without its password to have it read",
    pdfium.FPDF_ERR_SECURITY: "it is encrypted in a way that is not supported",
}
_WIDER_LEADING = 1.3
"""A distance of lines over this many times the usual one separates paragraphs."""
_OTHER_SIZE = 1.1
_SHORT_LINE = 0.75
_SAME_PAGE_EDGE = 2
"""So many lines at the top and at the bottom of a page may be its running head and foot."""
_FEWEST_REPEATS = 3
_HYPHEN = re.compile(r"[\ufffe\x02\xad]")
"""What PDFium gives for a hyphen at the end of a line."""
_RANGE = re.compile(r"\d[-–]$")
"""The beginning of a range of numbers, which goes on in the next line."""
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_ENDED = re.compile(r"[.!?:;。！？…][\"'”’)\]]*$")
_BEGINS_ANEW = re.compile(r"[\"'“‘(\[]?(?:[^\W_a-z]|\d)")
_LIST_ITEM = re.compile(r"(?:[-*+•‣◦–▪●■]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+\S")
_LARGE_TYPE = 1.2
_LONGEST_TITLE = 150


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a page: its text, its width, how high it stands, the size of its type, in points.

    ``baseline`` is the height at which it begins and ``bottom`` that at which it ends: PDFium
    makes one line of two where a word is divided between them.
    """

    text: str
    width: float
    baseline: float
    bottom: float
    size: float


@dataclass(frozen=True, slots=True)
class _Measures:
    """What is usual in a document: the distance of lines in sizes of type, the width of a line.

    Both are those that half of its characters stand in.
    """

    leading: float
    width: float


def extract(content: bytes) -> Extracted:
    """Return the text of a PDF with the offsets of its pages.

    Raises `UnreadableFileError` if it is encrypted, broken, or has pictures in place of text.
    """
    try:
        with pypdfium2.PdfDocument(content) as document:
            said_title = str(document.get_metadata_dict().get("Title", ""))
            pages = [_lines(document, number) for number in range(len(document))]
    except pypdfium2.PdfiumError as error:
        reason = _REASONS.get(error.err_code or 0, f"it is broken: {error}".rstrip("."))
        raise UnreadableFileError(reason) from None
    if not any(pages):
        raise UnreadableFileError(
            f"there is no text in its {len(pages):,} pages, perhaps pictures of text: "
            "run text recognition (OCR) over it first"
        )
    text, starts = _joined(_without_running_lines(pages))
    return Extracted(text, _title(said_title, next(filter(None, pages))), starts)


def _lines(document: pypdfium2.PdfDocument, number: int) -> list[_Line]:
    """Return the lines of a page that have any text, in the order in which the file has them."""
    page = document[number]
    try:
        text_page = page.get_textpage()
        try:
            return list(_lines_of(text_page))
        finally:
            text_page.close()
    finally:
        page.close()


def _lines_of(page: pypdfium2.PdfTextPage) -> Iterator[_Line]:
    position = 0
    for raw in re.split(r"(\r\n|\r|\n)", page.get_text_range()):
        text = " ".join(raw.split())
        if text:
            # Offsets of PDFium count UTF-16 units, and its list of characters differs from its text.
            lead = _units(raw[: len(raw) - len(raw.lstrip())])
            first = pdfium.FPDFText_GetCharIndexFromTextIndex(page, position + lead)
            last = pdfium.FPDFText_GetCharIndexFromTextIndex(
                page, position + _units(raw.rstrip()) - 1
            )
            first, last = max(first, 0), max(first, last, 0)
            left, above, _, _ = page.get_charbox(first, loose=True)
            _, below, right, _ = page.get_charbox(last, loose=True)
            size = float(pdfium.FPDFText_GetFontSize(page, first))
            yield _Line(text, max(right - left, 0.0), above, below, size)
        position += _units(raw)


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _joined(pages: Sequence[Sequence[_Line]]) -> tuple[str, tuple[int, ...]]:
    """Return the text of all pages and the offset at which each begins.

    A page that goes on in the middle of a sentence is joined by a single line end.
    """
    measures = _measures(pages)
    texts = [_paragraphs(page, measures) for page in pages]
    hyphens = Hyphens(texts)
    parts: list[str] = []
    starts: list[int] = []
    length = 0
    for text in texts:
        said = _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", hyphens.mended(text))
        if said and parts:
            parts.append("\n" if _goes_on(parts[-1], said) else "\n\n")
            length += len(parts[-1])
        starts.append(length)
        if said:
            parts.append(said)
            length += len(said)
    return "".join([*parts, "\n"]), tuple(starts)


def _measures(pages: Sequence[Sequence[_Line]]) -> _Measures:
    steps = [
        ((above.bottom - below.baseline) / above.size, len(below.text))
        for page in pages
        for above, below in pairwise(page)
        if above.bottom > below.baseline and above.size > 0
    ]
    widths = [(line.width, len(line.text)) for page in pages for line in page]
    return _Measures(_weighted_median(steps), _weighted_median(widths))


def _weighted_median(values: list[tuple[float, int]]) -> float:
    """Return the value up to which half of the weight lies; 0 of none."""
    half = sum(weight for _, weight in values) / 2
    passed = 0
    for value, weight in sorted(values):
        passed += weight
        if passed >= half:
            return value
    return 0.0


def _paragraphs(lines: Sequence[_Line], measures: _Measures) -> str:
    """Return the lines of a page, put together to paragraphs with blank lines between.

    A mark stands for each hyphen at the end of a line.
    """
    paragraphs: list[str] = []
    text = ""
    for above, below in pairwise([None, *lines]):
        assert below is not None
        if above is None:
            text = below.text
        elif _is_border(above, below, measures):
            paragraphs.append(text)
            text = below.text
        elif _LIST_ITEM.match(below.text):
            text = f"{text}\n{below.text}"
        else:
            goes_on = _RANGE.search(text) and below.text[0].isdigit()
            text += below.text if goes_on else f" {below.text}"
    said = "\n\n".join([*paragraphs, text] if text else paragraphs)
    return _HYPHEN.sub(MARK, said)


def _is_border(above: _Line, below: _Line, measures: _Measures) -> bool:
    """Return whether a paragraph ends between two lines."""
    if not 1 / _OTHER_SIZE <= (above.size or 1) / (below.size or 1) <= _OTHER_SIZE:
        return True
    step = above.bottom - below.baseline
    if step < 0:  # the next column
        return not _goes_on(above.text, below.text)
    if step > above.size * measures.leading * _WIDER_LEADING:
        return True
    is_short = above.width < measures.width * _SHORT_LINE
    return (
        is_short
        and _BEGINS_ANEW.match(below.text) is not None
        and _LIST_ITEM.match(below.text) is None
    )


def _goes_on(above: str, below: str) -> bool:
    """Return whether a sentence seems to go on from one page or column to the next."""
    return not _ENDED.search(above) and not _BEGINS_ANEW.match(below)


def _without_running_lines(pages: Sequence[list[_Line]]) -> list[list[_Line]]:
    """Return the pages without heads, feet and page numbers, which would stand in the middle of sentences.

    A line at the edge of a page is one of these if most pages have it, whatever page number
    stands in it. Its first occurrence stays, unless it is nothing but the number.
    """
    edges = [
        {id(line): _unnumbered(line.text, number) for line in _at_edges(page)}
        for number, page in enumerate(pages, start=1)
    ]
    seen = Counter(text for edge in edges for text in set(edge.values()))
    least = max(_FEWEST_REPEATS, len(pages) // 2 + 1)
    running = {text for text, count in seen.items() if count >= least}
    awaited = {text for text in running if any(character.isalpha() for character in text)}
    found: list[list[_Line]] = []
    for page, edge in zip(pages, edges, strict=True):
        dropped = {key for key, text in edge.items() if text in running and text not in awaited}
        rest = [line for line in page if id(line) not in dropped]
        found.append(rest or page)  # what stands alone on its page is no head or foot
        awaited.difference_update(edge.values())
    return found


def _at_edges(page: Sequence[_Line]) -> list[_Line]:
    by_height = sorted(page, key=lambda line: -line.bottom)
    return [*by_height[:_SAME_PAGE_EDGE], *by_height[_SAME_PAGE_EDGE:][-_SAME_PAGE_EDGE:]]


def _unnumbered(text: str, page: int) -> str:
    """Return the line with a mark in place of its page's number."""
    return re.sub(rf"(?<!\w){page}(?!\w)", "\0", text, count=1)


def _title(said: str, lines: Sequence[_Line]) -> str:
    """Return the title that the file gives itself, if its first page has it; else a line in large type."""
    said = " ".join(said.split())
    shown = " ".join(line.text for line in lines).casefold()
    if said and said.casefold() in shown:
        return said
    largest = max(line.size for line in lines)
    if largest < _LARGE_TYPE * median(line.size for line in lines):
        return ""
    title = " ".join(line.text for line in lines if line.size > largest / _OTHER_SIZE)
    return _UNPRINTABLE.sub("", title) if len(title) <= _LONGEST_TITLE else ""
