"""CitationChecks as the index holds them now: what a citation is checked against before it is shown."""

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.answering.citations import holds
from assistant.errors import AssistantError
from assistant.types import Answer, Citation, Document

if TYPE_CHECKING:
    from assistant.assistant import Assistant


class CitationChecks:
    """Documents looked up for one request, each read once.

    Made anew for each request: it keeps nothing between readers, and never an old state of the
    index.
    """

    def __init__(self, assistant: "Assistant") -> None:
        self._assistant = assistant
        self._documents: dict[str, Document | None] = {}

    def document(self, document_id: str) -> Document | None:
        """The document as indexed; None when the index does not hold it or cannot be used."""
        if document_id not in self._documents:
            try:
                self._documents[document_id] = self._assistant.document(document_id)
            except AssistantError:
                self._documents[document_id] = None
        return self._documents[document_id]

    def attribution(self, document_id: str) -> str:
        """The document's attribution line; empty when nothing is known."""
        document = self.document(document_id)
        return document.attribution.line if document else ""

    def url(self, document_id: str) -> str:
        """The address that the document was published at; empty when nothing is known."""
        document = self.document(document_id)
        return (document.attribution.url or "") if document else ""

    def holds(self, citation: Citation) -> bool:
        """Whether the quote is, in this very version of the document, the text at its offsets."""
        return holds(citation, self.document(citation.document_id))

    def renewed(self, answer: Answer) -> Answer:
        """The answer with titles, sources and pages as the index has them, not as it was told."""
        return replace(
            answer,
            citations=tuple(self._renewed(citation) for citation in answer.citations),
            closest=tuple(self._renewed(citation) for citation in answer.closest),
        )

    def _renewed(self, citation: Citation) -> Citation:
        document = self.document(citation.document_id)
        if document is None:
            return citation
        page = document.page_at(citation.start) if self.holds(citation) else None
        return replace(citation, title=document.title, source=document.source, page=page)
