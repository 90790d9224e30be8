"""Which documents a question means that asks about documents as such."""

from collections.abc import Sequence

from assistant.session import Session
from assistant.text.words import STOP_WORDS, words
from assistant.types import DocumentSummary, Turn


def documents_meant(session: Session, history: Sequence[Turn], noun: str) -> list[DocumentSummary]:
    """Return the documents that "this" or "the handbook" means.

    Those whose title or path has the noun, else those last cited, else all.
    """
    summaries = session.view.catalog.summaries()
    if noun and (named := [summary for summary in summaries if is_named(noun, summary)]):
        return named
    for turn in reversed(history):
        cited = {citation.document_id for citation in turn.answer.citations}
        if last := [summary for summary in summaries if summary.id in cited]:
            return last
    return summaries


def is_named(name: str, document: DocumentSummary) -> bool:
    """Whether all content words of a name occur in the document's title or path."""
    wanted = {word.lower() for word in words(name)} - STOP_WORDS - {"document", "file", "article"}
    present = {word.lower() for word in words(f"{document.title} {document.source}")}
    return bool(wanted) and wanted <= present
