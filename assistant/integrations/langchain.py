"""Ask the assistant as a LangChain runnable or tool, in chains and agents.

LangChain traces these runs like any others: the callbacks in ``config["callbacks"]``, and those
switched on by the environment, see questions, answers, errors and the language model's calls.
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
"""A question, messages that end with a question, or ``{"question": …, "messages": […]}``."""

TOOL_NAME = "ask_documents"
TOOL_DESCRIPTION = (
    "Answers a question from the documents{about} and quotes the exact passages that the answer is "
    "based on, says that an answer is uncertain, or says that it found no answer. Ask one complete question that makes sense on its own."
)


class AnswerRunnable(Runnable[Question, Answer]):
    """A runnable from a question or conversation to an `Answer`.

    ``stream`` yields longer and longer beginnings of the answer. The last one is complete. Keyword
    arguments (``top_k``, ``engine``, ``within``) go to `Assistant.ask`: bind them with
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
        """Return the answer. Raise `UsageError` if the input contains no question."""

        def answer(asked: Question) -> Answer:
            question, history = question_and_history(asked)
            return self._ask(question, history, **kwargs)

        return self._call_with_config(answer, input, config)

    def stream(
        self,
        input: Question,  # noqa: A002  # LangChain's name for it
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> Iterator[Answer]:
        """Yield the answer as it grows. Raise `UsageError` if the input contains no question."""

        def answers(inputs: Iterator[Question]) -> Iterator[Answer]:
            for asked in inputs:
                question, history = question_and_history(asked)
                yield from self._stream(question, history, **kwargs)

        yield from self._transform_stream_with_config(iter([input]), answers, config)

    async def astream(
        self,
        input: Question,  # noqa: A002  # LangChain's name for it
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[Answer]:
        """Yield what `stream` yields without blocking the event loop, using a thread."""

        async def inputs() -> AsyncIterator[Question]:
            yield input

        async def answers(questions: AsyncIterator[Question]) -> AsyncIterator[Answer]:
            async for asked in questions:
                question, history = question_and_history(asked)
                pieces = self._stream(question, history, **kwargs)
                while (piece := await run_in_executor(None, next, pieces, None)) is not None:
                    yield piece

        async for piece in self._atransform_stream_with_config(inputs(), answers, config):
            yield piece


class ToolInput(BaseModel):
    """The arguments that an agent passes to the tool."""

    question: str = Field(description="One complete question, in plain words.")


class AnswerTool(BaseTool):
    """A tool with which an agent asks the documents. The artifact of its message is the `Answer`.

    The agent reads the answer and the quotes that support it, marked as quotations, so that text
    from documents never looks like anything else. An empty or over-long question is reported to
    the agent. All other errors are raised.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    name: str = TOOL_NAME
    description: str = TOOL_DESCRIPTION.format(about="")
    args_schema: type[BaseModel] = ToolInput
    response_format: Literal["content", "content_and_artifact"] = "content_and_artifact"
    handle_tool_error: bool = True
    ask: Callable[[str], Answer]
    """Returns the answer to a question."""

    def _run(self, question: str) -> tuple[str, Answer]:
        try:
            answer = self.ask(question)
        except QuestionError as error:
            raise ToolException(str(error)) from error
        return text_for_agent(answer), answer


def text_for_agent(answer: Answer) -> str:
    """Return the answer as text for a language model: the answer with its marks, then each quote.

    An uncertain answer begins with its lead.
    """
    if answer.status not in (Status.ANSWERED, Status.UNCERTAIN):
        return answer.notice
    quotes = (
        f"[{citation.number}] {_on_one_line(citation.title)} ({_on_one_line(citation.source)}): "
        f"“{_on_one_line(citation.quote)}”"
        for citation in answer.citations
    )
    text = f"{answer.lead} {answer.text}".lstrip()
    return "\n".join((text, "", "Quoted from the documents:", *quotes))


def question_and_history(asked: Question) -> tuple[str, list[Turn | Mapping[str, Any]]]:
    """Return the question in an input and the conversation before it.

    The last message is the question. The earlier messages of people and models are the
    conversation. Raise `UsageError` if the input contains no question.
    """
    if isinstance(asked, str):
        return asked, []
    if isinstance(asked, Mapping):
        question, before = asked.get("question"), asked.get("messages", [])
        if isinstance(question, str) and isinstance(before, Sequence):
            return question, _history(before)
        if question is None and isinstance(before, Sequence) and before:
            return question_and_history(before)
    elif isinstance(asked, Sequence) and asked:
        *before, last = _messages(asked)
        if isinstance(last, HumanMessage):
            return str(last.text), _history(before)
    raise UsageError(
        "The input contains no question. Give a string, messages that end with a person's message, "
        'or {"question": "…", "messages": […]}.'
    )


def _history(entries: Sequence[Any]) -> list[Turn | Mapping[str, Any]]:
    history: list[Turn | Mapping[str, Any]] = []
    for entry in entries:
        if isinstance(entry, Turn):
            history.append(entry)
            continue
        (message,) = _messages([entry])
        role = {HumanMessage: "user", AIMessage: "assistant"}.get(type(message))
        if role and message.text:
            history.append({"role": role, "content": str(message.text)})
    return history


def _messages(entries: Sequence[Any]) -> list[BaseMessage]:
    try:
        return convert_to_messages(list(entries))
    except (ValueError, TypeError, NotImplementedError, KeyError) as error:
        first_line = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise UsageError(f"The input is not a list of chat messages: {first_line[:200]}") from error


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
