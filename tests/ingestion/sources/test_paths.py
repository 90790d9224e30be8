"""The names of fetched files."""

from urllib.parse import urlsplit

import pytest

from assistant.ingestion.sources.paths import path_in_archive, path_of_page


@pytest.mark.parametrize(
    "name",
    [
        *("../a.txt", "/etc/a.txt", "a/../../b.txt", "..\\a.txt", "C:\\a.txt", "c:/a.txt", ""),
        *("a//b.txt", ".git/config", "a/.hidden.txt", "~$a.docx", "a\0.txt", "a/" * 30 + "b.txt"),
    ],
)
def test_paths_that_lead_elsewhere_or_are_hidden_are_refused(name: str) -> None:
    assert path_in_archive(name) is None


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("docs/über uns.txt", "docs/über uns.txt"),
        ("a\\b.txt", "a/b.txt"),
        ("a\n:b?.txt", "a__b_.txt"),
        ("a. /b.txt", "a/b.txt"),
    ],
)
def test_a_path_is_one_that_every_system_can_write(name: str, path: str) -> None:
    assert path_in_archive(name) == path
    assert path_in_archive(path) == path


def test_a_long_name_is_cut_and_keeps_its_ending() -> None:
    one, other = path_in_archive("ü" * 300 + ".txt"), path_in_archive("ü" * 301 + ".txt")
    assert one
    assert one.endswith(".txt")
    assert len(one.encode()) <= 100
    assert one != other


@pytest.mark.parametrize(
    ("url", "media_type", "path"),
    [
        ("https://e.org/", "text/html", "index.html"),
        ("https://e.org/a/b", "text/html", "a/b.html"),
        ("https://e.org/a/b.html", "text/html", "a/b.html"),
        ("https://e.org/a/", "text/html", "a/index.html"),
        ("https://e.org/a.php", "text/html", "a.php.html"),
        ("https://e.org/get", "application/pdf", "get.pdf"),
        ("https://e.org/a.pdf", "application/octet-stream", "a.pdf"),
        ("https://e.org/a.md", "text/plain", "a.md"),
        ("https://e.org/%2e%2e/%2Fetc/x", "text/plain", "_etc/x.txt"),
        ("https://e.org/picture", "image/webp", None),
        ("https://e.org/program.exe", "", None),
    ],
)
def test_a_page_has_the_ending_of_its_type(url: str, media_type: str, path: str | None) -> None:
    assert path_of_page(urlsplit(url), media_type) == path


def test_addresses_that_differ_in_their_query_are_different_files() -> None:
    one = path_of_page(urlsplit("https://e.org/a?b=1"), "text/html")
    other = path_of_page(urlsplit("https://e.org/a?b=2"), "text/html")
    assert one != other
