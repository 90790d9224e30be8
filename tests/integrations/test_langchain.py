"""The assistant inside LangChain: chains, streams, callbacks, and an agent of LangGraph."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.runnables import RunnableConfig, RunnableLambda
from langgraph.graph import END, START, MessagesState, StateGraph

from assistant import Answer, Assistant, Encoder, Status, UsageError
from assistant.integrations.langchain import AnswerRunnable, text_for_agent
from assistant.testing import (
    ScriptedChatModel,
    answer_quoting,
    answer_uncertain,
    document_of,
)
from tests.in_thread import run

FOUNDED = "When was the SCO founded?"


class Seen(BaseCallbackHandler):
    """Notes what a tracer is told."""

    def __init__(self) -> None:
        self.events: list[tuple[str, Any]] = []
        self.metadata: list[Any] = []

    def on_chain_start(self, serialized: Any, inputs: Any, **kwargs: Any) -> None:
        self.events.append(("start", kwargs.get("name")))
        self.metadata.append(kwargs.get("metadata"))

    def on_chain_end(self, outputs: Any, **kwargs: Any) -> None:
        self.events.append(("end", outputs))

    def on_chain_error(self, error: BaseException, **kwargs: Any) -> None:
        self.events.append(("error", error))

    def on_chat_model_start(self, serialized: Any, messages: Any, **kwargs: Any) -> None:
        self.events.append(("model", messages[0][-1].text))

    def on_llm_end(self, response: Any, **kwargs: Any) -> None:
        self.events.append(("model end", response.generations[0][0].text))

    def on_tool_start(self, serialized: Any, input_str: str, **kwargs: Any) -> None:
        self.events.append(("tool", input_str))

    def on_tool_end(self, output: Any, **kwargs: Any) -> None:
        self.events.append(("tool end", output))


class ScriptedModel(GenericFakeChatModel):
    """Says what it is scripted to say, whatever tools it is given."""

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> "ScriptedModel":
        return self


@pytest.mark.parametrize(
    "given",
    [
        FOUNDED,
        {"question": FOUNDED},
        [HumanMessage(FOUNDED)],
        [SystemMessage("Be brief."), ("human", "Hello"), ("ai", "Hello!"), ("human", FOUNDED)],
        {"messages": [{"role": "user", "content": FOUNDED}]},
        [HumanMessage([{"type": "text", "text": FOUNDED}])],
    ],
)
def test_a_question_or_messages_go_in_and_an_answer_comes_out(
    article_assistant: Assistant, given: Any
) -> None:
    answer = article_assistant.as_runnable().invoke(given)
    assert answer.question == FOUNDED
    assert "2001" in answer.text


def test_the_messages_before_the_question_are_its_conversation(
    article_assistant: Assistant,
) -> None:
    runnable = article_assistant.as_runnable()
    before = [
        HumanMessage("What was signed in 2003?"),
        AIMessage("The Program of Multilateral Trade and Economic Cooperation was signed."),
    ]
    asked = runnable.invoke([*before, HumanMessage("Where was that?")])
    assert asked == _untimed(
        runnable.invoke({"question": "Where was that?", "messages": before}), asked
    )
    assert "Beijing" in asked.text


def _untimed(answer: Answer, like: Answer) -> Answer:
    return replace(answer, timings=like.timings)


@pytest.mark.parametrize("given", [[], {}, [AIMessage("Hello")], {"question": 3}, [object()], 7])
def test_an_input_without_a_question_is_a_clear_error(
    article_assistant: Assistant, given: Any
) -> None:
    with pytest.raises(UsageError, match=r"contains no question|not a list of chat messages"):
        article_assistant.as_runnable().invoke(given)


def test_it_works_in_a_chain_with_bound_arguments(article_assistant: Assistant) -> None:
    chain = article_assistant.as_runnable().bind(top_k=6) | RunnableLambda(
        lambda answer: answer.text
    )
    assert "2001" in chain.invoke(FOUNDED)
    with pytest.raises(UsageError, match="There is no engine 'oracle'"):
        article_assistant.as_runnable().bind(engine="oracle").invoke(FOUNDED)


QUESTION_OF_SEVERAL = "What is this article about?"


def test_it_streams_longer_and_longer_beginnings(article_assistant: Assistant) -> None:
    runnable = article_assistant.as_runnable()
    pieces = list(runnable.stream(QUESTION_OF_SEVERAL))
    assert len(pieces) > 1
    assert all(after.text.startswith(before.text) for before, after in pairwise(pieces))

    async def collect() -> list[Answer]:
        return [piece async for piece in runnable.astream(QUESTION_OF_SEVERAL)]

    assert [piece.text for piece in run(collect())] == [piece.text for piece in pieces]


def test_callbacks_metadata_and_name_of_a_config_are_passed_through(
    article_assistant: Assistant,
) -> None:
    seen = Seen()
    runnable = article_assistant.as_runnable()
    answer = runnable.invoke(
        FOUNDED, {"callbacks": [seen], "run_name": "founding", "metadata": {"who": "a test"}}
    )
    assert seen.events == [("start", "founding"), ("end", answer)]
    assert seen.metadata[0]["who"] == "a test"


def test_callbacks_see_a_stream_and_an_asynchronous_one(article_assistant: Assistant) -> None:
    seen = Seen()
    runnable = article_assistant.as_runnable()
    *_, last = runnable.stream(QUESTION_OF_SEVERAL, {"callbacks": [seen]})
    assert seen.events == [("start", "assistant"), ("end", last)]

    async def ask() -> Answer:
        return await runnable.ainvoke(FOUNDED, {"callbacks": [seen]})

    assert seen.events[2:] == []
    answer = run(ask())
    assert seen.events[2:] == [("start", "assistant"), ("end", answer)]


def test_callbacks_see_an_error(article_assistant: Assistant) -> None:
    seen = Seen()
    with pytest.raises(UsageError):
        article_assistant.as_runnable().invoke([], {"callbacks": [seen]})
    assert [kind for kind, _ in seen.events] == ["start", "error"]


def test_several_questions_are_asked_at_once(article_assistant: Assistant) -> None:
    runnable = article_assistant.as_runnable()
    questions: list[Any] = [FOUNDED, "What was signed in 2003?"]
    answers = runnable.batch(questions, {"max_concurrency": 2})
    assert [answer.question for answer in answers] == questions
    asked = run(runnable.abatch(questions))
    assert [answer.text for answer in asked] == [answer.text for answer in answers]


@pytest.fixture
def written(article_assistant: Assistant, encoder: Encoder) -> Assistant:
    """An assistant whose language model writes one true sentence."""
    model = ScriptedChatModel(texts=["The SCO was founded in 2001."])
    settings = article_assistant.settings.model_copy(update={"reader": "none"})
    return Assistant(settings, encoder, model)


async def _last(pieces: AsyncIterator[Answer]) -> Answer:
    return [piece async for piece in pieces][-1]


@pytest.mark.parametrize("way", ["invoke", "stream", "ainvoke", "astream", "tool", "atool"])
def test_callbacks_see_the_language_model_inside(written: Assistant, way: str) -> None:
    seen = Seen()
    runnable, tool = written.as_runnable(), written.as_tool()
    config: RunnableConfig = {"callbacks": [seen]}
    if way == "invoke":
        runnable.invoke(FOUNDED, config)
    elif way == "stream":
        list(runnable.stream(FOUNDED, config))
    elif way == "ainvoke":
        run(runnable.ainvoke(FOUNDED, config))
    elif way == "astream":
        run(_last(runnable.astream(FOUNDED, config)))
    elif way == "tool":
        tool.invoke({"question": FOUNDED}, config)
    else:
        run(tool.ainvoke({"question": FOUNDED}, config))
    (asked,) = [told for kind, told in seen.events if kind == "model"]
    (said,) = [told for kind, told in seen.events if kind == "model end"]
    assert FOUNDED in asked
    assert said.strip() == "The SCO was founded in 2001."


def test_an_agent_calls_the_tool_and_reads_the_answer_with_its_quotes(
    article_assistant: Assistant,
) -> None:
    seen = Seen()
    call = {"name": "ask_documents", "args": {"question": FOUNDED}, "id": "1", "type": "tool_call"}
    model = ScriptedModel(
        messages=iter([AIMessage("", tool_calls=[call]), AIMessage("In 2001, it says.")])
    )
    agent = create_agent(model, [article_assistant.as_tool()])
    state = agent.invoke({"messages": [HumanMessage(FOUNDED)]}, {"callbacks": [seen]})
    (message,) = [one for one in state["messages"] if isinstance(one, ToolMessage)]
    answer = message.artifact
    assert isinstance(answer, Answer)
    assert answer.text in message.text
    assert answer.citations[0].quote in message.text
    assert state["messages"][-1].text == "In 2001, it says."
    assert [kind for kind, _ in seen.events if kind.startswith("tool")] == ["tool", "tool end"]


def test_the_runnable_is_a_node_of_a_graph(article_assistant: Assistant) -> None:
    runnable = article_assistant.as_runnable()

    def answer(state: MessagesState) -> dict[str, Any]:
        return {"messages": [AIMessage(runnable.invoke(state["messages"]).text)]}

    graph = StateGraph(MessagesState)
    graph.add_node("answer", answer)
    graph.add_edge(START, "answer")
    graph.add_edge("answer", END)
    seen = Seen()
    found = graph.compile().invoke({"messages": [HumanMessage(FOUNDED)]}, {"callbacks": [seen]})
    assert "2001" in found["messages"][-1].text
    assert ("start", "assistant") in seen.events


def test_the_tool_says_what_it_is_for_and_that_nothing_was_found(
    article_assistant: Assistant,
) -> None:
    tool = article_assistant.as_tool()
    assert "The Shanghai Cooperation Organization" in tool.description
    message = tool.invoke(
        {
            "name": tool.name,
            "args": {"question": "Who won the chess game?"},
            "id": "1",
            "type": "tool_call",
        }
    )
    assert message.artifact.status is Status.NOT_FOUND
    assert message.text == message.artifact.notice


def test_a_question_that_cannot_be_asked_is_told_to_the_agent(article_assistant: Assistant) -> None:
    message = article_assistant.as_tool(name="ask", description="Ask.").invoke(
        {"name": "ask", "args": {"question": " "}, "id": "1", "type": "tool_call"}
    )
    assert message.status == "error"
    assert message.text.startswith("The question is empty.")


def test_an_agent_reads_that_an_answer_is_uncertain() -> None:
    mill = document_of("The mill was built in 1851.", "mill.txt", "The mill")
    answer = answer_uncertain("Built?", mill, mill.text)
    assert text_for_agent(answer) == (
        "This may answer it: The mill was built in 1851. [1]\n\nQuoted from the documents:\n"
        "[1] The mill (mill.txt): “The mill was built in 1851.”"
    )
    assert text_for_agent(answer_quoting("Built?", mill, mill.text)).startswith("The mill was")


def test_a_runnable_returns_and_streams_an_uncertain_answer() -> None:
    mill = document_of("The mill was built in 1851.", "mill.txt")
    answer = answer_uncertain("Built?", mill, mill.text)
    runnable = AnswerRunnable(
        lambda question, history: answer, lambda question, history: iter([answer])
    )
    assert runnable.invoke("Built?").status is Status.UNCERTAIN
    assert [piece.lead for piece in runnable.stream("Built?")] == ["This may answer it:"]
