from pathlib import Path

import pytest

from assistant import Document
from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.plain import decode
from assistant.ingestion.loading import Loader
from assistant.ingestion.sandbox.parent import ReadingLimits
from assistant.ingestion.scanning import SourceFile, read_source, scan

LIMITS = ReadingLimits(60, 512, 1_000_000)
TEXT = "Grüße – “quoted” — 你好"


def loaded(corpus: Path, limit: int = 1000) -> Document:
    """Load the only file of a corpus."""
    (file,) = scan(corpus, limit)
    assert isinstance(file, SourceFile)
    with Loader(LIMITS) as loader:
        return loader.load(read_source(file, limit))


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-32"],
)
def test_unicode_is_recognised_with_and_without_its_mark(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_recognised(encoding: str) -> None:
    assert decode("Plain words, no mark.".encode(encoding)) == "Plain words, no mark."


def test_windows_1252_is_recognised() -> None:
    assert decode("Grüße – “quoted” €".encode("windows-1252")) == "Grüße – “quoted” €"


@pytest.mark.parametrize(
    "content",
    [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\x00\x01\x02\x03", b"text\x07bell", b"\xff\xfeodd"],
    ids=["png", "zeros", "control", "odd utf-16"],
)
def test_binary_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFileError):
        decode(content)


def test_line_ends_and_white_space_are_kept_as_they_are(corpus: Path) -> None:
    (corpus / "a.txt").write_bytes(b"One\r\n\r\n two\rthree \n")
    assert loaded(corpus).text == "One\r\n\r\n two\rthree \n"


def test_blank_text_is_refused(corpus: Path) -> None:
    (corpus / "a.txt").write_text(" \n\n ")
    with pytest.raises(UnreadableFileError, match="no text"):
        loaded(corpus)


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("my-notes_2.txt", "a long first line that ends as a sentence.\nmore", "my notes 2"),
        ("a.txt", "The Title\n\nText.", "The Title"),
        ("a.md", "intro\n\n# The *Heading*\n", "The Heading"),
        ("a-b.md", "no heading", "a b"),
    ],
)
def test_the_title_is_a_heading_a_first_line_or_the_name(
    corpus: Path, name: str, text: str, title: str
) -> None:
    (corpus / name).write_text(text)
    assert loaded(corpus).title == title
