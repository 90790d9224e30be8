"""A document as the article of the demo page: its title, who it is by, headings and paragraphs."""

import re
from dataclasses import dataclass

from assistant.types import Document
from assistant.web.documents.sources import WINDOW, address_of

_HEADING = re.compile(r"#{1,6}\s+(\S.*)")


@dataclass(frozen=True, slots=True)
class Article:
    """What the demo page shows; a block is a paragraph, or a heading where it says so.

    ``address`` is the document's own: the page names it as the canonical one, so that the widget
    finds the passages that it cites on the page.
    """

    title: str
    line: str
    address: str
    blocks: tuple[tuple[bool, str], ...]


def article_of(document: Document) -> Article:
    """The document's beginning, up to what the source pane shows at once."""
    address = address_of(document)
    blocks = []
    for block in re.split(r"\n\s*\n", document.text[:WINDOW]):
        text = block.strip()
        heading = _HEADING.fullmatch(text)
        said = heading[1] if heading else text
        if said and said != document.title:
            blocks.append((heading is not None, said))
    return Article(
        document.title,
        document.attribution.line,
        # seen from /widget/demo
        address.replace("./", "../", 1) if address.startswith("./") else address,
        tuple(blocks),
    )
