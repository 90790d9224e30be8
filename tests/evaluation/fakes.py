"""The mill: a document of three lines, answers that quote it, and an assistant by hand over it."""

from collections.abc import Mapping, Sequence

from assistant import Answer, Chunk, Document
from assistant.testing import (
    ScriptedAssistant,
    answer_quoting,
    document_of,
    line_chunks,
)

BUILT = "When was the mill built?"
TEXT = (
    "The mill was built in 1851. It ground rye for the valley.\n"
    "In 1920 it burned down. Nobody was hurt.\n"
    "The pond froze each winter.\n"
)
MILL = document_of(TEXT, "mill.txt", "The mill")


def chunk(number: int) -> Chunk:
    """A line of the mill."""
    return line_chunks(MILL)[number]


def answered(
    question: str, *quotes: str, confidence: float | None = None, total: float = 0.1
) -> Answer:
    """An answer that quotes the mill."""
    return answer_quoting(question, MILL, *quotes, confidence=confidence, seconds=total)


def scripted(
    script: Mapping[str, Answer | Exception],
    retrieved: Sequence[int] = (0, 1, 2),
    documents: Sequence[Document] = (MILL,),
) -> ScriptedAssistant:
    """An assistant over the mill."""
    return ScriptedAssistant(script, documents, retrieved)
