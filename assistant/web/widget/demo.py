"""A document as the article of the demo page: title, attribution, headings and paragraphs."""

import re
from dataclasses import dataclass

from assistant.types import Document
from assistant.web.documents.sources import WINDOW, address_of

_HEADING = re.compile(r"#{1,6}\s+(\S.*)")


@dataclass(frozen=True, slots=True)
class Article:
    """The article of the demo page. Each block tells whether it is a heading, and its text.

    The page names ``address``, the document's own, as its canonical address. So the widget finds
    the cited passages on the page.
    """

    title: str
    line: str
    address: str
    blocks: tuple[tuple[bool, str], ...]


def article_of(document: Document) -> Article:
    """Return the beginning of a document, as much as the source pane shows at once."""
    address = address_of(document)
    blocks = []
    for block in re.split(r"\n\s*\n", document.text[:WINDOW]):
        text = block.strip()
        heading = _HEADING.fullmatch(text)
        shown = heading[1] if heading else text
        if shown and shown != document.title:
            blocks.append((heading is not None, shown))
    return Article(
        document.title,
        document.attribution.line,
        # seen from /widget/demo
        address.replace("./", "../", 1) if address.startswith("./") else address,
        tuple(blocks),
    )
