"""Use the documents in LangChain: passages for a prompt of your own, or checked answers as a step.

Run: ``python examples/langchain_chain.py``
"""

from langchain_core.documents import Document
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnablePassthrough

from assistant import Answer, Assistant

QUESTION = "When was the SCO founded?"
PROMPT = ChatPromptTemplate.from_template("Passages:\n{passages}\n\nQuestion: {question}")


def numbered(passages: list[Document]) -> str:
    """Return the passages as a prompt shows them."""
    return "\n".join(f"[{n}] {passage.page_content}" for n, passage in enumerate(passages, 1))


def with_sources(answer: Answer) -> str:
    return f"{answer.text} ({', '.join(citation.source for citation in answer.citations)})"


def main() -> None:
    with Assistant.open() as assistant:
        assistant.ingest()
        passages = assistant.as_retriever(top_k=3) | numbered
        prompt = {"passages": passages, "question": RunnablePassthrough()} | PROMPT
        print(prompt.invoke(QUESTION).to_string())  # add your model: prompt | model

        checked = assistant.as_runnable() | with_sources
        print(checked.invoke(QUESTION))


if __name__ == "__main__":
    main()
