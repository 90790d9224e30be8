"""Read the parameters that name a passage or a page of a document, and write such addresses."""

from urllib.parse import urlencode

from assistant.types import Document

MAX_DIGITS = 12
Passage = tuple[int, int]


def number_of(text: str) -> int | None:
    """Return a decimal number, or None for any other text."""
    is_number = text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS
    return int(text) if is_number else None


def passage_in(document: Document, start: str, end: str) -> Passage | None:
    """Return a passage by its offsets, or None if the document has no such passage."""
    first, last = number_of(start), number_of(end)
    if first is None or last is None or not first < last <= len(document.text):
        return None
    return first, last


def page_address(
    document: Document, number: int | None, passage: Passage | None, zoom: int = 0
) -> str:
    """Return the address of a page, or of the pages of a passage, with the passage marked."""
    values: dict[str, object] = {"document": document.id}
    if number:
        values["page"] = number
    if passage:
        values |= {"start": passage[0], "end": passage[1]}
    if zoom:
        values["zoom"] = zoom
    return f"page?{urlencode(values)}{'#passage' if passage else ''}"


def picture_address(document: Document, number: int) -> str:
    """Return the address of the picture of a page."""
    return f"page.png?{urlencode({'document': document.id, 'page': number})}"
