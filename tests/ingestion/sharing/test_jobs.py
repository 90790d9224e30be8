from dataclasses import replace

from assistant.ingestion.corpus_file import DocumentEntry
from assistant.ingestion.planning import BuildOptions
from assistant.ingestion.sharing.jobs import DocumentJob, queue_name
from assistant.testing import WordEncoder

OPTIONS = BuildOptions(chunk_tokens=128, chunk_overlap=1, max_file_bytes=1000)


def test_workers_with_other_settings_have_another_queue() -> None:
    name = queue_name(WordEncoder(), OPTIONS)
    assert name == queue_name(WordEncoder(), OPTIONS)
    for other in (
        replace(OPTIONS, chunk_tokens=64),
        replace(OPTIONS, chunk_overlap=0),
        replace(OPTIONS, max_file_bytes=2000),
        replace(OPTIONS, max_reading_seconds=1.0),
    ):
        assert queue_name(WordEncoder(), other) != name


def test_an_entry_of_the_corpus_file_comes_back() -> None:
    entry = DocumentEntry(title="On “otters”\0", rights="CC0", date="2026-01-01")
    job = DocumentJob("run", "a.txt", "0" * 64, "print", entry.model_dump_json())
    assert job.document_entry == entry
