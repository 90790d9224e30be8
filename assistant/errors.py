"""Every error that a person can meet.

::

    AssistantError                exit code 1
    ├── UsageError                exit code 2   a wrong argument, setting or question
    │   ├── SettingsError                       a setting that cannot be used
    │   └── QuestionError                       an empty or over-long question
    ├── CorpusError                             the corpus is missing or unreadable
    │   └── StrictIngestError                   files were skipped although --strict was given
    ├── DocumentNotFoundError                   the index has no such document
    ├── ModelError                              a model cannot be loaded
    │   └── ChatModelError                      the language model did not answer
    ├── StorageError                            the index cannot be used
    │   ├── IndexMissingError                   nothing has been ingested yet
    │   ├── IndexMismatchError                  built with another model, chunking or version
    │   ├── IndexBusyError                      another ingestion is running
    │   ├── RunEndedError                       the ingestion that a worker read for has ended
    │   └── IndexDamagedError                   the index cannot be read
    │       └── VectorsDamagedError             only its vectors; the catalog can rebuild them
    ├── ServerBusyError                         more concurrent questions than the settings allow
    ├── CitationError                           a quote differs from the document's text
    ├── PortInUseError                          the server's port is in use
    └── MissingExtraError                       an optional part that is not installed

"Not found in the documents" is an `Answer`, not an error.
"""


class AssistantError(Exception):
    """What failed, with which value, and what to run next."""

    exit_code = 1


class UsageError(AssistantError):
    """A wrong argument, setting or question."""

    exit_code = 2


class SettingsError(UsageError):
    """A setting that cannot be used."""


class QuestionError(UsageError):
    """A question that is empty or too long."""


class CorpusError(AssistantError):
    """The corpus is missing or contains nothing readable, for the reasons of its files, if it has any."""

    def __init__(self, message: str, reasons: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.reasons = reasons or {}


class StrictIngestError(CorpusError):
    """Files were skipped although ``--strict`` was given."""


class DocumentNotFoundError(AssistantError):
    """The index holds no such document."""


class ModelError(AssistantError):
    """A model cannot be loaded."""


class ChatModelError(ModelError):
    """The language model did not answer. The message is safe to show to any reader."""


class StorageError(AssistantError):
    """The index cannot be used."""


class IndexMissingError(StorageError):
    """Nothing has been ingested yet."""


class IndexMismatchError(StorageError):
    """The index was built with another embedding model, other chunking or another version."""


class IndexBusyError(StorageError):
    """Another ingestion is running."""


class RunEndedError(StorageError):
    """The ingestion that a worker read a document for has ended."""


class IndexDamagedError(StorageError):
    """The index cannot be read."""


class VectorsDamagedError(IndexDamagedError):
    """The vectors in a folder cannot be read. The catalog can rebuild them."""

    def __init__(self, message: str, folder: str = "") -> None:
        super().__init__(message)
        self.folder = folder


class ServerBusyError(AssistantError):
    """More questions are being answered at once than the settings allow."""


class CitationError(AssistantError):
    """A quote differs from the document's text at its offsets. Never shown, always a bug."""


class PortInUseError(AssistantError):
    """The server's port is in use."""


class MissingExtraError(AssistantError):
    """An optional part of the package is not installed."""
