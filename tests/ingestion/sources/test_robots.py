"""robots.txt as RFC 9309 has it."""

import time

import pytest

from assistant.ingestion.sources.robots import NOTHING_ALLOWED, read_robots

TEXT = b"""\xef\xbb\xbfUser-agent: other
Disallow: /

User-Agent: *
User-agent: assistant # us
Disallow: /private
Allow: /private/open
disallow: /*.pdf$
Disallow: /search?*q=
Crawl-delay: 2
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/private", False),
        ("/private/a", False),
        ("/private/open/a", True),
        ("/a/b.pdf", False),
        ("/a/b.pdf?x", True),
        ("/search?page=1&q=x", False),
        ("/search?page=1", True),
    ],
)
def test_the_longest_rule_decides(path: str, allowed: bool) -> None:
    assert read_robots(TEXT, "assistant").allow(path) is allowed


def test_our_own_group_goes_before_that_for_all() -> None:
    text = b"User-agent: *\nDisallow: /\n\nUser-agent: assistant\nDisallow: /a\n"
    assert read_robots(text, "assistant").allow("/b")
    assert not read_robots(text, "someone").allow("/b")


def test_an_empty_rule_and_an_empty_file_allow_all() -> None:
    assert read_robots(b"User-agent: *\nDisallow:\n", "assistant").allow("/a")
    assert read_robots(b"", "assistant").allow("/a")
    assert read_robots(b"\xff\xfe\x00<html>", "assistant").allow("/a")
    assert not NOTHING_ALLOWED.allow("/a")


def test_the_delay_is_bounded() -> None:
    assert read_robots(TEXT, "assistant").delay == 2
    assert read_robots(b"User-agent: *\nCrawl-delay: 99999\n", "assistant").delay == 10
    assert read_robots(b"User-agent: *\nCrawl-delay: soon\n", "assistant").delay == 0


def test_a_hostile_pattern_takes_no_time() -> None:
    robots = read_robots(b"User-agent: *\nDisallow: /" + b"*a" * 2000 + b"b$\n", "assistant")
    started = time.process_time()
    assert robots.allow("/" + "a" * 5000)
    assert time.process_time() - started < 1
