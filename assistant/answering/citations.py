"""Numbers the passages that statements rest on, and checks every quote against its document."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.errors import CitationError
from assistant.types import Answer, Citation, Document, Passage, Statement


@dataclass(frozen=True, slots=True)
class WrittenSentence:
    """A sentence in other words than the documents', and the passages that carry it.

    ``unsupported`` says why none does; such a sentence cites nothing.
    """

    text: str
    passages: tuple[Passage, ...]
    unsupported: str = ""


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
    citations = _NumberedCitations()
    statements = tuple(
        Statement(passage.text, (citations.number(passage),), _in_statement(passage))
        for passage in passages
    )
    return statements, tuple(citations.made)


def state_sentences(
    sentences: Sequence[WrittenSentence],
) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    """Sentences as statements with the citations of their passages, numbered in the same way."""
    citations = _NumberedCitations()
    statements = tuple(
        Statement(
            sentence.text,
            tuple(dict.fromkeys(citations.number(passage) for passage in sentence.passages)),
            unsupported=sentence.unsupported,
        )
        for sentence in sentences
    )
    return statements, tuple(citations.made)


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
    for statement in answer.statements:
        if bool(statement.citations) == bool(statement.unsupported):
            raise CitationError("A statement has citations, or a reason why it has none.")
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


class _NumberedCitations:
    """Citations as they are numbered: from 1, one for each passage."""

    def __init__(self) -> None:
        self.made: list[Citation] = []
        self._numbers: dict[tuple[str, int, int], int] = {}

    def number(self, passage: Passage) -> int:
        key = (passage.document.id, passage.start, passage.end)
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers) + 1
            self.made.append(cite(passage, self._numbers[key]))
        return self._numbers[key]


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
