"""What a worker is asked to do: to read one document for one ingestion."""

import hashlib
import json
from dataclasses import dataclass

from assistant.ingestion.corpus_file import DocumentEntry
from assistant.ingestion.loading import LOADER_VERSION
from assistant.ingestion.planning import BuildOptions
from assistant.models.recognition import available_recogniser
from assistant.protocols import Encoder

_VERSION = 1
"""Raise this when a worker of another version could not do the same job."""


@dataclass(frozen=True, slots=True)
class DocumentJob:
    """The document at a path, as the ingestion saw its file, for the run that waits for it."""

    run: str
    source: str
    sha256: str
    fingerprint: str
    entry: str
    """What ``corpus.toml`` says of it, as JSON."""

    @property
    def document_entry(self) -> DocumentEntry:
        """What ``corpus.toml`` says of the document."""
        return DocumentEntry.model_validate_json(self.entry)


def queue_name(encoder: Encoder, options: BuildOptions) -> str:
    """Return the queue of the workers that would make the same of every document.

    Workers with another model, other chunks or other limits have another queue.
    """
    of_reading = [
        options.max_file_bytes,
        options.max_reading_seconds,
        options.max_reading_megabytes,
    ]
    of_text = [options.chunk_tokens, options.chunk_overlap, LOADER_VERSION, available_recogniser()]
    marks = json.dumps([_VERSION, encoder.name, encoder.dimension, of_reading, of_text])
    return hashlib.sha256(marks.encode()).hexdigest()[:16]
