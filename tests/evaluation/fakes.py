"""An assistant by hand: answers from a script, retrieves in a fixed order, over literal documents."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant import (
    Answer,
    Chunk,
    Citation,
    Document,
    DocumentSummary,
    Hit,
    IndexStatus,
    Statement,
    Status,
    Turn,
    load_settings,
)

TEXT = (
    "The mill was built in 1851. It ground rye for the valley.\n"
    "In 1920 it burned down. Nobody was hurt.\n"
    "The pond froze each winter.\n"
)
MILL = Document("d1", "mill.txt", "The mill", TEXT, "sha-of-mill", "text/plain")
LINES = [(0, 57), (58, 98), (99, 126)]
"""The chunks: the three lines of the text."""


def chunk(number: int, document: Document = MILL) -> Chunk:
    start, end = LINES[number]
    return Chunk(f"c{number}", document.id, start, end, document.text[start:end])


def citation(quote: str, number: int = 1, document: Document = MILL) -> Citation:
    start = document.text.index(quote)
    return Citation(
        number,
        document.id,
        document.title,
        document.source,
        start,
        start + len(quote),
        quote,
        document.sha256,
    )


def answered(
    question: str, *quotes: str, confidence: float | None = None, total: float = 0.1
) -> Answer:
    return Answer(
        question,
        question,
        Status.ANSWERED,
        tuple(Statement(quote, (number,)) for number, quote in enumerate(quotes, 1)),
        tuple(citation(quote, number) for number, quote in enumerate(quotes, 1)),
        confidence=confidence,
        timings={"total": total},
    )


def not_found(question: str) -> Answer:
    notice = "The documents do not answer this."
    return Answer(question, question, Status.NOT_FOUND, notice=notice, timings={"total": 0.1})


class ScriptedAssistant:
    """Answers each question as scripted; an exception in the script is raised."""

    def __init__(
        self,
        script: Mapping[str, Answer | Exception],
        retrieved: Sequence[int] = (0, 1, 2),
        documents: Sequence[Document] = (MILL,),
        top_k: int = 2,
    ) -> None:
        self.engines = ("extractive",)
        self.settings = load_settings(corpus=Path("somewhere"), index=Path("nowhere"), top_k=top_k)
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self._script, self._retrieved = script, retrieved
        self._documents = {document.id: document for document in documents}

    def ask(
        self, question: str, history: Sequence[Turn] = (), *, engine: str | None = None
    ) -> Answer:
        self.asked.append((question, tuple(turn.question for turn in history)))
        answer = self._script[question]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def retrieve(self, query: str, top_k: int | None = None) -> list[Hit]:
        hits = [Hit(chunk(number), 1 / (1 + rank)) for rank, number in enumerate(self._retrieved)]
        return hits[:top_k]

    def document(self, document_id: str) -> Document:
        return self._documents[document_id]

    def documents(self) -> list[DocumentSummary]:
        return [
            DocumentSummary(
                one.id, one.source, one.title, one.sha256, one.media_type, len(one.text)
            )
            for one in self._documents.values()
        ]

    def status(self) -> IndexStatus:
        return IndexStatus("somewhere", "nowhere", 1, 3, "scripted", 0, None, False, {})

    def warm_up(self) -> None:
        """There is nothing to load."""
