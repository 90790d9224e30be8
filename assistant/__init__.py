"""A chat assistant over your documents in which every answer cites the passage it rests on.

The public names, by stage::

    from assistant import Assistant

    assistant = Assistant.open()
    assistant.ingest()
    answer = assistant.ask("When was the SCO founded?")

The names are imported when first used: pytest loads this package in every project.
"""

from typing import TYPE_CHECKING

from assistant.lazy_names import lazy_names
from assistant.telemetry import switch_off_telemetry

switch_off_telemetry()

__version__ = "0.2.0"

__all__ = [
    "Answer",
    "Assistant",
    "AssistantError",
    "Attribution",
    "Block",
    "ChatModelError",
    "CheckedDocument",
    "Chunk",
    "Citation",
    "CitationError",
    "CorpusError",
    "CorpusInfo",
    "Document",
    "DocumentNotFoundError",
    "DocumentSummary",
    "Encoder",
    "Explanation",
    "Feedback",
    "FetchReport",
    "Hit",
    "IndexBusyError",
    "IndexDamagedError",
    "IndexMismatchError",
    "IndexMissingError",
    "IndexStatus",
    "IngestReport",
    "Insights",
    "MissingExtraError",
    "ModelError",
    "PassageReading",
    "PortInUseError",
    "QuestionError",
    "QuotedBlock",
    "ReadPassage",
    "Reader",
    "Reading",
    "ReadingOutcome",
    "RunEndedError",
    "ServerBusyError",
    "Settings",
    "SettingsError",
    "SkippedFile",
    "Statement",
    "StatementSupport",
    "Status",
    "StorageError",
    "StrictIngestError",
    "Thresholds",
    "Turn",
    "UsageError",
    "VectorsDamagedError",
    "WindowText",
    "load_settings",
]

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
        MissingExtraError,
        ModelError,
        PortInUseError,
        QuestionError,
        RunEndedError,
        ServerBusyError,
        SettingsError,
        StorageError,
        StrictIngestError,
        UsageError,
        VectorsDamagedError,
    )

    # What readers asked
    from assistant.feedback.question_insights import Insights

    # The protocols between the stages
    from assistant.protocols import Encoder, Reader

    # Settings
    from assistant.settings import Settings, load_settings

    # The way of a document, the way of a question
    from assistant.types import (
        Answer,
        Attribution,
        Block,
        CheckedDocument,
        Chunk,
        Citation,
        CorpusInfo,
        Document,
        DocumentSummary,
        Explanation,
        Feedback,
        FetchReport,
        Hit,
        IndexStatus,
        IngestReport,
        PassageReading,
        QuotedBlock,
        Reading,
        ReadingOutcome,
        ReadPassage,
        SkippedFile,
        Statement,
        StatementSupport,
        Status,
        Thresholds,
        Turn,
        WindowText,
    )
else:
    __getattr__, __dir__ = lazy_names(
        __name__, __all__, ["errors", "types", "protocols", "settings", "assistant"]
    )
