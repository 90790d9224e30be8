"""Make the record of an answer for the feedback store, checking its quotes against the index again.

The answer may come back from a browser or a program, so nothing in it is trusted.
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
"""Characters of question, answer and quotes together, far more than an engine's answer has."""


def record(
    answer: Answer,
    helpful: bool | None,
    comment: str,
    document: Callable[[str], Document | None],
    identifier: str = "",
) -> Feedback:
    """Return the record of an answer and a reader's verdict, with a new id unless one is given.

    The numbers of quotes that differ from the document's current text are listed in ``unchecked``.
    Other quotes get title, source and page from the index. Raise `UsageError` if the comment or
    the answer is too long.
    """
    comment = _clean(comment).strip()
    if len(comment) > MAX_COMMENT:
        raise UsageError(
            f"The comment has {len(comment):,} characters; at most {MAX_COMMENT:,} are allowed. "
            "Shorten it."
        )
    pairs = [(citation, document(citation.document_id)) for citation in answer.citations]
    feedback = Feedback(
        id=identifier or uuid.uuid4().hex,
        time=as_written(datetime.now(UTC)),
        question=_clean(answer.question),
        standalone_question=_clean(answer.standalone_question),
        helpful=helpful,
        comment=comment,
        status=answer.status,
        answer=_clean(answer.text),
        citations=tuple(_renewed(citation, quoted) for citation, quoted in pairs),
        unchecked=tuple(
            citation.number for citation, quoted in pairs if not holds(citation, quoted)
        ),
        engine=_clean(answer.engine),
        within=_clean(answer.within),
    )
    quotes = sum(
        len(citation.quote) + len(citation.title) + len(citation.source) + len(citation.document_id)
        for citation in feedback.citations
    )
    length = (
        len(feedback.question) + len(feedback.standalone_question) + len(feedback.answer) + quotes
    )
    if length + len(feedback.engine) + len(feedback.within) > _MAX_CHARACTERS:
        raise UsageError(
            f"Question, answer and quotes have {length:,} characters; at most "
            f"{_MAX_CHARACTERS:,} are allowed."
        )
    return feedback


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
    """Return the text without lone surrogates, which only a program sends and no database stores."""
    return text.encode(errors="ignore").decode()
