"""Numbers the passages that statements rest on, and checks every quote against its document."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.errors import CitationError
from assistant.types import Answer, Citation, Document, Statement


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document that is to be stated or shown; offsets in the document's text.

    ``highlight`` is the stretch within it that answers, where there is one.
    """

    document: Document
    start: int
    end: int
    highlight: tuple[int, int] | None = None

    @property
    def text(self) -> str:
        """The document's text at the offsets."""
        return self.document.text[self.start : self.end]


def cite(passage: Passage, number: int) -> Citation:
    """The citation of a passage; its quote is cut out of the document."""
    document = passage.document
    return Citation(
        number=number,
        document_id=document.id,
        title=document.title,
        source=document.source,
        start=passage.start,
        end=passage.end,
        quote=passage.text,
        document_sha256=document.sha256,
        page=document.page_at(passage.start),
    )


def state(passages: Sequence[Passage]) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    """Each passage as a verbatim statement with its citation.

    Numbers run from 1 in order of appearance; a passage that is repeated keeps its number.
    """
    numbers: dict[tuple[str, int, int], int] = {}
    statements: list[Statement] = []
    citations: list[Citation] = []
    for passage in passages:
        key = (passage.document.id, passage.start, passage.end)
        if key not in numbers:
            numbers[key] = len(numbers) + 1
            citations.append(cite(passage, numbers[key]))
        statements.append(Statement(passage.text, (numbers[key],), _in_statement(passage)))
    return tuple(statements), tuple(citations)


def check_citations(answer: Answer, document: Callable[[str], Document | None]) -> Answer:
    """The answer, if all its quotes are real and its numbers right.

    Raises `CitationError` otherwise: such an answer is never shown.
    """
    for citation in (*answer.citations, *answer.closest):
        _check_quote(citation, document(citation.document_id))
    numbers = [citation.number for citation in answer.citations]
    if numbers != list(range(1, len(numbers) + 1)):
        raise CitationError(f"Citation numbers must run from 1: {numbers}.")
    if any(citation.number != 0 for citation in answer.closest):
        raise CitationError("The closest passages carry the number 0.")
    used = [number for statement in answer.statements for number in statement.citations]
    if not set(used) <= set(numbers):
        raise CitationError(
            f"A statement cites {sorted(set(used) - set(numbers))}, not in {numbers}."
        )
    if list(dict.fromkeys(used)) != numbers:
        raise CitationError(f"Citations are not numbered in order of appearance: {used}.")
    if not all(statement.citations for statement in answer.statements):
        raise CitationError("A statement has no citation.")
    return answer


def holds(citation: Citation, document: Document | None) -> bool:
    """Whether the quote is, in this very version of the document, the text at its offsets."""
    return (
        document is not None
        and document.id == citation.document_id
        and document.sha256 == citation.document_sha256
        and 0 <= citation.start < citation.end <= len(document.text)
        and document.text[citation.start : citation.end] == citation.quote
    )


def _check_quote(citation: Citation, document: Document | None) -> None:
    if document is None:
        raise CitationError(f"Citation {citation.number} is of an unknown document.")
    inside = 0 <= citation.start < citation.end <= len(document.text)
    if not inside or document.text[citation.start : citation.end] != citation.quote:
        raise CitationError(
            f"Citation {citation.number} is not the text of {document.source!r} "
            f"at {citation.start}:{citation.end}."
        )
    if citation.document_sha256 != document.sha256:
        raise CitationError(
            f"Citation {citation.number} is of another version of {document.source!r}."
        )


def _in_statement(passage: Passage) -> tuple[int, int] | None:
    if passage.highlight is None:
        return None
    start, end = passage.highlight
    return start - passage.start, end - passage.start
