"""Which documents a question means that asks about documents as such."""

from collections.abc import Sequence
from functools import cache

from assistant.retrieval.search import exact_search
from assistant.session import Session
from assistant.text.lexicons import lexicon
from assistant.text.words import STOP_WORDS, plural, words
from assistant.types import Document, DocumentSummary, Turn

_LOOKED_THROUGH = 20
"""The number of documents in which a term is looked for, character by character."""


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


def documents_with(session: Session, term: str, name: str, history: Sequence[Turn]) -> list[str]:
    """Return the ids of the documents to look for an exact term in, the likeliest first.

    Of many documents that the name may mean, those in which a search finds the term, up to a bound.
    """
    meant = [one.id for one in documents_meant(session, history, name)]
    if len(meant) <= _LOOKED_THROUGH:
        return meant
    found = exact_search(session.view.catalog, [term], _LOOKED_THROUGH)
    return [one for one in dict.fromkeys(chunk.document_id for chunk in found) if one in set(meant)]


@cache
def _general_words() -> frozenset[str]:
    """Return the words of the names that any document has, in the plural."""
    return frozenset(
        plural(word) for name in lexicon("general_document_nouns") for word in words(name)
    )


def is_named(name: str, document: Document | DocumentSummary) -> bool:
    """Whether all content words of a name occur in the document's title or path, in any number."""
    wanted = {plural(word.lower()) for word in words(name) if word.lower() not in STOP_WORDS}
    wanted -= _general_words()
    present = {plural(word.lower()) for word in words(f"{document.title} {document.source}")}
    return bool(wanted) and wanted <= present
