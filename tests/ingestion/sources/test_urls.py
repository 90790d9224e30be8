"""Addresses in the form in which they are asked for."""

from urllib.parse import urlunsplit

import pytest

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.sources.urls import checked_url


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://example.org", "https://example.org/"),
        ("HTTPS://Example.ORG:443/a b?c=é", "https://example.org/a%20b?c=%C3%A9"),
        ("http://bücher.example/%41", "http://xn--bcher-kva.example/%41"),
        ("http://[2606:4700::1111]:8080/", "http://[2606:4700::1111]:8080/"),
    ],
)
def test_an_address_is_asked_for_in_ascii(url: str, asked: str) -> None:
    assert urlunsplit(checked_url(url)) == asked


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "ftp://example.org/", "ext::sh -c id", "--upload-pack=x", ""),
        *("https://", "https://user:pass@example.org/", "http://example.org:99999/"),
        *("http://[::1/", "gopher://example.org", "http://" + "a" * 70 + ".example/"),
    ],
)
def test_what_is_not_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(UnreadableFileError):
        checked_url(url)
