"""Number the passages that support statements, and check every quote against its document."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.errors import CitationError
from assistant.reading.quoted_blocks import quoted_blocks
from assistant.types import Answer, Citation, Document, Passage, Statement


@dataclass(frozen=True, slots=True)
class WrittenSentence:
    """A sentence that a language model wrote, and the passages that support it.

    A sentence that no passage supports cites nothing, and ``unsupported`` gives the reason.
    ``item`` is the number of its list item, 0 outside lists, and ``heading`` what it stands below.
    """

    text: str
    passages: tuple[Passage, ...]
    unsupported: str = ""
    item: int = 0
    heading: str = ""


def cite(passage: Passage, number: int) -> Citation:
    """Return the citation of a passage, with the quote taken from the document."""
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
    """Return each passage as a verbatim statement with its citation.

    Citations are numbered from 1 in order of appearance. A repeated passage keeps its number.
    """
    numbered = _NumberedCitations()
    statements = tuple(
        Statement(
            passage.text,
            (numbered.number(passage),),
            _highlight_in_statement(passage),
            blocks=quoted_blocks(passage.document, passage.start, passage.end),
        )
        for passage in passages
    )
    return statements, tuple(numbered.citations)


def state_sentences(
    sentences: Sequence[WrittenSentence],
) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    """Return sentences as statements with the citations of their passages, numbered as in `state`."""
    numbered = _NumberedCitations()
    statements = tuple(
        Statement(
            sentence.text,
            tuple(dict.fromkeys(numbered.number(passage) for passage in sentence.passages)),
            unsupported=sentence.unsupported,
            item=sentence.item,
            heading=sentence.heading,
        )
        for sentence in sentences
    )
    return statements, tuple(numbered.citations)


def check_citations(answer: Answer, document: Callable[[str], Document | None]) -> Answer:
    """Return the answer if all its quotes are real and its citation numbers consistent.

    Raise `CitationError` otherwise, so that such an answer is never shown.
    """
    for citation in (*answer.citations, *answer.closest):
        check_quote(citation, document(citation.document_id))
    numbers = [citation.number for citation in answer.citations]
    if numbers != list(range(1, len(numbers) + 1)):
        raise CitationError(f"Citations must be numbered from 1 without gaps, not {numbers}.")
    if closest := [citation.number for citation in answer.closest if citation.number != 0]:
        raise CitationError(f"The closest passages must have the number 0, not {closest}.")
    used = [number for statement in answer.statements for number in statement.citations]
    if not set(used) <= set(numbers):
        raise CitationError(
            f"A statement cites {sorted(set(used) - set(numbers))}, but the citations are {numbers}."
        )
    if list(dict.fromkeys(used)) != numbers:
        raise CitationError(f"Citations are not numbered in order of appearance: {used}.")
    for statement in answer.statements:
        if bool(statement.citations) == bool(statement.unsupported):
            raise CitationError(
                "A statement must have either citations or a reason why it is unsupported, "
                f"not {statement.citations} and {statement.unsupported!r}."
            )
    return answer


def holds(citation: Citation, document: Document | None) -> bool:
    """Return whether the quote is the text at its offsets in this version of the document."""
    return (
        document is not None
        and document.id == citation.document_id
        and document.sha256 == citation.document_sha256
        and 0 <= citation.start < citation.end <= len(document.text)
        and document.text[citation.start : citation.end] == citation.quote
    )


class _NumberedCitations:
    """Citations numbered from 1, one for each distinct passage."""

    def __init__(self) -> None:
        self.citations: list[Citation] = []
        self._numbers: dict[tuple[str, int, int], int] = {}

    def number(self, passage: Passage) -> int:
        key = (passage.document.id, passage.start, passage.end)
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers) + 1
            self.citations.append(cite(passage, self._numbers[key]))
        return self._numbers[key]


def check_quote(citation: Citation, document: Document | None) -> None:
    """Raise `CitationError` unless the quote is the document's text at the citation's offsets."""
    if document is None:
        raise CitationError(
            f"Citation {citation.number} quotes an unknown document, {citation.document_id!r}."
        )
    is_inside = 0 <= citation.start < citation.end <= len(document.text)
    if not is_inside or document.text[citation.start : citation.end] != citation.quote:
        raise CitationError(
            f"Citation {citation.number} does not quote the text of {document.source!r} "
            f"at {citation.start}:{citation.end}."
        )
    if citation.document_sha256 != document.sha256:
        raise CitationError(
            f"Citation {citation.number} quotes another version of {document.source!r}."
        )


def _highlight_in_statement(passage: Passage) -> tuple[int, int] | None:
    if passage.highlight is None:
        return None
    start, end = passage.highlight
    return start - passage.start, end - passage.start
