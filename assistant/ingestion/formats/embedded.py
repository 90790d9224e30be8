"""The text of a document that is embedded in another: HTML, a web archive, Rich Text, plain text."""

import email
from email import policy
from email.message import EmailMessage

from assistant.ingestion.formats import UnreadableFileError, html, plain, rich_text
from assistant.ingestion.formats.outline import guarded

_PAGES = (".htm", ".html", ".xhtml")
_ARCHIVES = (".mht", ".mhtml")
_TEXTS = (".txt",)


def embedded_text(name: str, content: bytes) -> str:
    """Return the text of an embedded file; nothing for one that cannot be read."""
    name = name.casefold()
    try:
        if name.endswith(_PAGES):
            return html.extract(content).text
        if name.endswith(_ARCHIVES):
            return _archive_text(content)
        if name.endswith(".rtf"):
            return rich_text.extract(content).text
        return guarded(plain.extract(content).text) if name.endswith(_TEXTS) else ""
    except UnreadableFileError:
        return ""


def _archive_text(content: bytes) -> str:
    """Return the text of the page in a web archive."""
    message = email.message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("html", "plain"))
    if body is None:
        return ""
    text = body.get_content()
    return html.extract_page(text).text if body.get_content_subtype() == "html" else guarded(text)
