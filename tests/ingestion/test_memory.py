"""An ingestion takes as much memory for many documents as for few."""

import tracemalloc
from pathlib import Path

from assistant import Assistant, Settings
from benchmarks.speed import write_corpus
from benchmarks.synthetic import HashEncoder

AT_ONCE = 640
"""More chunks than are embedded at once, so that every kind of work has been done."""


def peak(folder: Path, chunks: int) -> int:
    """The most bytes that Python held while so many chunks were ingested."""
    write_corpus(folder / "corpus", chunks, each=80)
    settings = Settings(corpus=folder / "corpus", index=folder / "index", reader="none")
    with Assistant(settings, HashEncoder()) as assistant:
        tracemalloc.start()
        try:
            assert assistant.ingest().chunks_total == chunks
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


def test_memory_stays_flat_as_the_corpus_grows(tmp_path: Path) -> None:
    peak(tmp_path / "first", 80)  # what is imported and built once
    few, many = peak(tmp_path / "few", AT_ONCE), peak(tmp_path / "many", 3 * AT_ONCE)
    assert many < 1.05 * few
