"""Fetched files in the corpus, and the record of them."""

from pathlib import Path

import pytest

from assistant.errors import CorpusError, IndexBusyError
from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.sources.mirror import Mirror, sha256_of
from assistant.ingestion.sources.record import RECORD, KeptFile, read_record


def kept(content: bytes, source: str = "https://e.org") -> KeptFile:
    return KeptFile(source=source, url=f"{source}/a", sha256=sha256_of(content))


def test_a_file_is_written_once_and_remembered(tmp_path: Path) -> None:
    with Mirror(tmp_path) as mirror:
        mirror.take_folder("e.org")
        assert mirror.put("e.org/a.txt", b"Terns", kept(b"Terns"))
        assert not mirror.put("e.org/a.txt", b"Terns", kept(b"Terns"))
        mirror.set_state("https://e.org", "1")
    assert (tmp_path / "e.org/a.txt").read_bytes() == b"Terns"
    record = read_record(tmp_path)
    assert record.files["e.org/a.txt"].url == "https://e.org/a"
    assert record.states == {"https://e.org": "1"}


def test_a_file_is_removed_when_it_is_missed_twice_in_a_row(tmp_path: Path) -> None:
    with Mirror(tmp_path) as mirror:
        mirror.put("e.org/a.txt", b"Terns", kept(b"Terns"))
        assert not mirror.miss("e.org/a.txt")
        mirror.confirm("e.org/a.txt")
        assert not mirror.miss("e.org/a.txt")
        assert (tmp_path / "e.org/a.txt").exists()
        assert mirror.miss("e.org/a.txt")
    assert not (tmp_path / "e.org/a.txt").exists()


def test_a_folder_with_files_of_others_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "e.org").mkdir()
    (tmp_path / "e.org/a.txt").write_text("mine")
    with Mirror(tmp_path) as mirror, pytest.raises(UnreadableFileError, match="another folder"):
        mirror.take_folder("e.org")
    assert (tmp_path / "e.org/a.txt").read_text() == "mine"


def test_a_folder_is_taken_before_its_files_are_written(tmp_path: Path) -> None:
    with Mirror(tmp_path) as mirror:
        mirror.take_folder("e.org")
        mirror.put("e.org/a.txt", b"Terns", kept(b"Terns"))  # and the process is killed here
    with Mirror(tmp_path) as mirror:
        mirror.take_folder("e.org")
        assert mirror.put("e.org/a.txt", b"Gulls", kept(b"Gulls"))


@pytest.mark.parametrize("path", ["../a.txt", "/tmp/a.txt", ".hidden/a.txt", "link/a.txt", "b.txt"])
def test_nothing_is_written_outside_of_the_corpus(tmp_path: Path, path: str) -> None:
    corpus, outside = tmp_path / "corpus", tmp_path / "outside"
    corpus.mkdir()
    outside.mkdir()
    (corpus / "link").symlink_to(outside)
    (corpus / "b.txt").symlink_to(outside / "b.txt")
    with Mirror(corpus) as mirror, pytest.raises(UnreadableFileError, match="outside"):
        mirror.put(path, b"Terns", kept(b"Terns"))
    assert list(outside.iterdir()) == []


def test_two_sources_do_not_share_a_file(tmp_path: Path) -> None:
    with Mirror(tmp_path) as mirror:
        mirror.put("e.org/a.txt", b"Terns", kept(b"Terns"))
        with pytest.raises(UnreadableFileError, match="was fetched from"):
            mirror.put("e.org/a.txt", b"Gulls", kept(b"Gulls", "https://f.org"))


def test_one_process_fetches_at_a_time(tmp_path: Path) -> None:
    with Mirror(tmp_path), pytest.raises(IndexBusyError, match="fetching"), Mirror(tmp_path):
        pass


@pytest.mark.parametrize("content", ["", "{", '{"files": {"a": 1}}', '{"unknown": 1}'])
def test_a_damaged_record_is_an_error_that_names_it(tmp_path: Path, content: str) -> None:
    (tmp_path / RECORD).write_text(content)
    with pytest.raises(CorpusError, match=r"sources\.json"), Mirror(tmp_path):
        pass
    (tmp_path / RECORD).unlink()
    with Mirror(tmp_path):
        pass
