from langchain_core.documents import Document as LangChainDocument
from langchain_core.runnables import RunnableLambda

from assistant import Assistant, Chunk, Document, Hit
from assistant.integrations.langchain_retriever import HybridRetriever
from tests.in_thread import run


def test_the_retriever_works_inside_a_runnable_with_offsets_in_its_metadata(
    article_assistant: Assistant,
) -> None:
    def quote(documents: list[LangChainDocument]) -> list[str]:
        return [
            article_assistant.document(found.metadata["document_id"]).text[
                found.metadata["start"] : found.metadata["end"]
            ]
            for found in documents
        ]

    chain = article_assistant.as_retriever(top_k=3) | RunnableLambda(
        lambda documents: (documents, quote(documents))
    )
    documents, quotes = chain.invoke("When was the SCO founded?")
    assert [document.page_content for document in documents] == quotes
    assert len(quotes) == 3
    assert documents[0].metadata["source"].endswith(".txt")
    assert documents[0].metadata["title"].startswith("SCO Champions")


async def _ask(assistant: Assistant) -> list[LangChainDocument]:
    return await assistant.as_retriever().ainvoke("Shanghai Spirit")


def test_the_retriever_works_asynchronously(article_assistant: Assistant) -> None:
    documents = run(_ask(article_assistant))
    assert any("Shanghai Spirit" in document.page_content for document in documents)


def test_documents_carry_what_a_hit_and_its_document_say() -> None:
    text = "The Title\n\nOtters swim."
    document = Document("d", "a.pdf", "The Title", text, "h", "application/pdf", (0, 11))
    hit = Hit(Chunk("c", "d", 11, 23, "Otters swim.", "The Title"), 0.5, 2, None)
    asked: list[tuple[str, int]] = []

    def search(query: str, top_k: int) -> list[Hit]:
        asked.append((query, top_k))
        return [hit]

    retriever = HybridRetriever(search=search, find_document=lambda _: document, top_k=7)
    (found,) = retriever.invoke("otters")
    assert asked == [("otters", 7)]
    assert (found.id, found.page_content) == ("c", "Otters swim.")
    assert found.metadata == {
        "source": "a.pdf",
        "title": "The Title",
        "document_id": "d",
        "document_sha256": "h",
        "start": 11,
        "end": 23,
        "heading": "The Title",
        "page": 2,
        "score": 0.5,
        "dense_rank": 2,
        "keyword_rank": None,
    }
