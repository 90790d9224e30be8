"""Links to a passage of a page on the web, by a text fragment made from the exact quote.

See https://wicg.github.io/scroll-to-text-fragment/.
"""

import re
from urllib.parse import quote

from assistant.types import Document
from assistant.web.documents.styling import MARKUP, layout, pieces_of

LONGEST = 120_000
"""Characters of the longest document in which passages are told apart."""
_WHOLE = 100
"""Characters of a quote that is named in full. Of a longer one, the first and last words are."""
_WORDS = 6


def link_to_passage(document: Document, passage: tuple[int, int]) -> str:
    """Return the address of the page with the passage, or an empty text without such an address.

    Words that stand before the passage are named as well if the quote is not unique in the
    document. Empty if it is not unique even so, and for a document of more than `LONGEST` characters.
    """
    url = document.attribution.url or ""
    if not url.startswith(("https://", "http://")) or len(document.text) > LONGEST:
        return ""
    before, shown, after = _visible(document, passage)
    whole = f"{before} {shown} {after}"
    directive = _directive(shown)
    if _count(whole, shown) > 1:
        lead = " ".join(before.split()[-_WORDS:])
        if not lead or _count(whole, f"{lead} {shown}") > 1:
            return ""
        directive = f"{_encoded(lead)}-,{directive}"
    return f"{url.split('#')[0]}#:~:text={directive}" if shown else ""


def _visible(document: Document, passage: tuple[int, int]) -> tuple[str, str, str]:
    """Return the words before, in and after a passage as a reader sees them, with single spaces."""
    text = document.text
    parts = ["", "", ""]
    for group in layout(text, document.media_type, 0, len(text), passage):
        for piece in pieces_of(group):
            where = (piece.start >= passage[0]) + (piece.start >= passage[1])
            words = text[piece.start : piece.end]
            parts[where] += words if piece.style != MARKUP else " " * ("\n" in words)
    before, shown, after = (" ".join(part.split()) for part in parts)
    return before, shown, after


def _directive(shown: str) -> str:
    words = shown.split()
    if len(shown) <= _WHOLE or len(words) <= 2 * _WORDS:
        return _encoded(shown)
    return f"{_encoded(' '.join(words[:_WORDS]))},{_encoded(' '.join(words[-_WORDS:]))}"


def _encoded(words: str) -> str:
    return quote(words, safe="").replace("-", "%2D")


def _count(whole: str, words: str) -> int:
    return len(re.findall(re.escape(words), whole, re.IGNORECASE))
