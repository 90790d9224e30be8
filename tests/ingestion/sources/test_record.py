"""The record of what was fetched."""

from pathlib import Path

from assistant.ingestion.sources.record import RECORD, KeptFile, SourceRecord, read_record


def test_a_corpus_without_a_record_has_fetched_nothing(tmp_path: Path) -> None:
    assert read_record(tmp_path) == SourceRecord()


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    record = SourceRecord(files={"a.html": KeptFile(source="https://e.org", sha256="0")})
    (tmp_path / RECORD).write_text(record.model_dump_json())
    assert read_record(tmp_path) == record
