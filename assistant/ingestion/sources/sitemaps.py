"""Read sitemaps (sitemaps.org): the addresses of a site's pages, or of more sitemaps."""

import gzip
import io
import zlib
from collections.abc import Iterator

from lxml import etree

from assistant.ingestion.formats import UnreadableFileError

_GZIP = b"\x1f\x8b"


def read_sitemap(content: bytes, max_bytes: int) -> tuple[list[str], list[str]]:
    """Return the addresses of pages and of further sitemaps.

    Raise `UnreadableFileError` if it is not a sitemap, or unpacks to more than ``max_bytes``.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(_unpacked(content, max_bytes), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFileError(f"it is not a sitemap: {error}"[:300]) from None
    if root is None:
        raise UnreadableFileError("it is not a sitemap: it is empty")
    kind = etree.QName(root).localname
    if kind not in ("urlset", "sitemapindex"):
        raise UnreadableFileError(f"it is not a sitemap: its root is <{kind[:50]}>")
    found = list(_locations(root))
    return (found, []) if kind == "urlset" else ([], found)


def _unpacked(content: bytes, max_bytes: int) -> bytes:
    if not content.startswith(_GZIP):
        return content
    try:
        unpacked = gzip.GzipFile(fileobj=io.BytesIO(content)).read(max_bytes + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFileError(f"it cannot be unpacked: {error}"[:300]) from None
    if len(unpacked) > max_bytes:
        raise UnreadableFileError(f"it is larger than {max_bytes:,} bytes")
    return unpacked


def _locations(root: etree._Element) -> Iterator[str]:
    """Yield the text of each <loc> right below an entry; not that of pictures and films."""
    for entry in root:
        for part in entry:
            if isinstance(part.tag, str) and etree.QName(part).localname == "loc" and part.text:
                yield part.text.strip()
