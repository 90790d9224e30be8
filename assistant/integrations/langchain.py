"""Asking as a LangChain runnable and as a tool, for other people's chains and agents.

Runs are traced like any other of LangChain's: what is in ``config["callbacks"]``, or switched on by
the environment, sees questions, answers and errors, and the calls of a language model inside.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from typing import Any, Literal

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, convert_to_messages
from langchain_core.runnables import Runnable, RunnableConfig
from langchain_core.runnables.config import run_in_executor
from langchain_core.tools import BaseTool, ToolException
from pydantic import BaseModel, ConfigDict, Field

from assistant.errors import QuestionError, UsageError
from assistant.types import Answer, Status, Turn

Question = str | Sequence[Any] | Mapping[str, Any]
"""A question; messages, the last of which asks; or ``{"question": …, "messages": […]}``."""

TOOL_NAME = "ask_documents"
TOOL_DESCRIPTION = (
    "Answers a question from the documents{about}, with the exact passages that the answer rests "
    "on, or says that they do not answer it. Ask one whole question that can be understood alone."
)


class AnswerRunnable(Runnable[Question, Answer]):
    """Takes a question, or a conversation, and gives an `Answer`.

    ``stream`` gives the answer piece by piece, each a longer beginning of it, the last all of it.
    Keyword arguments (``top_k``, ``engine``, ``within``) go to `Assistant.ask`; bind them with
    ``runnable.bind(top_k=4)``.
    """

    def __init__(self, ask: Callable[..., Answer], stream: Callable[..., Iterator[Answer]]) -> None:
        self._ask, self._stream = ask, stream
        self.name = "assistant"

    def invoke(
        self,
        input: Question,  # noqa: A002  # LangChain's name for it
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> Answer:
        """The answer. Raises `UsageError` for an input without a question."""

        def answer(given: Question) -> Answer:
            question, history = question_and_history(given)
            return self._ask(question, history, **kwargs)

        return self._call_with_config(answer, input, config)

    def stream(
        self,
        input: Question,  # noqa: A002  # LangChain's name for it
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> Iterator[Answer]:
        """The answer as it grows. Raises `UsageError` for an input without a question."""

        def answers(given: Iterator[Question]) -> Iterator[Answer]:
            for one in given:
                question, history = question_and_history(one)
                yield from self._stream(question, history, **kwargs)

        yield from self._transform_stream_with_config(iter([input]), answers, config)

    async def astream(
        self,
        input: Question,  # noqa: A002  # LangChain's name for it
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[Answer]:
        """`stream` without blocking the event loop: each piece is made in a thread."""

        async def given() -> AsyncIterator[Question]:
            yield input

        async def answers(questions: AsyncIterator[Question]) -> AsyncIterator[Answer]:
            async for one in questions:
                question, history = question_and_history(one)
                pieces = self._stream(question, history, **kwargs)
                while (piece := await run_in_executor(None, next, pieces, None)) is not None:
                    yield piece

        async for piece in self._atransform_stream_with_config(given(), answers, config):
            yield piece


class ToolInput(BaseModel):
    """What an agent gives the tool."""

    question: str = Field(description="One whole question, in plain words.")


class AnswerTool(BaseTool):
    """Asks the documents for an agent; the artifact of its message is the `Answer`.

    What the agent reads is the answer and the quotes it rests on, marked as quotations: text of
    documents never speaks to it as anything else. A question that cannot be asked is told to the
    agent; other errors are raised.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    name: str = TOOL_NAME
    description: str = TOOL_DESCRIPTION.format(about="")
    args_schema: type[BaseModel] = ToolInput
    response_format: Literal["content", "content_and_artifact"] = "content_and_artifact"
    handle_tool_error: bool = True
    ask: Callable[[str], Answer]
    """Gives the answer to a question."""

    def _run(self, question: str) -> tuple[str, Answer]:
        try:
            answer = self.ask(question)
        except QuestionError as error:
            raise ToolException(str(error)) from error
        return told(answer), answer


def told(answer: Answer) -> str:
    """An answer for a language model to read: its text with its marks, then each quote."""
    if answer.status is not Status.ANSWERED:
        return answer.notice
    quotes = (
        f"[{one.number}] {_on_one_line(one.title)} ({_on_one_line(one.source)}): "
        f"“{_on_one_line(one.quote)}”"
        for one in answer.citations
    )
    return "\n".join((answer.text, "", "Quoted from the documents:", *quotes))


def question_and_history(given: Question) -> tuple[str, list[Turn | Mapping[str, Any]]]:
    """The question that an input asks, and the conversation before it.

    Of messages the last one asks; those of people and models before it are the conversation.
    Raises `UsageError` for anything else.
    """
    if isinstance(given, str):
        return given, []
    if isinstance(given, Mapping):
        question, before = given.get("question"), given.get("messages", [])
        if isinstance(question, str) and isinstance(before, Sequence):
            return question, _history(before)
        if question is None and isinstance(before, Sequence) and before:
            return question_and_history(before)
    elif isinstance(given, Sequence) and given:
        *before, last = _messages(given)
        if isinstance(last, HumanMessage):
            return str(last.text), _history(before)
    raise UsageError(
        "There is no question in it. Give a text, messages that end with a person's, or "
        '{"question": "…", "messages": […]}.'
    )


def _history(given: Sequence[Any]) -> list[Turn | Mapping[str, Any]]:
    found: list[Turn | Mapping[str, Any]] = []
    for entry in given:
        if isinstance(entry, Turn):
            found.append(entry)
            continue
        (message,) = _messages([entry])
        role = {HumanMessage: "user", AIMessage: "assistant"}.get(type(message))
        if role and message.text:
            found.append({"role": role, "content": str(message.text)})
    return found


def _messages(given: Sequence[Any]) -> list[BaseMessage]:
    try:
        return convert_to_messages(list(given))
    except (ValueError, TypeError, NotImplementedError, KeyError) as error:
        first_line = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise UsageError(f"These are no messages of a conversation: {first_line[:200]}") from error


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
