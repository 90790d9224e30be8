"""The record of what was fetched, a hidden file of the corpus."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import CorpusError

RECORD = ".sources.json"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KeptFile(_Strict):
    """A file that was fetched: its source, its address, and what tells whether it has changed."""

    source: str
    url: str = ""
    etag: str = ""
    modified: str = ""
    sha256: str
    times_gone: int = 0


class SourceRecord(_Strict):
    """What is known of all that was fetched: files by path, states by source, and the folders taken."""

    files: dict[str, KeptFile] = {}
    states: dict[str, str] = {}
    folders: tuple[str, ...] = ()


def read_record(corpus: Path) -> SourceRecord:
    """Return what was fetched. Raise `CorpusError` if the record is damaged."""
    path = corpus / RECORD
    if not path.exists():
        return SourceRecord()
    try:
        return SourceRecord.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise CorpusError(
            f"{path} cannot be read ({type(error).__name__}). Remove it together with the folders "
            "of the sources, and run: assistant ingest"
        ) from error
