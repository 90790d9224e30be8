"""Every error that a person can meet.

::

    AssistantError                exit code 1
    ├── UsageError                exit code 2   a wrong argument, setting or question
    │   ├── SettingsError                       a setting that cannot be used
    │   └── QuestionError                       an empty or over-long question
    ├── CorpusError                             the corpus is missing or nothing in it can be read
    │   └── StrictIngestError                   files were skipped and --strict was given
    ├── DocumentNotFoundError                   no such document in the index
    ├── ModelError                              a model cannot be loaded
    │   └── ChatModelError                      the language model did not answer
    ├── StorageError                            the index cannot be used as it is
    │   ├── IndexMissingError                   nothing was ingested yet
    │   ├── IndexMismatchError                  built with another model, chunking or version
    │   ├── IndexBusyError                      another ingestion is running
    │   └── IndexDamagedError                   the index cannot be read
    │       └── VectorsDamagedError             its vectors cannot; the catalog has what they are made of
    ├── ServerBusyError                         more questions at a time than the settings allow
    ├── CitationError                           a quote that is not the document's text
    └── PortInUseError                          the server's port is taken

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
    """The corpus is missing, or nothing in it can be read."""


class StrictIngestError(CorpusError):
    """Files were skipped and ``--strict`` was given."""


class DocumentNotFoundError(AssistantError):
    """The index holds no such document."""


class ModelError(AssistantError):
    """A model cannot be loaded."""


class ChatModelError(ModelError):
    """The language model did not answer; the message may be shown to anybody."""


class StorageError(AssistantError):
    """The index cannot be used as it is."""


class IndexMissingError(StorageError):
    """Nothing was ingested yet."""


class IndexMismatchError(StorageError):
    """The index was built with another embedding model, other chunking or another version."""


class IndexBusyError(StorageError):
    """Another ingestion is running."""


class IndexDamagedError(StorageError):
    """The index cannot be read."""


class VectorsDamagedError(IndexDamagedError):
    """The vectors in a folder cannot be read; they can be made anew from the catalog."""

    def __init__(self, message: str, folder: str = "") -> None:
        super().__init__(message)
        self.folder = folder


class ServerBusyError(AssistantError):
    """More questions are being asked at a time than the settings allow."""


class CitationError(AssistantError):
    """A quote is not the document's text at its offsets: never shown, always a bug."""


class PortInUseError(AssistantError):
    """The server's port is taken."""
