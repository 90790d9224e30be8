"""Which files are read, and which are known by their size and times."""

import os
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.ingestion import planning
from assistant.ingestion.corpus_file import CorpusFile
from assistant.ingestion.planning import (
    BuildOptions,
    CorpusComparison,
    IndexContents,
    Plan,
    make_plan,
)
from assistant.storage.catalog import Catalog
from assistant.types import SeenFile
from tests.ingestion.test_pipeline import assert_no_orphans, only_vectors

OPTIONS = BuildOptions(128, 0, 1_000_000)
_opened: list[str] = []
_folder: list[str] = []


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and _folder and arguments[1] is not None:
        path = str(arguments[0])
        if path.startswith(_folder[0]):
            _opened.append(os.path.relpath(path, _folder[0]))


sys.addaudithook(_hook)


@contextmanager
def openings(corpus: Path) -> Iterator[Counter[str]]:
    """How often each file of the corpus is opened; known when the block has ended."""
    count: Counter[str] = Counter()
    _opened.clear()
    _folder.append(str(corpus))
    try:
        yield count
    finally:
        _folder.clear()
        count.update(_opened)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Times tell of the next change at once, as on a disk with a fine clock."""
    monkeypatch.setattr(planning, "_SETTLED", 0)


@pytest.fixture
def otter(corpus: Path) -> Path:
    path = corpus / "otter.txt"
    path.write_text("The otter sleeps by day.")
    return path


def looked(corpus: Path) -> CorpusComparison:
    """A comparison with an empty index, at its end."""
    comparison = CorpusComparison(corpus, CorpusFile(), IndexContents(), OPTIONS)
    list(comparison.changes())
    return comparison


def test_each_file_of_a_first_ingestion_is_opened_once(
    small_assistant: Assistant, corpus: Path
) -> None:
    for number in range(3):
        (corpus / f"{number}.txt").write_text(f"Text {number}.")
    with openings(corpus) as count:
        small_assistant.ingest()
    assert count == {"0.txt": 1, "1.txt": 1, "2.txt": 1}


@pytest.mark.usefixtures("at_once")
def test_an_unchanged_file_is_not_opened(
    small_assistant: Assistant, corpus: Path, otter: Path
) -> None:
    (corpus / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    time.sleep(0.02)
    first = small_assistant.ingest()
    with openings(corpus) as count:
        assert not small_assistant.status().stale
        again = small_assistant.ingest()
    assert (again.unchanged, again.skipped) == (("otter.txt",), first.skipped)
    assert count == {}


@pytest.mark.usefixtures("at_once")
def test_of_many_files_the_changed_one_is_opened_once_and_the_others_are_not(
    small_assistant: Assistant, corpus: Path
) -> None:
    for number in range(5):
        (corpus / f"{number}.txt").write_text(f"Text {number}.")
    time.sleep(0.02)
    small_assistant.ingest()
    (corpus / "3.txt").write_text("Another.")
    with openings(corpus) as count:
        assert small_assistant.ingest().changed == ("3.txt",)
    assert count == {"3.txt": 1}


@pytest.mark.usefixtures("at_once")
def test_a_file_that_was_only_touched_is_unchanged_and_then_known_again(
    small_assistant: Assistant, corpus: Path, otter: Path, tmp_path: Path
) -> None:
    small_assistant.ingest()
    before = Catalog(tmp_path / "index").state()
    os.utime(otter, (1_000_000_000, 1_000_000_000))
    time.sleep(0.02)
    with openings(corpus) as count:
        report = small_assistant.ingest()
    assert (report.unchanged, count) == (("otter.txt",), {"otter.txt": 1})
    assert Catalog(tmp_path / "index").state() == before  # no reader opens the index again
    with openings(corpus) as count:
        small_assistant.ingest()
    assert count == {}


@pytest.mark.usefixtures("at_once")
def test_other_contents_of_the_same_size_and_time_are_noticed(
    small_assistant: Assistant, otter: Path
) -> None:
    os.utime(otter, (1_000_000_000, 1_000_000_000))
    small_assistant.ingest()
    time.sleep(0.02)
    otter.write_text("The otter sleeps by DAY.")
    os.utime(otter, (1_000_000_000, 1_000_000_000))
    assert small_assistant.status().stale
    assert small_assistant.ingest().changed == ("otter.txt",)


def test_what_was_written_just_before_is_looked_at_again(
    small_assistant: Assistant, corpus: Path, otter: Path
) -> None:
    small_assistant.ingest()
    with openings(corpus) as count:
        assert not small_assistant.status().stale
    assert count == {"otter.txt": 1}


@pytest.mark.parametrize("seconds", [1, 3600, -(2**33)])
def test_a_file_from_the_future_or_before_1970_is_not_remembered(
    corpus: Path, otter: Path, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    monkeypatch.setattr(planning, "_SETTLED", -(10**9))
    assert looked(corpus).seen.keys() == {"otter.txt"}
    time_of_file = seconds + (time.time() + 1 if seconds > 0 else 0)
    os.utime(otter, (time_of_file, time_of_file))
    assert looked(corpus).seen == {}


@pytest.mark.usefixtures("at_once")
def test_verifying_opens_every_file(small_assistant: Assistant, corpus: Path, otter: Path) -> None:
    time.sleep(0.02)
    small_assistant.ingest()
    for look in (
        lambda: small_assistant.status(verify=True),
        lambda: small_assistant.ingest(verify=True),
        lambda: small_assistant.ingest(rebuild=True),
    ):
        with openings(corpus) as count:
            look()
        assert count == {"otter.txt": 1}
    with openings(corpus) as count:
        small_assistant.ingest()
    assert count == {}


def test_verifying_finds_what_size_and_times_hide(
    small_assistant: Assistant, otter: Path, tmp_path: Path
) -> None:
    small_assistant.ingest()
    otter.write_text("The otter sleeps by DAY.")
    status = otter.stat()
    hidden = SeenFile(
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
        small_assistant.documents()[0].sha256,
    )
    with Catalog(tmp_path / "index").update() as update:
        update.set_files({"otter.txt": hidden})
    assert not small_assistant.status().stale
    assert small_assistant.status(verify=True).stale
    assert small_assistant.ingest(verify=True).changed == ("otter.txt",)


@pytest.mark.usefixtures("at_once")
def test_an_entry_of_the_corpus_file_changes_a_file_that_did_not_change(
    small_assistant: Assistant, corpus: Path, otter: Path
) -> None:
    time.sleep(0.02)
    small_assistant.ingest()
    (corpus / "corpus.toml").write_text("[documents.'otter.txt']\ntitle = 'Otters'")
    assert small_assistant.ingest().changed == ("otter.txt",)
    assert small_assistant.documents()[0].title == "Otters"


def test_a_file_that_cannot_be_read_any_more_is_deleted_and_remembered_as_such(
    small_assistant: Assistant, corpus: Path, otter: Path
) -> None:
    (corpus / "a.txt").write_text("Text.")
    small_assistant.ingest()
    otter.write_bytes(b"\0\1\2")
    report = small_assistant.ingest()
    assert (report.deleted, report.changed) == (("otter.txt",), ())
    assert [file.source for file in report.skipped] == ["otter.txt"]
    assert not small_assistant.status().stale


def test_progress_ends_at_the_bytes_that_were_read(
    small_assistant: Assistant, corpus: Path, otter: Path
) -> None:
    (corpus / "umlauts.txt").write_text("ä" * 50 + " ö" * 3000)
    (corpus / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    told: list[tuple[int, int]] = []
    small_assistant.ingest(progress=lambda done, total: told.append((done, total)))
    size = otter.stat().st_size + (corpus / "umlauts.txt").stat().st_size
    assert told[-1] == (size, size)
    assert told == sorted(told)


def test_a_plan_lists_what_an_ingestion_would_do(corpus: Path, otter: Path) -> None:
    (corpus / "new.txt").write_text("New.")
    first = looked(corpus).plan
    assert (first.added, first.bytes_to_read) == (["new.txt", "otter.txt"], 28)
    indexed = IndexContents({"otter.txt": "another", "gone.txt": "mark"})
    plan = make_plan(corpus, CorpusFile(), indexed, OPTIONS)
    assert plan == Plan(["new.txt"], ["otter.txt"], [], ["gone.txt"], [], 28)
    assert plan.changes == {"added": 1, "changed": 1, "deleted": 1}


def without_files(index: Path) -> None:
    """Make of an index what version 2 wrote: no table of files, nothing of corpus.toml."""
    connection = sqlite3.connect(index / "catalog.sqlite3")
    connection.executescript(
        "DROP TABLE files; DROP TABLE layouts; DROP INDEX documents_fingerprint;"
        "DELETE FROM state WHERE key = 'corpus';"
        "UPDATE state SET value = '2' WHERE key = 'schema_version';"
    )
    connection.close()


@pytest.mark.usefixtures("at_once")
def test_an_index_of_the_version_before_answers_and_the_next_ingestion_adds_what_it_lacks(
    small_assistant: Assistant, corpus: Path, otter: Path, tmp_path: Path
) -> None:
    (corpus / "corpus.toml").write_text("[corpus]\ntitle = 'Animals'")
    time.sleep(0.02)
    small_assistant.ingest()
    small_assistant.close()
    without_files(tmp_path / "index")
    vectors = only_vectors(tmp_path / "index")
    assert small_assistant.ask("When sleeps the otter?").citations
    assert small_assistant.corpus.title == ""
    assert small_assistant.status().description_changed
    report = small_assistant.ingest()
    assert (report.unchanged, report.chunks_embedded) == (("otter.txt",), 0)
    assert small_assistant.corpus.title == "Animals"
    assert only_vectors(tmp_path / "index") == vectors
    assert_no_orphans(tmp_path / "index")
    with openings(corpus) as count:
        small_assistant.ingest()
    assert count["otter.txt"] == 0


def test_vectors_of_the_version_before_are_made_again(
    small_assistant: Assistant, otter: Path, tmp_path: Path
) -> None:
    small_assistant.ingest()
    small_assistant.close()
    without_files(tmp_path / "index")
    for file in only_vectors(tmp_path / "index").glob("chroma.sqlite3"):
        file.write_bytes(b"")
    assert small_assistant.ask("When sleeps the otter?").citations
    assert_no_orphans(tmp_path / "index")
