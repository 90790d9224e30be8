from langchain_core.documents import Document
from langchain_core.runnables import RunnableLambda

from assistant import Assistant
from tests.in_thread import run


def test_the_retriever_works_inside_a_runnable_with_offsets_in_its_metadata(
    article_assistant: Assistant,
) -> None:
    def quote(documents: list[Document]) -> list[str]:
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


async def _ask(assistant: Assistant) -> list[Document]:
    return await assistant.as_retriever().ainvoke("Shanghai Spirit")


def test_the_retriever_works_asynchronously(article_assistant: Assistant) -> None:
    documents = run(_ask(article_assistant))
    assert any("Shanghai Spirit" in document.page_content for document in documents)
