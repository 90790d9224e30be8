"""Makes the record that is kept of an answer, its quotes checked against the index once more.

The answer may come back from a browser or a program: nothing of it is believed.
"""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from assistant.answering.citations import holds
from assistant.errors import UsageError
from assistant.feedback.store import as_written
from assistant.types import Answer, Citation, Document, Feedback

MAX_COMMENT = 2000
_MAX_CHARACTERS = 100_000
"""Of question, answer and quotes together; no answer of an engine comes near it."""


def record(
    answer: Answer,
    helpful: bool | None,
    comment: str,
    document: Callable[[str], Document | None],
    identifier: str = "",
) -> Feedback:
    """What is kept of an answer and of what a reader said of it; a new id unless one is given.

    A quote that is not, now, the text of its document is listed in ``unchecked``; of the others
    title, source and page are the index's. Raises `UsageError` for what is too long to keep.
    """
    comment = _clean(comment).strip()
    if len(comment) > MAX_COMMENT:
        raise UsageError(
            f"The comment has {len(comment):,} characters; at most {MAX_COMMENT:,} are kept."
        )
    pairs = [(citation, document(citation.document_id)) for citation in answer.citations]
    found = Feedback(
        id=identifier or uuid.uuid4().hex,
        time=as_written(datetime.now(UTC)),
        question=_clean(answer.question),
        standalone_question=_clean(answer.standalone_question),
        helpful=helpful,
        comment=comment,
        status=answer.status,
        answer=_clean(answer.text),
        citations=tuple(_renewed(citation, of) for citation, of in pairs),
        unchecked=tuple(citation.number for citation, of in pairs if not holds(citation, of)),
        engine=_clean(answer.engine),
        within=_clean(answer.within),
    )
    quotes = sum(
        len(citation.quote) + len(citation.title) + len(citation.source) + len(citation.document_id)
        for citation in found.citations
    )
    length = len(found.question) + len(found.standalone_question) + len(found.answer) + quotes
    if length + len(found.engine) + len(found.within) > _MAX_CHARACTERS:
        raise UsageError(
            f"Question, answer and quotes have {length:,} characters; at most "
            f"{_MAX_CHARACTERS:,} are kept."
        )
    return found


def _renewed(citation: Citation, document: Document | None) -> Citation:
    if document is None or not holds(citation, document):
        return replace(
            citation,
            title=_clean(citation.title),
            source=_clean(citation.source),
            quote=_clean(citation.quote),
        )
    return replace(
        citation,
        title=document.title,
        source=document.source,
        page=document.page_at(citation.start),
    )


def _clean(text: str) -> str:
    """Text without lone surrogates, which only a program can send and no database keeps."""
    return text.encode(errors="ignore").decode()
