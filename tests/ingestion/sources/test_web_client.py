"""Pages of a real server on this machine, within limits."""

import time
from collections.abc import Iterator

import pytest

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.sources.web_client import WebClient, WebLimits
from assistant.ingestion.sources.web_connections import CheckedBackend
from tests.ingestion.sources.site import Page, Site

LIMITS = WebLimits(seconds=5, max_bytes=1000, pause=0, private_allowed=True)


@pytest.fixture
def client() -> Iterator[WebClient]:
    with WebClient(LIMITS) as opened:
        yield opened


def test_a_page_has_its_type_and_marks(site: Site, client: WebClient) -> None:
    site.put("/a", b"Terns", 'text/html; charset="latin-1"', etag='"1"', last_modified="Mon")
    page = client.get(f"{site.address}/a#part")
    assert page.content == b"Terns"
    assert (page.media_type, page.charset) == ("text/html", "latin-1")
    assert (page.etag, page.modified) == ('"1"', "Mon")


def test_requests_say_who_asks_and_want_nothing_compressed(site: Site, client: WebClient) -> None:
    client.get(f"{site.address}/a")
    _, headers = site.requests[-1]
    assert headers["User-Agent"] == "assistant"
    assert headers["Accept-Encoding"] == "identity"
    assert headers["Host"] == f"127.0.0.1:{site.port}"


def test_a_known_page_is_not_sent_again(site: Site, client: WebClient) -> None:
    site.put("/a", b"Terns", etag='"1"')
    assert client.get(f"{site.address}/a", etag='"1"').is_unchanged
    assert client.get(f"{site.address}/a", etag='"0"').content == b"Terns"


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_can_be_gone(site: Site, client: WebClient, status: int) -> None:
    site.pages["/a"] = Page(status=status)
    assert client.get(f"{site.address}/a").is_gone


@pytest.mark.parametrize("status", [403, 429, 500, 503, 206])
def test_another_status_is_a_failure(site: Site, client: WebClient, status: int) -> None:
    site.pages["/a"] = Page(status=status)
    with pytest.raises(UnreadableFileError, match=f"status {status}"):
        client.get(f"{site.address}/a")


def test_redirects_are_followed_a_few_times(site: Site, client: WebClient) -> None:
    site.pages["/a"] = Page(status=301, headers={"location": "/b"})
    site.pages["/loop"] = Page(status=302, headers={"location": "/loop"})
    site.put("/b", b"Terns")
    assert client.get(f"{site.address}/a").content == b"Terns"
    with pytest.raises(UnreadableFileError, match="redirects more than 5 times"):
        client.get(f"{site.address}/loop")


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ext::sh", "//user:pw@127.0.0.1/", "//"])
def test_a_redirect_leads_nowhere_but_to_the_web(
    site: Site, client: WebClient, target: str
) -> None:
    site.pages["/a"] = Page(status=302, headers={"location": target})
    with pytest.raises(UnreadableFileError):
        client.get(f"{site.address}/a")


def test_a_private_address_is_not_asked(site: Site) -> None:
    with WebClient(WebLimits()) as client, pytest.raises(UnreadableFileError, match="not public"):
        client.get(f"{site.address}/a")
    assert site.requests == []


class Rebinding:
    """A name that has this machine's address from the second time on."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, host: str, port: int) -> list[str]:
        self.times += 1
        return ["192.0.0.9" if self.times == 1 else "127.0.0.1"]


def test_a_name_that_changes_its_address_is_checked_each_time(site: Site) -> None:
    backend = CheckedBackend(private_allowed=False, resolve=Rebinding())
    backend.deadline = time.monotonic() + 5
    with pytest.raises(Exception, match=r"unreachable|timed out|refused|denied|No route"):
        backend.connect_tcp("site.example", site.port, timeout=0.2)  # what was checked is asked
    with pytest.raises(UnreadableFileError, match="not public"):
        backend.connect_tcp("site.example", site.port, timeout=0.2)
    assert site.requests == []


def test_a_redirect_to_a_private_address_is_checked(site: Site) -> None:
    """The first name is allowed, as a public one would be; the second is not."""

    def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"] if host == "public.example" else ["0.0.0.0"]

    site.pages["/a"] = Page(status=302, headers={"location": "http://inner.example/secret"})
    with WebClient(LIMITS, resolve) as client, pytest.raises(UnreadableFileError, match="inner"):
        client.get(f"http://public.example:{site.port}/a")


def test_a_response_is_bounded_in_bytes(site: Site, client: WebClient) -> None:
    site.put("/a", b"x" * 1001)
    with pytest.raises(UnreadableFileError, match="larger than 1,000 bytes"):
        client.get(f"{site.address}/a")


def test_a_response_is_bounded_in_time_however_it_drips(site: Site) -> None:
    site.pages["/a"] = Page(b"x" * 1000, seconds_between_bytes=0.1)
    limits = WebLimits(seconds=1, max_bytes=10_000, pause=0, private_allowed=True)
    started = time.monotonic()
    with WebClient(limits) as client, pytest.raises(UnreadableFileError, match="within 1 s"):
        client.get(f"{site.address}/a")
    assert time.monotonic() - started < 50  # all of it takes a hundred seconds


def test_a_compressed_response_is_refused(site: Site, client: WebClient) -> None:
    site.put("/a", b"\x1f\x8b", content_encoding="gzip")
    with pytest.raises(UnreadableFileError, match="compresses"):
        client.get(f"{site.address}/a")


def test_a_server_that_is_not_there_is_a_failure(site: Site, client: WebClient) -> None:
    with pytest.raises(UnreadableFileError, match="cannot be fetched"):
        client.get("http://127.0.0.1:9/")


def test_what_robots_txt_forbids_is_not_asked_for(site: Site, client: WebClient) -> None:
    site.put("/robots.txt", b"User-agent: *\nDisallow: /a\n", "text/plain")
    site.put("/b", b"Terns")
    with pytest.raises(UnreadableFileError, match=r"robots\.txt"):
        client.get(f"{site.address}/a")
    client.get(f"{site.address}/b")
    assert site.paths == ["/b"]
    assert [path for path, _ in site.requests].count("/robots.txt") == 1


def test_while_robots_txt_cannot_be_read_nothing_is_asked_for(
    site: Site, client: WebClient
) -> None:
    site.pages["/robots.txt"] = Page(status=503)
    with pytest.raises(UnreadableFileError, match=r"robots\.txt"):
        client.get(f"{site.address}/a")
    assert site.paths == []


def test_a_site_is_left_in_peace_between_two_requests(site: Site) -> None:
    site.put("/a", b"Terns")
    limits = WebLimits(seconds=5, max_bytes=1000, pause=0.2, private_allowed=True)
    with WebClient(limits) as client:
        started = time.monotonic()
        client.get(f"{site.address}/a")
        client.get(f"{site.address}/a")
    assert time.monotonic() - started >= 0.4  # robots.txt, a pause, a page, a pause, a page
