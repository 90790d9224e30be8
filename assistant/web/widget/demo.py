"""A document as the article of the demo page: title, attribution, and its text as HTML."""

from dataclasses import dataclass

from markupsafe import Markup

from assistant.types import Document
from assistant.web.documents.sources import address_of, render_text


@dataclass(frozen=True, slots=True)
class Article:
    """The article of the demo page.

    The page names ``address``, the document's own, as its canonical address. So the widget finds
    the cited passages on the page.
    """

    title: str
    line: str
    address: str
    text: Markup


def article_of(document: Document) -> Article:
    """Return the beginning of a document, as much as the source pane shows at once."""
    address = address_of(document)
    return Article(
        document.title,
        document.attribution.line,
        # seen from /widget/demo
        address.replace("./", "../", 1) if address.startswith("./") else address,
        Markup(render_text(document)),  # noqa: S704 - rendered by templates
    )
