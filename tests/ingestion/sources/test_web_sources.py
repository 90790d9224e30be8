"""What a source offers, page by page."""

from collections.abc import Iterator

import pytest

from assistant.ingestion.corpus_file import source_at
from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.sources.offers import FetchBudget, OfferedFile
from assistant.ingestion.sources.web_client import WebClient, WebLimits
from assistant.ingestion.sources.web_sources import offer_page, offer_sitemap, offer_zip
from tests.ingestion.sources.site import Site


@pytest.fixture
def client() -> Iterator[WebClient]:
    with WebClient(WebLimits(pause=0, private_allowed=True)) as opened:
        yield opened


def test_a_page_is_offered_as_one_file(site: Site, client: WebClient) -> None:
    site.put("/a", b"Terns", "text/plain", etag='"1"')
    url = f"{site.address}/a"
    offer = offer_page(source_at(url), client, {}, FetchBudget(1, 100, 60))
    assert offer.files is not None
    assert list(offer.files) == [OfferedFile("a.txt", url, b"Terns", '"1"')]


def test_a_sitemap_that_is_not_there_is_a_failure(site: Site, client: WebClient) -> None:
    source = source_at(f"{site.address}/sitemap.xml")
    offer = offer_sitemap(source, client, {}, FetchBudget(1, 100, 60))
    assert offer.files is not None
    with pytest.raises(UnreadableFileError, match="no sitemap"):
        list(offer.files)


def test_an_archive_that_is_gone_offers_nothing(site: Site, client: WebClient) -> None:
    offer = offer_zip(source_at(f"{site.address}/a.zip"), client, "", 100, FetchBudget(1, 100, 60))
    assert offer.files == ()
