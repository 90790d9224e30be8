"""Sitemaps, broken and hostile ones too."""

import gzip
import time

import pytest

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.sources.sitemaps import read_sitemap

PAGES = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://e.org/a?b=1&amp;c=2 </loc><lastmod>2024-01-01</lastmod>
<image:image><image:loc>https://e.org/p.png</image:loc></image:image></url>
<!-- a comment --><url><loc>https://e.org/b</loc></url><url/></urlset>"""
INDEX = b"<sitemapindex><sitemap><loc>https://e.org/s2.xml</loc></sitemap></sitemapindex>"


def test_pages_are_listed_without_pictures() -> None:
    assert read_sitemap(PAGES, 10_000) == (["https://e.org/a?b=1&c=2", "https://e.org/b"], [])


def test_an_index_lists_sitemaps() -> None:
    assert read_sitemap(INDEX, 10_000) == ([], ["https://e.org/s2.xml"])


def test_a_packed_sitemap_is_unpacked_up_to_a_limit() -> None:
    assert read_sitemap(gzip.compress(PAGES), 10_000)[0]
    with pytest.raises(UnreadableFileError, match="larger than"):
        read_sitemap(gzip.compress(b" " * 1_000_000 + PAGES), 10_000)


@pytest.mark.parametrize("content", [b"", b"<html/>", b"<urlset>", b"\x1f\x8bxx", b"\x00\xff"])
def test_what_is_no_sitemap_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFileError):
        read_sitemap(content, 10_000)


def test_entities_are_not_replaced() -> None:
    outer = b'<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    assert read_sitemap(outer + b"<urlset><url><loc>&x;</loc></url></urlset>", 10_000)[0] == []
    laughs = b"<!DOCTYPE u [<!ENTITY a 'ha'>" + b"".join(
        b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
    )
    started = time.process_time()
    with pytest.raises(UnreadableFileError, match="amplification"):
        read_sitemap(laughs + b"]><urlset><url><loc>&j;</loc></url></urlset>", 10_000)
    assert time.process_time() - started < 1
