import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from assistant import CorpusError, Document, RunEndedError
from assistant.ingestion.embedding import CHUNKS_AT_ONCE
from assistant.ingestion.loading import Loader
from assistant.ingestion.planning import BuildOptions
from assistant.ingestion.sharing.document_reader import DocumentReader
from assistant.ingestion.sharing.jobs import DocumentJob
from assistant.testing import WordEncoder
from assistant.types import ReadingOutcome

OPTIONS = BuildOptions(chunk_tokens=32, chunk_overlap=0, max_file_bytes=10_000)
TEXT = "The otter sleeps in the reeds."


@dataclass
class KeptRun:
    """A run that keeps what is written in lists."""

    documents: list[Document] = field(default_factory=list)
    vectors_of: set[str] = field(default_factory=set)
    outcomes: list[ReadingOutcome] = field(default_factory=list)
    has_ended: bool = False

    @property
    def update(self) -> Any:
        return self

    @property
    def vectors(self) -> Any:
        return self

    def put(self, what: Any, *more: Any) -> None:
        if isinstance(what, Document):
            self.documents.append(what)
        else:
            self.vectors_of.update(what)

    def known(self, ids: list[str]) -> set[str]:
        return self.vectors_of.intersection(ids)

    def has(self, source: str) -> bool:
        return any(outcome.source == source for outcome in self.outcomes)

    def report(self, outcome: ReadingOutcome) -> None:
        self.outcomes.append(outcome)

    @contextmanager
    def join(self, run: str) -> Iterator["KeptRun"]:
        if self.has_ended:
            raise RunEndedError("The ingestion has ended.")
        yield self


@pytest.fixture
def run() -> KeptRun:
    return KeptRun()


def job(source: str, content: bytes = TEXT.encode()) -> DocumentJob:
    return DocumentJob("run", source, hashlib.sha256(content).hexdigest(), "print", "{}")


@contextmanager
def reader(
    corpus: Path,
    run: KeptRun,
    encoder: WordEncoder | None = None,
    options: BuildOptions = OPTIONS,
) -> Iterator[DocumentReader]:
    with Loader(options.reading_limits) as loader:
        yield DocumentReader(corpus, run, encoder or WordEncoder(), options, loader)


def test_a_document_is_read_embedded_and_written(corpus: Path, run: KeptRun) -> None:
    (corpus / "a.txt").write_text(TEXT)
    with reader(corpus, run) as some:
        assert some.read(job("a.txt"), is_last_try=False) == ReadingOutcome("a.txt", embedded=1)
        assert some.read(job("a.txt"), is_last_try=False) is None  # it was done
    assert [document.text for document in run.documents] == [TEXT]
    assert len(run.vectors_of) == 1


def test_nothing_is_done_for_a_run_that_has_ended(corpus: Path) -> None:
    (corpus / "a.txt").write_text(TEXT)
    run = KeptRun(has_ended=True)
    with reader(corpus, run) as some:
        assert some.read(job("a.txt"), is_last_try=False) is None


def test_a_file_without_text_is_reported_at_once(corpus: Path, run: KeptRun) -> None:
    (corpus / "a.pdf").write_bytes(b"%PDF-1.7 broken")
    with reader(corpus, run) as some:
        outcome = some.read(job("a.pdf", b"%PDF-1.7 broken"), is_last_try=False)
    assert outcome is not None
    assert outcome.reason
    assert outcome.is_lasting
    assert run.outcomes == [outcome]


def test_a_file_that_is_another_here_is_tried_again_and_then_left(
    corpus: Path, run: KeptRun
) -> None:
    (corpus / "a.txt").write_text("Another text.")
    with reader(corpus, run) as some:
        for source in ("a.txt", "not there.txt"):
            with pytest.raises(CorpusError):
                some.read(job(source), is_last_try=False)
            outcome = some.read(job(source), is_last_try=True)
            assert outcome is not None
            assert not outcome.is_lasting
    assert run.documents == []


@pytest.mark.parametrize(
    "source", ["../secret.txt", "/etc/hostname.txt", ".hidden/a.txt", "b/../a.txt"]
)
def test_a_path_outside_the_corpus_is_not_read(corpus: Path, run: KeptRun, source: str) -> None:
    (corpus.parent / "secret.txt").write_text(TEXT)
    (corpus / "a.txt").write_text(TEXT)
    with reader(corpus, run) as some:
        outcome = some.read(job(source), is_last_try=True)
    assert outcome is not None
    assert "not a path below the corpus" in outcome.reason


def test_a_folder_that_is_a_link_is_not_entered(corpus: Path, run: KeptRun) -> None:
    (corpus / "real").mkdir()
    (corpus / "real" / "a.txt").write_text(TEXT)
    (corpus / "linked").symlink_to(corpus / "real")
    with reader(corpus, run) as some:
        outcome = some.read(job("linked/a.txt"), is_last_try=True)
    assert outcome is not None
    assert "a folder that is a link" in outcome.reason


class BrokenEncoder(WordEncoder):
    """An encoder that fails at every text."""

    def encode(self, texts: Any) -> Any:
        raise ValueError("no")


def test_what_no_step_was_prepared_for_is_tried_again_and_then_skipped(
    corpus: Path, run: KeptRun
) -> None:
    (corpus / "a.txt").write_text(TEXT)
    with reader(corpus, run, BrokenEncoder()) as some:
        with pytest.raises(ValueError, match="no"):
            some.read(job("a.txt"), is_last_try=False)
        outcome = some.read(job("a.txt"), is_last_try=True)
    assert outcome == ReadingOutcome("a.txt", "it cannot be processed (ValueError)")


def test_a_document_whose_embedding_takes_too_long_is_cut(corpus: Path, run: KeptRun) -> None:
    text = "".join(f"Otter {number} sleeps in the reeds by day.\n\n" for number in range(5_000))
    (corpus / "a.txt").write_text(text)
    options = replace(OPTIONS, max_file_bytes=1_000_000, max_embedding_seconds=0.0)
    with reader(corpus, run, options=options) as some:
        outcome = some.read(job("a.txt", text.encode()), is_last_try=False)
    assert outcome
    assert "max_embedding_seconds" in outcome.notes
    assert outcome.embedded == len(run.vectors_of) == CHUNKS_AT_ONCE
    assert run.documents[0].text == text
