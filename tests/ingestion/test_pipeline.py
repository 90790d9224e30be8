import multiprocessing
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from numpy.typing import NDArray

from assistant import (
    Assistant,
    Chunk,
    CorpusError,
    IndexBusyError,
    IndexMismatchError,
    Settings,
    StorageError,
    StrictIngestError,
)
from assistant.ingestion.pipeline import ingest
from assistant.ingestion.planning import BuildOptions
from assistant.storage.embedded_store import EmbeddedStore
from assistant.storage.schema import vector_id
from assistant.testing import WordEncoder
from tests.ingestion.formats.case_matching import CASES


def vector_ids(index: Path) -> set[str]:
    with EmbeddedStore(index).view() as view:
        found = set(view.vectors.ids())
        view.vectors.folder.close()
    return found


def chunks(index: Path) -> list[Chunk]:
    with EmbeddedStore(index).catalog.snapshot() as snapshot:
        return list(snapshot.chunks(sorted(snapshot.chunk_ids())).values())


def only_vectors(index: Path) -> Path:
    (found,) = index.glob("vectors*")
    return found


def assert_no_orphans(index: Path) -> None:
    """One folder of vectors, and in it those of the chunks, no more and no fewer."""
    assert only_vectors(index).is_dir()
    assert vector_ids(index) == {vector_id(chunk) for chunk in chunks(index)}
    files = {path.name for path in index.iterdir() if path.is_file()}
    assert files - {"catalog.sqlite3-wal", "catalog.sqlite3-shm"} == {
        "catalog.sqlite3",
        "ingest.lock",
    }


def test_what_could_not_be_read_of_a_document_is_reported_once(
    small_assistant: Assistant, corpus: Path
) -> None:
    shutil.copy(CASES / "pdf" / "one-missing-page.pdf", corpus / "samples.pdf")
    report = small_assistant.ingest()
    assert report.added == ("samples.pdf",)
    assert report.skipped == ()
    assert [(part.source, part.reason[:6]) for part in report.partly_read] == [
        ("samples.pdf", "page 4")
    ]
    assert small_assistant.ingest().partly_read == ()


def test_only_what_changed_is_embedded(
    small_assistant: Assistant, corpus: Path, word_encoder: WordEncoder
) -> None:
    for name in ("a", "b", "c"):
        (corpus / f"{name}.txt").write_text(f"Text of {name}.")
    first = small_assistant.ingest()
    assert (first.added, first.chunks_embedded) == (("a.txt", "b.txt", "c.txt"), 3)
    word_encoder.encoded.clear()
    (corpus / "a.txt").write_text("Another text.")
    (corpus / "b.txt").unlink()
    (corpus / "d.txt").write_text("Text of d.")
    second = small_assistant.ingest()
    assert (second.added, second.changed, second.deleted, second.unchanged) == (
        ("d.txt",),
        ("a.txt",),
        ("b.txt",),
        ("c.txt",),
    )
    assert len(word_encoder.encoded) == second.chunks_embedded == 2
    assert second.chunks_total == 3


def test_a_second_ingestion_of_the_same_corpus_does_nothing(
    small_assistant: Assistant, corpus: Path, tmp_path: Path
) -> None:
    (corpus / "a.txt").write_text("Text.")
    small_assistant.ingest()
    before = EmbeddedStore(tmp_path / "index").catalog.state()
    report = small_assistant.ingest()
    assert (report.unchanged, report.chunks_embedded) == (("a.txt",), 0)
    assert EmbeddedStore(tmp_path / "index").catalog.state() == before


def test_the_same_text_is_embedded_once(
    small_assistant: Assistant, corpus: Path, word_encoder: WordEncoder
) -> None:
    (corpus / "corpus.toml").write_text(
        "[documents.'a.txt']\ntitle='T'\n[documents.'b.txt']\ntitle='T'"
    )
    (corpus / "a.txt").write_text("Same text.")
    (corpus / "b.txt").write_text("Same text.")
    small_assistant.ingest()
    assert word_encoder.encoded == ["T\nSame text."]


def test_what_is_said_of_a_document_is_part_of_it(small_assistant: Assistant, corpus: Path) -> None:
    (corpus / "a.txt").write_text("Text.")
    small_assistant.ingest()
    (corpus / "corpus.toml").write_text("[documents.'a.txt']\ntitle = 'Named'")
    assert small_assistant.ingest().changed == ("a.txt",)
    assert small_assistant.documents()[0].title == "Named"


def test_a_name_in_the_corpus_file_that_does_not_exist_is_reported(
    small_assistant: Assistant, corpus: Path
) -> None:
    (corpus / "a.txt").write_text("Text.")
    (corpus / "corpus.toml").write_text("[documents.'b.txt']\ntitle = 'Typo'")
    assert "b.txt" in small_assistant.ingest().skipped[0].reason


def test_unreadable_files_are_skipped_and_the_rest_is_ingested(
    small_assistant: Assistant, corpus: Path
) -> None:
    (corpus / "a.txt").write_text("Text.")
    (corpus / "b.txt").write_bytes(b"\0\1\2")
    (corpus / "c.pdf.exe").write_bytes(b"MZ")
    report = small_assistant.ingest()
    assert report.added == ("a.txt",)
    assert {file.source for file in report.skipped} == {"b.txt", "c.pdf.exe"}


def test_strict_tells_of_skipped_files_after_the_rest_was_ingested(
    small_assistant: Assistant, corpus: Path
) -> None:
    (corpus / "a.txt").write_text("Text.")
    (corpus / "b.txt").write_bytes(b"\0\1\2")
    with pytest.raises(StrictIngestError, match=r"b\.txt"):
        small_assistant.ingest(strict=True)
    assert len(small_assistant.documents()) == 1


def test_a_corpus_without_a_readable_file_leaves_the_index_as_it_was(
    small_assistant: Assistant, corpus: Path
) -> None:
    (corpus / "a.txt").write_text("Text.")
    small_assistant.ingest()
    (corpus / "a.txt").write_bytes(b"\0")
    with pytest.raises(CorpusError, match="left as it was"):
        small_assistant.ingest()
    assert [document.source for document in small_assistant.documents()] == ["a.txt"]


def test_an_empty_corpus_is_an_error_that_says_what_to_do(small_assistant: Assistant) -> None:
    with pytest.raises(CorpusError, match=r"Put files there \(\.txt, \.md"):
        small_assistant.ingest()


def test_another_model_or_chunking_is_an_error_that_names_both_and_the_command(
    small_assistant: Assistant, corpus: Path, tmp_path: Path
) -> None:
    (corpus / "a.txt").write_text("Text.")
    small_assistant.ingest()

    class OtherEncoder(WordEncoder):
        name = "other"

    settings = Settings(corpus=corpus, index=tmp_path / "index", chunk_tokens=32)
    with Assistant(settings, OtherEncoder()) as other:
        for use in (other.ingest, lambda: other.ask("What text?")):
            with pytest.raises(IndexMismatchError) as error:
                use()
            for part in ("'words'", "'other'", "128", "32", "assistant ingest --rebuild"):
                assert part in str(error.value)
        other.ingest(rebuild=True)
        assert other.ask("What text?")
    with pytest.raises(IndexMismatchError):
        small_assistant.ask("What text?")


def test_a_rebuild_leaves_no_vector_of_the_old_index(
    small_assistant: Assistant, corpus: Path, tmp_path: Path
) -> None:
    (corpus / "a.txt").write_text("Text.")
    small_assistant.ingest()
    small_assistant.ingest(rebuild=True)
    assert_no_orphans(tmp_path / "index")


class FailingEncoder(WordEncoder):
    """Fails at the second batch that it encodes."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if len(self.encoded) > 0:
            raise RuntimeError("power cut")
        return super().encode(texts)


def test_an_ingestion_that_breaks_off_leaves_the_old_state_and_the_next_sweeps_up(
    small_assistant: Assistant, corpus: Path, tmp_path: Path
) -> None:
    (corpus / "a.txt").write_text("Old text.")
    small_assistant.ingest()
    old = chunks(tmp_path / "index")
    (corpus / "a.txt").write_text("\n\n".join(f"New text {number}." for number in range(3000)))
    settings = Settings(corpus=corpus, index=tmp_path / "index", chunk_tokens=16)
    failing = FailingEncoder()
    with Assistant(settings, failing) as broken, pytest.raises(CorpusError):
        broken.ingest(rebuild=True)
    assert chunks(tmp_path / "index") == old
    assert small_assistant.retrieve("old text")[0].chunk.text == "Old text."
    small_assistant.ingest()
    assert_no_orphans(tmp_path / "index")
    assert chunks(tmp_path / "index") != old


def test_lost_vectors_are_made_again_from_the_catalog(
    small_assistant: Assistant, corpus: Path, tmp_path: Path
) -> None:
    (corpus / "a.txt").write_text("Text.")
    small_assistant.ingest()
    small_assistant.close()
    shutil.rmtree(only_vectors(tmp_path / "index"))
    report = small_assistant.ingest()
    assert (report.unchanged, report.chunks_embedded) == (("a.txt",), 1)
    assert_no_orphans(tmp_path / "index")


def test_a_document_under_a_new_name_is_not_embedded_again(
    small_assistant: Assistant, corpus: Path, word_encoder: WordEncoder
) -> None:
    (corpus / "corpus.toml").write_text(
        "[documents.'a.txt']\ntitle='T'\n[documents.'b.txt']\ntitle='T'"
    )
    (corpus / "a.txt").write_text("Same text.")
    small_assistant.ingest()
    (corpus / "a.txt").rename(corpus / "b.txt")
    report = small_assistant.ingest()
    assert (report.added, report.deleted, report.chunks_embedded) == (("b.txt",), ("a.txt",), 0)
    assert small_assistant.retrieve("Same text.")[0].dense_rank == 1


def test_a_second_ingestion_at_the_same_time_gets_a_clear_error_at_once(
    small_assistant: Assistant, corpus: Path, tmp_path: Path
) -> None:
    (corpus / "a.txt").write_text("Text.")
    (tmp_path / "index").mkdir()
    with FileLock(tmp_path / "index" / "ingest.lock"):
        with pytest.raises(IndexBusyError, match="Another ingestion"):
            small_assistant.ingest()
    assert small_assistant.ingest().added == ("a.txt",)


def test_an_index_folder_that_is_a_file_is_a_clear_error(corpus: Path, tmp_path: Path) -> None:
    (corpus / "a.txt").write_text("Text.")
    (tmp_path / "file").write_text("")
    with Assistant(Settings(corpus=corpus, index=tmp_path / "file"), WordEncoder()) as assistant:
        with pytest.raises(StorageError, match="cannot be written"):
            assistant.ingest()


def _ingest_elsewhere(corpus: Path, index: Path) -> None:
    with Assistant(Settings(corpus=corpus, index=index), WordEncoder()) as other:
        other.ingest()


def test_a_running_reader_serves_what_another_process_ingested(
    small_assistant: Assistant, corpus: Path, tmp_path: Path
) -> None:
    (corpus / "a.txt").write_text("The otter sleeps.")
    (corpus / "b.txt").write_text("The badger digs.")
    small_assistant.ingest()
    assert small_assistant.retrieve("otter")[0].dense_rank == 1
    (corpus / "a.txt").unlink()
    (corpus / "c.txt").write_text("The heron fishes.")
    process = multiprocessing.get_context("spawn").Process(
        target=_ingest_elsewhere, args=(corpus, tmp_path / "index")
    )
    process.start()
    process.join(60)
    assert process.exitcode == 0
    hits = small_assistant.retrieve("heron fishes")
    assert hits[0].chunk.text == "The heron fishes."
    assert hits[0].dense_rank == 1
    assert all("otter" not in hit.chunk.text for hit in small_assistant.retrieve("otter"))


def test_questions_asked_while_ingesting_see_the_old_or_the_new_state(
    small_assistant: Assistant, corpus: Path
) -> None:
    texts = ("The otter sleeps by day.", "The otter sleeps by night.")
    (corpus / "a.txt").write_text(texts[0])
    small_assistant.ingest()
    wrong: list[object] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            answer = small_assistant.ask("When sleeps the otter?")
            if [citation.quote for citation in answer.citations] not in ([texts[0]], [texts[1]]):
                wrong.append(answer)

    threads = [threading.Thread(target=ask, daemon=True) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for turn in range(6):
            (corpus / "a.txt").write_text(texts[turn % 2])
            small_assistant.ingest()
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)
    assert wrong == []


def test_the_index_is_held_while_a_block_runs_and_free_after_an_error(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "index"
    store = EmbeddedStore(folder)
    with pytest.raises(IndexBusyError, match="Another ingestion"), store.exclusively():
        EmbeddedStore(folder).exclusively().__enter__()
    with store.exclusively():
        assert (folder / "ingest.lock").exists()


def test_bytes_are_reported_up_to_those_that_there_are(
    mill_corpus: Path, tmp_path: Path, word_encoder: WordEncoder
) -> None:
    reported: list[tuple[int, int]] = []
    options = BuildOptions(60, 10, 10_000, 10, 512)
    told = ingest(
        mill_corpus,
        EmbeddedStore(tmp_path / "index"),
        word_encoder,
        options,
        progress=lambda *bytes_done: reported.append(bytes_done),
    )
    size = (mill_corpus / "mill.txt").stat().st_size
    assert told.added == ("mill.txt",)
    assert reported[-1] == (size, size)
    assert reported == sorted(reported)
