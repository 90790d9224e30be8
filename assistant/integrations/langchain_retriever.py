"""Search the index as a LangChain retriever, in other pipelines."""

from collections.abc import Callable

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from assistant.types import Document, Hit


class HybridRetriever(BaseRetriever):
    """A `BaseRetriever` whose documents have their exact location in their metadata.

    ``metadata`` contains ``source``, ``title``, ``document_id``, ``document_sha256``, ``start``
    and ``end`` (half-open, in characters), ``heading``, ``page``, ``score``, ``dense_rank`` and
    ``keyword_rank``. The id of each LangChain document is the id of the chunk.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True, frozen=True)

    search: Callable[[str, int], list[Hit]]
    """Returns the best hits for a query."""
    find_document: Callable[[str], Document]
    """Returns the document with an id."""
    top_k: int
    """The number of documents to return."""

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        return [self._convert(hit) for hit in self.search(query, self.top_k)]

    def _convert(self, hit: Hit) -> LangChainDocument:
        chunk, document = hit.chunk, self.find_document(hit.chunk.document_id)
        return LangChainDocument(
            id=chunk.id,
            page_content=chunk.text,
            metadata={
                "source": document.source,
                "title": document.title,
                "document_id": document.id,
                "document_sha256": document.sha256,
                "start": chunk.start,
                "end": chunk.end,
                "heading": chunk.heading,
                "page": document.page_at(chunk.start),
                "score": hit.score,
                "dense_rank": hit.dense_rank,
                "keyword_rank": hit.keyword_rank,
            },
        )
