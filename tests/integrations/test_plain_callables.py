"""The runnable and the tool over plain functions, without an index or a model."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_core.tools import ToolException

from assistant import Answer, Citation, QuestionError, Statement, Status, Turn, UsageError
from assistant.integrations.langchain import (
    AnswerRunnable,
    AnswerTool,
    question_and_history,
    text_for_agent,
)
from tests.in_thread import run

CITATION = Citation(1, "d", "The\nHandbook", "a.txt", 0, 12, "Otters\n swim.", "h")
ANSWER = Answer(
    "q", "q", Status.ANSWERED, (Statement("Otters swim.", (1,)),), (CITATION,), notice="unused"
)
EARLIER = Turn("Who?", ANSWER)


def ask(question: str, history: Sequence[Turn | Mapping[str, Any]] = (), **given: Any) -> Answer:
    return Answer(question, f"{question} {len(history)} {given}", Status.ANSWERED)


def stream(
    question: str, history: Sequence[Turn | Mapping[str, Any]] = (), **given: Any
) -> Iterator[Answer]:
    yield Answer(question, "begun", Status.ANSWERED)
    yield ask(question, history, **given)


RUNNABLE = AnswerRunnable(ask, stream)


@pytest.mark.parametrize(
    ("given", "question", "history"),
    [
        ("Who?", "Who?", []),
        ({"question": "Who?"}, "Who?", []),
        ({"question": "Who?", "messages": [EARLIER]}, "Who?", [EARLIER]),
        ({"messages": [("human", "Who?")]}, "Who?", []),
        (
            [SystemMessage("Be brief."), ("human", "Who?"), ("ai", "Ada."), HumanMessage("When?")],
            "When?",
            [{"role": "user", "content": "Who?"}, {"role": "assistant", "content": "Ada."}],
        ),
        ([AIMessage(""), HumanMessage("When?")], "When?", []),
    ],
)
def test_the_last_message_asks_and_those_before_are_the_history(
    given: Any, question: str, history: list[Any]
) -> None:
    assert question_and_history(given) == (question, history)


@pytest.mark.parametrize(
    "given",
    [[], {}, {"question": 7}, {"question": "Who?", "messages": 7}, [AIMessage("Ada.")], [7]],
)
def test_an_input_without_a_question_is_an_error(given: Any) -> None:
    with pytest.raises(UsageError):
        question_and_history(given)


def test_keyword_arguments_are_passed_on() -> None:
    assert RUNNABLE.invoke("Who?", top_k=3).standalone_question == "Who? 0 {'top_k': 3}"
    (_, last) = RUNNABLE.stream({"question": "Who?", "messages": [EARLIER]}, engine="extractive")
    assert last.standalone_question == "Who? 1 {'engine': 'extractive'}"


def test_the_asynchronous_stream_has_the_same_pieces() -> None:
    async def collect() -> list[Answer]:
        return [piece async for piece in RUNNABLE.astream("Who?")]

    assert run(collect()) == list(RUNNABLE.stream("Who?"))


def test_an_agent_reads_the_answer_then_each_quote_on_one_line() -> None:
    assert text_for_agent(ANSWER) == (
        "Otters swim. [1]\n\nQuoted from the documents:\n[1] The Handbook (a.txt): “Otters swim.”"
    )
    assert (
        text_for_agent(Answer("q", "q", Status.NOT_FOUND, notice="Nothing there."))
        == "Nothing there."
    )


def test_the_tool_gives_an_agent_the_text_and_keeps_the_answer() -> None:
    tool = AnswerTool(ask=lambda _: ANSWER)
    call = {"name": tool.name, "args": {"question": "q"}, "id": "1", "type": "tool_call"}
    message = tool.invoke(call)
    assert (message.content, message.artifact) == (text_for_agent(ANSWER), ANSWER)


def test_a_question_that_cannot_be_asked_is_told_and_other_errors_are_raised() -> None:
    def refuse(question: str) -> Answer:
        raise QuestionError("It is too long.") if question else UsageError("No.")

    tool = AnswerTool(ask=refuse)
    assert tool.invoke({"question": "q"}) == "It is too long."
    with pytest.raises(ToolException, match="It is too long"):
        tool._run("q")
    with pytest.raises(UsageError):
        tool.invoke({"question": ""})
