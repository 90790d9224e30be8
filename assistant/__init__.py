"""A chat assistant over your documents in which every answer cites the passage it rests on.

The public names, by stage::

    from assistant import Assistant

    assistant = Assistant.open()
    assistant.ingest()
    answer = assistant.ask("When was the SCO founded?")

The names are imported when first used: pytest loads this package in every project.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # The front door
    from assistant.assistant import Assistant

    # Errors
    from assistant.errors import (
        AssistantError,
        ChatModelError,
        CitationError,
        CorpusError,
        DocumentNotFoundError,
        IndexBusyError,
        IndexDamagedError,
        IndexMismatchError,
        IndexMissingError,
        ModelError,
        PortInUseError,
        QuestionError,
        ServerBusyError,
        SettingsError,
        StorageError,
        StrictIngestError,
        UsageError,
        VectorsDamagedError,
    )

    # Settings
    from assistant.settings import Settings, load_settings

    # The way of a document, the way of a question, and the protocols between the stages
    from assistant.types import (
        Answer,
        Attribution,
        Chunk,
        Citation,
        CorpusInfo,
        Document,
        DocumentSummary,
        Encoder,
        Feedback,
        Hit,
        IndexStatus,
        IngestReport,
        PassageReading,
        Reader,
        Reading,
        SkippedFile,
        Statement,
        Status,
        Support,
        Turn,
        WindowText,
    )

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "Assistant",
    "AssistantError",
    "Attribution",
    "ChatModelError",
    "Chunk",
    "Citation",
    "CitationError",
    "CorpusError",
    "CorpusInfo",
    "Document",
    "DocumentNotFoundError",
    "DocumentSummary",
    "Encoder",
    "Feedback",
    "Hit",
    "IndexBusyError",
    "IndexDamagedError",
    "IndexMismatchError",
    "IndexMissingError",
    "IndexStatus",
    "IngestReport",
    "ModelError",
    "PassageReading",
    "PortInUseError",
    "QuestionError",
    "Reader",
    "Reading",
    "ServerBusyError",
    "Settings",
    "SettingsError",
    "SkippedFile",
    "Statement",
    "Status",
    "StorageError",
    "StrictIngestError",
    "Support",
    "Turn",
    "UsageError",
    "VectorsDamagedError",
    "WindowText",
    "load_settings",
]

_ROOMS = ("errors", "settings", "types", "assistant")


def __getattr__(name: str) -> Any:
    """A public name, from the module that defines it."""
    if name in __all__:
        for room in _ROOMS:
            module = import_module(f"assistant.{room}")
            if hasattr(module, name):
                return getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """The public names, for completion."""
    return [*globals(), *__all__]
