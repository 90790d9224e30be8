"""A corpus of broken and hostile files: each is skipped with its reason, the rest is ingested."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from assistant import Assistant, IngestReport, Settings
from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.sandbox.parent import ParsingProcess, ReadingLimits
from assistant.testing import WordEncoder
from assistant.text.media_types import HTML, PDF, WORD
from tests.ingestion.formats import files

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
SECONDS, MEGABYTES = 3, 256
GOOD_PDF = files.pdf([["# Otters", "Otters eat fish."], ["They sleep."]])

SOUND = {
    "good.txt": b"Otters swim.",
    "good.md": b"# Otters\n\nOtters dive.",
    "good.html": b"<h1>Otters</h1><p>Otters play.</p>",
    "good.htm": b"<p>Otters hide.</p>",
    "good.pdf": GOOD_PDF,
    "good.docx": files.word("Otters", ["Otters whistle."]),
    "printed.pdf": files.pdf([["May be read, not printed."]]),
}
HOSTILE: dict[str, tuple[bytes | Callable[[], bytes], str]] = {
    "empty.pdf": (b"", "it is empty"),
    "broken.pdf": (GOOD_PDF[:900], "it is broken"),
    "garbage.pdf": (b"%PDF-1.7\n" + bytes(range(256)) * 50, "it is broken"),
    "encrypted.pdf": (files.pdf([["Secret"]], password="otter"), "it is encrypted"),
    "scanned.pdf": (files.scanned_pdf(), "no text on its 3 pages"),
    "bomb.pdf": (partial(files.pdf_bomb, 400), f"more than {MEGABYTES} MB of memory"),
    "slow.pdf": (
        partial(files.long_pdf, 300, 20_000),
        f"longer than {SECONDS} s (max_reading_seconds)",
    ),
    "word.pdf": (SOUND["good.docx"], "ends in .pdf, but it is a ZIP archive"),
    "text.pdf": (b"Otters.", "it is not a PDF"),
    "broken.docx": (SOUND["good.docx"][:3000], "it is broken"),
    "archive.docx": (b"PK\x05\x06" + b"\0" * 18, "not a whole Word document"),
    "encrypted.docx": (OLD_OFFICE + "EncryptedPackage".encode("utf-16-le"), "it is encrypted"),
    "old.docx": (OLD_OFFICE, "an older Office, such as .doc"),
    "bomb.docx": (partial(files.word_bomb, 300), "would unpack to"),
    "large.docx": (partial(files.word_of_many_paragraphs, 2_000_000), "of memory"),
    "laughs.docx": (files.word_with_entities(), "it is broken"),
    "text.docx": (b"Otters.", "it is not a Word document"),
    "navigation.html": (b"<nav><a>Home</a></nav>", "no text in it"),
    "picture.html": (b"\x89PNG\r\n\x1a\n\0\0", "it is a PNG image"),
    "binary.html": (b"<p>\1\2", "it is binary"),
    "tables.html": (b"<table><tr><td>x" * 600 + b"<p>x" * 200_000, "longer than"),
    "pdf.txt": (GOOD_PDF, "it is a PDF"),
    "rich.md": (b"{\\rtf1 Otters}", "it is RTF"),
    "drawing.dwg": (b"AC1032", "the format .dwg is not supported"),
    "sheet.xlsx": (b"PK\x03\x04", "not a whole workbook"),
    "bomb.xlsx": (partial(files.word_bomb, 300), "would unpack to"),
    "bomb.odt": (partial(files.word_bomb, 300), "would unpack to"),
    "bomb.epub": (partial(files.word_bomb, 300), "would unpack to"),
    "bomb.pptx": (partial(files.word_bomb, 300), "would unpack to"),
    "empty.pptx": (b"PK\x05\x06" + b"\0" * 18, "not a whole presentation"),
    "text.eml": (b"Otters.", "not a message"),
    "old.xls": (OLD_OFFICE + b"\0" * 512, "not a whole workbook"),
}
"""Each with its reason. What takes a moment to make is made when it is needed."""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IngestReport]:
    folder = tmp_path_factory.mktemp("hostile")
    corpus = folder / "corpus"
    corpus.mkdir()
    for name, content in SOUND.items():
        (corpus / name).write_bytes(content)
    for name, (made, _) in HOSTILE.items():
        (corpus / name).write_bytes(made if isinstance(made, bytes) else made())
    settings = Settings(
        corpus=corpus,
        index=folder / "index",
        max_reading_seconds=SECONDS,
        max_reading_megabytes=MEGABYTES,
    )
    with Assistant(settings, WordEncoder()) as assistant:
        yield assistant.ingest()


def test_all_sound_files_are_ingested(report: IngestReport) -> None:
    assert set(report.added) == set(SOUND)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_skipped_with_its_reason(report: IngestReport, name: str) -> None:
    reasons = {file.source: file.reason for file in report.skipped}
    assert HOSTILE[name][1] in reasons[name]


def test_no_file_takes_longer_than_its_time(report: IngestReport) -> None:
    assert report.seconds < 40  # two files take their 3 seconds, and the processor is shared


def test_after_a_file_that_ended_its_process_the_next_is_read() -> None:
    with ParsingProcess(ReadingLimits(30, MEGABYTES, 1000)) as parsing:
        with pytest.raises(UnreadableFileError, match="memory"):
            parsing.extract(PDF, files.pdf_bomb(400))
        assert parsing.extract(HTML, b"<p>Otters.</p>").text == "Otters.\n"


def test_one_process_parses_many_files_and_ends_with_its_block() -> None:
    with ParsingProcess(files.LIMITS) as parsing:
        assert _process_of(parsing) is None, "nothing is started before it is needed"
        parsing.extract(HTML, b"<p>Otters.</p>")
        first = _process_of(parsing)
        parsing.extract(WORD, SOUND["good.docx"])
        assert _process_of(parsing) is first
    assert first
    assert first.returncode is not None


def test_a_process_whose_parent_is_gone_ends() -> None:
    parsing = ParsingProcess(files.LIMITS)
    parsing.extract(HTML, b"<p>Otters.</p>")
    process = parsing._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()  # as the system does when the parent is killed
    assert process.wait(10) == 0
    parsing.close()


def test_more_text_than_a_file_may_have_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="more than 10 characters of text"):
        files.extracted(HTML, b"<p>Otters swim and dive.", ReadingLimits(30, 512, 10))


def test_no_module_of_the_working_directory_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "docx.py").write_text("raise SystemExit('hijacked')")
    monkeypatch.chdir(tmp_path)
    assert files.extracted(HTML, b"<p>Otters.").text == "Otters.\n"


def test_plain_text_needs_no_process(small_assistant: Assistant, corpus: Path) -> None:
    (corpus / "a.txt").write_text("Otters.")
    started = time.perf_counter()
    before = _children()
    small_assistant.ingest()
    assert _children() == before
    assert time.perf_counter() - started < 30


def _process_of(parsing: ParsingProcess) -> subprocess.Popen[bytes] | None:
    return parsing._process


def _children() -> set[str]:
    path = Path(f"/proc/self/task/{os.getpid()}/children")
    return set(path.read_text().split()) if path.exists() else set()
