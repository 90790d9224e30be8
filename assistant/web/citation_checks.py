"""Check citations against the index before they are shown."""

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.answering.citations import holds
from assistant.errors import AssistantError
from assistant.reading.quoted_blocks import flat_quote, quoted_blocks
from assistant.text.headings import Section, sections
from assistant.text.media_types import MARKDOWN
from assistant.types import Answer, Citation, Document, Statement

if TYPE_CHECKING:
    from assistant.assistant import Assistant


class CitationChecks:
    """Checks of citations for one request, which read each document once.

    Create it for each request. So readers share nothing, and no old state of the index is used.
    """

    def __init__(self, assistant: "Assistant") -> None:
        self._assistant = assistant
        self._documents: dict[str, Document | None] = {}
        self._sections: dict[str, list[Section]] = {}

    def document(self, document_id: str) -> Document | None:
        """Return a document as indexed, or None if the index lacks it or cannot be read."""
        if document_id not in self._documents:
            try:
                self._documents[document_id] = self._assistant.document(document_id)
            except AssistantError:
                self._documents[document_id] = None
        return self._documents[document_id]

    def attribution(self, document_id: str) -> str:
        """Return a document's attribution line, or an empty text without one."""
        document = self.document(document_id)
        return document.attribution.line if document else ""

    def url(self, document_id: str) -> str:
        """Return the address where a document was published, or an empty text without one."""
        document = self.document(document_id)
        return (document.attribution.url or "") if document else ""

    def headings(self, citation: Citation) -> tuple[str, ...]:
        """Return the document's title and the headings above a passage, outermost first.

        A heading that repeats the title is left out, and so are the headings of a quote that the
        document no longer has.
        """
        document = self.document(citation.document_id)
        if document is None or not self.holds(citation):
            return (citation.title,)
        if document.id not in self._sections:
            self._sections[document.id] = sections(document.text, document.media_type)
        above = next(
            part.titles for part in self._sections[document.id] if citation.start < part.end
        )
        return tuple(dict.fromkeys((document.title, *above)))

    def flat_quote(self, citation: Citation) -> str:
        """Return a quote on one line, the cells of its rows after the names of their columns."""
        document = self.document(citation.document_id)
        if document is None or not self.holds(citation):
            return flat_quote(_alone(citation), 0, len(citation.quote))
        return flat_quote(document, citation.start, citation.end)

    def holds(self, citation: Citation) -> bool:
        """Return whether this version of the document has the quote at the citation's offsets."""
        return holds(citation, self.document(citation.document_id))

    def refreshed(self, answer: Answer) -> Answer:
        """Return the answer with titles, sources, pages and blocks from the index."""
        return replace(
            answer,
            statements=tuple(self._laid_out(statement, answer) for statement in answer.statements),
            citations=tuple(self._refreshed(citation) for citation in answer.citations),
            closest=tuple(self._refreshed(citation) for citation in answer.closest),
        )

    def _laid_out(self, statement: Statement, answer: Answer) -> Statement:
        """Return a quote with the blocks that it has in its document, whatever it came with.

        One that the document no longer has gets the blocks that its own text shows.
        """
        quoted = [
            one
            for one in answer.citations
            if one.number in statement.citations and one.quote == statement.text
        ]
        cited = next(filter(self.holds, quoted), None)
        document = self.document(cited.document_id) if cited else None
        if cited is not None and document is not None:
            return replace(statement, blocks=quoted_blocks(document, cited.start, cited.end))
        if not quoted:
            return replace(statement, blocks=())
        return replace(statement, blocks=quoted_blocks(_alone(quoted[0]), 0, len(statement.text)))

    def _refreshed(self, citation: Citation) -> Citation:
        document = self.document(citation.document_id)
        if document is None:
            return citation
        page = document.page_at(citation.start) if self.holds(citation) else None
        return replace(citation, title=document.title, source=document.source, page=page)


def _alone(citation: Citation) -> Document:
    """Return a quote as a document of its own, for a document that is gone."""
    return Document(
        citation.document_id,
        citation.source,
        citation.title,
        citation.quote,
        citation.document_sha256,
        MARKDOWN,
    )
