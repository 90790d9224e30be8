"""The API for clients of OpenAI's chat completions.

Even a streamed answer is sent only after all of it was checked, because these clients cannot take
anything back. An uncertain answer begins with its lead. Citations are ``annotations``, and numbered sources at the end of the content.
"""

import json
import re
import threading
import time
import uuid
from collections.abc import AsyncGenerator, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from fastapi.sse import format_sse_event
from pydantic import BaseModel, ConfigDict, Field, field_validator
from starlette.responses import Response

from assistant.errors import AssistantError, QuestionError
from assistant.types import Answer, Citation, Status
from assistant.web.api.bodies import MAX_MESSAGE_CHARACTERS, MAX_MESSAGES
from assistant.web.api.bounded_json import BoundedRoute
from assistant.web.api.description import openai_errors
from assistant.web.api.endpoints import STREAM_HEADERS
from assistant.web.chat.export import where
from assistant.web.citation_checks import CitationChecks
from assistant.web.concurrency import AnsweringLimit
from assistant.web.middleware.request_facts import client_of
from assistant.web.middleware.request_log import note_answer
from assistant.web.problems import Problem, problem_of, respond, takes_json
from assistant.web.streams import EventStream, unless_gone

if TYPE_CHECKING:
    from assistant.assistant import Assistant

MODEL = "assistant"
SOURCES = "\n\nSources:\n"
CLOSEST = "\n\nThe nearest passages:\n"
_LEAD = re.compile(rf"\A{re.escape(Answer('', '', Status.UNCERTAIN).lead)} ")
_OUR_SOURCES = re.compile(rf"(?:{re.escape(SOURCES)}|{re.escape(CLOSEST)}).*\Z", re.DOTALL)


class Part(BaseModel):
    """A part of a message. Only text is supported."""

    type: Literal["text"]
    text: Annotated[str, Field(max_length=MAX_MESSAGE_CHARACTERS)]


class ChatMessage(BaseModel):
    """A message. Only those of the user and the assistant are read."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: (
        Annotated[str, Field(max_length=MAX_MESSAGE_CHARACTERS)]
        | Annotated[list[Part], Field(max_length=MAX_MESSAGES)]
        | None
    ) = None

    @property
    def text(self) -> str:
        """Return the text of the message."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content or ())


class ChatBody(BaseModel):
    """A conversation whose last message is the question.

    Parameters of language models, such as `temperature` and `max_tokens`, are accepted and ignored.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "model": MODEL,
                    "messages": [{"role": "user", "content": "When was the SCO founded?"}],
                }
            ]
        }
    )

    model: str
    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=MAX_MESSAGES)]
    stream: bool | None = None
    n: Annotated[
        int | None, Field(ge=1, le=1, description="number of answers; only 1 is supported")
    ] = None
    tools: Annotated[
        list[Any] | None, Field(max_length=0, description="tools are not supported")
    ] = None
    response_format: dict[str, Any] | None = None

    @field_validator("response_format")
    @classmethod
    def _text_only(cls, form: dict[str, Any] | None) -> dict[str, Any] | None:
        if form is not None and form.get("type") != "text":
            raise ValueError("only text is supported")
        return form

    @field_validator("messages")
    @classmethod
    def _ends_with_a_question(cls, messages: list[ChatMessage]) -> list[ChatMessage]:
        if messages[-1].role != "user" or not messages[-1].text.strip():
            raise ValueError("the last message must come from the user and must not be empty")
        return messages

    @property
    def question(self) -> str:
        """Return the question, which is the last message."""
        return self.messages[-1].text

    @property
    def history(self) -> list[dict[str, str]]:
        """Return the earlier messages, without the lead and the sources that this API added."""
        return [
            {"role": message.role, "content": _without_ours(message.text)}
            for message in self.messages[:-1]
            if message.role in ("user", "assistant")
        ]


def openai_routes(assistant: "Assistant", questions: AnsweringLimit) -> APIRouter:
    """Return the routes ``/v1/chat/completions`` and ``/v1/models``."""
    router = APIRouter(
        prefix="/v1",
        tags=["For clients of OpenAI"],
        dependencies=[Depends(takes_json)],
        route_class=BoundedRoute,
    )
    model = {"id": MODEL, "object": "model", "created": int(time.time()), "owned_by": "assistant"}

    @router.get("/models", summary="List the models", responses=openai_errors())
    def models() -> dict[str, Any]:
        """Return the one model that this server offers."""
        return {"object": "list", "data": [model]}

    @router.get("/models/{name:path}", summary="Describe a model", responses=openai_errors(404))
    def describe_model(name: str, request: Request) -> Response:
        """Return the model's name and owner."""
        return JSONResponse(model) if name == MODEL else _no_such_model(request)

    @router.post(
        "/chat/completions",
        summary="Ask in a conversation",
        responses=openai_errors(400, 404, 413, 415),
    )
    async def complete(body: ChatBody, request: Request) -> Response:
        """Return an answer with its citations as `annotations` and as sources after the content."""
        if body.model != MODEL:
            return _no_such_model(request)
        longest = assistant.settings.max_question_length
        if len(body.question) > longest:
            raise QuestionError(
                f"The question has {len(body.question):,} characters; the limit is {longest:,}."
            )
        completion = _Completion(assistant, questions, body, request)
        if body.stream:
            questions.check(client_of(request.scope))
            return EventStream(completion.pieces(), STREAM_HEADERS)
        return JSONResponse(await unless_gone(request, completion.whole()))

    return router


def _address(request: Request) -> str:
    """Return the application's address. ``base_url`` would leave out the path of a mount."""
    root = request.scope.get("root_path", "")
    return str(request.url.replace(path=f"{root}/", query="", fragment=""))


def _no_such_model(request: Request) -> Response:
    detail = f"The model does not exist. This server offers {MODEL}."
    return respond(request.scope, Problem(404, detail, "model_not_found"))


class _Completion:
    """A question to this API, and the completion that answers it."""

    def __init__(
        self, assistant: "Assistant", questions: AnsweringLimit, body: ChatBody, request: Request
    ) -> None:
        self._assistant, self._questions = assistant, questions
        self._body, self._request = body, request
        self._head = {
            "id": f"chatcmpl-{uuid.uuid4().hex}",
            "created": int(time.time()),
            "model": MODEL,
        }

    async def whole(self) -> dict[str, Any]:
        """Return the whole completion."""
        answer = await self._answer()
        passages = CitationChecks(self._assistant)
        message = {
            "role": "assistant",
            "content": content_of(answer) + sources_of(answer, passages),
            "refusal": None,
            "annotations": annotations_of(answer, _address(self._request)),
        }
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return {**self._head, "object": "chat.completion", "choices": [choice]}

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        """Yield the completion as events."""
        yield self._chunk({"role": "assistant", "content": ""})
        try:
            answer = await self._answer()
        except AssistantError as error:
            yield _data(problem_of(error).to_openai())
            return
        for word in re.findall(r"\s*\S+", content_of(answer)):
            yield self._chunk({"content": word})
        yield self._chunk(
            {
                "content": sources_of(answer, CitationChecks(self._assistant)),
                "annotations": annotations_of(answer, _address(self._request)),
            }
        )
        yield self._chunk({}, finish_reason="stop")
        yield format_sse_event(data_str="[DONE]")

    async def _answer(self) -> Answer:
        def answering(stopped: threading.Event) -> Iterator[Answer]:
            history = self._body.history
            return self._assistant.stream(self._body.question, history, stopped=stopped)

        client = client_of(self._request.scope)
        answer = await self._questions.last(answering, client)
        with_text = self._assistant.settings.log_questions
        note_answer(self._request.scope, answer, channel="openai", with_text=with_text)
        return answer

    def _chunk(self, delta: dict[str, Any], finish_reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return _data({**self._head, "object": "chat.completion.chunk", "choices": [choice]})


def content_of(answer: Answer) -> str:
    """Return the answer's text, after its lead if the answer is uncertain."""
    return f"{answer.lead} {answer.text}" if answer.lead else answer.text


def _without_ours(content: str) -> str:
    return _OUR_SOURCES.sub("", _LEAD.sub("", content))


def sources_of(answer: Answer, passages: CitationChecks) -> str:
    """Return the numbered sources for the end of the content, or else the nearest passages."""
    if answer.citations:
        return SOURCES + "\n".join(
            f"[{citation.number}] {_source(citation, passages)}" for citation in answer.citations
        )
    if answer.closest:
        return CLOSEST + "\n".join(
            f"- {_source(citation, passages)}" for citation in answer.closest
        )
    return ""


def _source(citation: Citation, passages: CitationChecks) -> str:
    return f"“{' '.join(citation.quote.split())}” — {where(citation, passages)}"


def annotations_of(answer: Answer, address: str) -> list[dict[str, Any]]:
    """Return an annotation in OpenAI's form for each mark in the content.

    Its address opens the passage in the chat. ``citation`` adds the quote and its exact place.
    """
    by_number = {citation.number: citation for citation in answer.citations}
    return [
        _annotation(by_number[number], start, end, address)
        for number, start, end in _marks(answer)
        if number in by_number
    ]


def _marks(answer: Answer) -> Sequence[tuple[int, int, int]]:
    """Return the number, start and end of each mark in the content."""
    content = content_of(answer)
    marks = []
    offset = len(content) - len(answer.text)
    for statement in answer.statements:
        if statement.unsupported:
            continue
        offset = content.index(statement.text, offset) + len(statement.text)
        for number in statement.citations:
            start = content.index(f"[{number}]", offset)
            offset = start + len(f"[{number}]")
            marks.append((number, start, offset))
    return marks


def _annotation(citation: Citation, start: int, end: int, address: str) -> dict[str, Any]:
    passage = {"document": citation.document_id, "start": citation.start, "end": citation.end}
    return {
        "type": "url_citation",
        "url_citation": {
            "start_index": start,
            "end_index": end,
            "title": citation.title,
            "url": f"{address.rstrip('/')}/?{urlencode(passage)}",
        },
        "citation": {
            "number": citation.number,
            "document_id": citation.document_id,
            "source": citation.source,
            "start": citation.start,
            "end": citation.end,
            "quote": citation.quote,
            "page": citation.page,
        },
    }


def _data(message: dict[str, Any]) -> bytes:
    return format_sse_event(data_str=json.dumps(message, ensure_ascii=False))
