"""The chat's doorway: the routes that its page calls, which check and answer every call.

Gradio renders the page, and its code in the browser calls these routes by its own protocol. This
module replaces the server's half of that protocol. Gradio's own half acts on what it receives
before a handler runs (it fetches addresses and copies files), stores what a client sends for as
many sessions as the client names, and stores results that nobody reads. Nothing that a client
sends reaches Gradio (see `assistant.web.chat.page`).
"""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import aclosing, contextmanager, suppress
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from assistant.errors import AssistantError
from assistant.web.chat.components import PageFunction
from assistant.web.chat.handlers import NOTHING_NEW, Outputs
from assistant.web.chat.open_pages import Asked, Page, Pages, most_waiting
from assistant.web.chat.payloads import (
    MAX_CALL_BYTES,
    MAX_NOTE_BYTES,
    SCHEMAS,
    CancelCall,
    FunctionCall,
    ResetCall,
    SessionHash,
    parse_object,
)
from assistant.web.middleware.request_facts import client_of
from assistant.web.problems import (
    LONGEST_NAME,
    PROBLEM_TYPE,
    Problem,
    is_json,
    problem_of,
)
from assistant.web.streams import EventStream

if TYPE_CHECKING:
    from assistant.web.chat.handover import Handover  # psycopg is an extra

LOGGER = logging.getLogger(__name__)
THREADS = 8
"""Threads for calls that are answered immediately. Each reads a conversation and renders it."""
SECONDS_TO_LOOK = 0.5
"""Time between looks whether another server was told to drop a question."""
MAX_FAULTS = 5
ANSWER = "answer"
SUCCESS = {"success": True}
NOT_JSON = Problem(415, "Send JSON, with the header Content-Type: application/json.")
TOO_LARGE = Problem(413, "The call is larger than any call of the chat's page.")
UNKNOWN = Problem(422, "The chat's page makes no such call.", code="invalid_request")
NOT_WAITING = Problem(404, "This page is not waiting for an answer, or its stream is already open.")
FAILED = {"error": None}
"""An error without a message for Gradio's page. The conversation shows the message."""

Model = TypeVar("Model", bound=BaseModel)
Result = TypeVar("Result")
Endpoint = Callable[[Request], Awaitable[Response]]
_NAME: TypeAdapter[str] = TypeAdapter(SessionHash)


class RefusedError(Exception):
    """A request that the page does not make. ``problem`` gives the reason."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


class Doorway:
    """The routes that the chat's page calls to run its functions.

    ``functions`` has the page's own numbers. ``in_flight`` is the number of questions that the
    server accepts at a time. With a ``handover``, any server may answer what another has accepted.
    """

    def __init__(
        self,
        functions: dict[int, PageFunction],
        in_flight: int,
        handover: "Handover | None" = None,
    ) -> None:
        self._functions = functions
        self.pages = Pages(*most_waiting(in_flight))
        self._handover = handover
        self._threads = CapacityLimiter(THREADS)

    def close(self) -> None:
        """Close the connections of the handover."""
        if self._handover is not None:
            self._handover.close()

    def routes(self) -> APIRouter:
        """Return the routes, below the prefix that Gradio's page calls."""
        router = APIRouter(prefix="/gradio_api", include_in_schema=False)
        for path, endpoint in (
            ("/run/predict", self._run),
            ("/queue/join", self._ask),
            ("/cancel", self._cancel),
            ("/reset", self._reset),
        ):
            router.add_api_route(path, _refusing(endpoint), methods=["POST"])
        router.add_api_route("/queue/data", _refusing(self._answers), methods=["GET"])
        return router

    async def _run(self, request: Request) -> Response:
        """Run a short function, and return what to show."""
        function, call = await self._read_call(request)
        if function.name == ANSWER:
            raise RefusedError(UNKNOWN)
        try:
            shown = await to_thread.run_sync(function.bound(call, request), limiter=self._threads)
        except Exception:  # the boundary: the page shows that it failed, and the log says why
            LOGGER.exception("The chat's %s failed.", function.name)
            return JSONResponse(FAILED, status_code=500)
        return JSONResponse(_output(shown if isinstance(shown, tuple) else (shown,)))

    async def _ask(self, request: Request) -> Response:
        """Accept a question. Its answer goes to the page's stream."""
        function, call = await self._read_call(request)
        if function.name != ANSWER:
            raise RefusedError(UNKNOWN)
        client = client_of(request.scope)
        with _refused():
            if self._handover is None:
                asked = Asked(function.bound(call, request), len(call.data[0].signed))
                self.pages.ask(call.session_hash, client, asked)
                return JSONResponse({"event_id": asked.id})
            sent = call.model_dump_json(exclude_unset=True)
            name = await self._in_thread(self._handover.put, call.session_hash, client, sent)
            return JSONResponse({"event_id": name})

    async def _answers(self, request: Request) -> Response:
        """Stream the answers to the questions of a page until none waits."""
        sent = request.query_params.multi_items()
        try:
            name = _NAME.validate_python(dict(sent).get("session_hash"), strict=True)
        except ValidationError as error:
            raise RefusedError(UNKNOWN) from error
        if len(sent) != 1:
            raise RefusedError(UNKNOWN)
        with _refused():
            await self._receive(name, request)
        page = self.pages.open(name)
        if page is None:
            raise RefusedError(NOT_WAITING)
        close = partial(self.pages.close, name, page)
        messages = self._messages(name, page, request)
        return EventStream(messages, {"cache-control": "no-store"}, close)

    async def _receive(self, name: str, request: Request) -> None:
        """Add the questions of a page that other servers, or this one, have accepted."""
        if self._handover is None:
            return
        while handed := await self._in_thread(self._handover.take, name):
            function, call = self._checked(parse_object(handed.call.encode()))
            answer = function.bound(call, request)
            asked = Asked(answer, len(call.data[0].signed), handed.id)
            self.pages.ask(name, client_of(request.scope), asked)
            if handed.is_dropped:
                asked.drop()

    async def _cancel(self, request: Request) -> Response:
        cancel = _validated(CancelCall, await _read_object(request, MAX_NOTE_BYTES))
        self.pages.drop(cancel.session_hash, cancel.event_id)
        if self._handover is not None:
            with _refused():
                await self._in_thread(self._handover.drop, cancel.session_hash, cancel.event_id)
        return JSONResponse(SUCCESS)

    async def _reset(self, request: Request) -> Response:
        """Do nothing, because a cancelled question leaves nothing to reset."""
        _validated(ResetCall, await _read_object(request, MAX_NOTE_BYTES))
        return JSONResponse(SUCCESS)

    async def _read_call(self, request: Request) -> tuple[PageFunction, FunctionCall]:
        return self._checked(await _read_object(request, MAX_CALL_BYTES))

    def _checked(self, sent: dict[str, Any]) -> tuple[PageFunction, FunctionCall]:
        number = sent.get("fn_index")
        function = self._functions.get(number) if type(number) is int else None
        if function is None:
            raise RefusedError(UNKNOWN)
        call = _validated(SCHEMAS[function.name], sent)
        if call.trigger_id is not None and call.trigger_id not in function.triggers:
            raise RefusedError(UNKNOWN)
        return function, call

    async def _messages(self, name: str, page: Page, request: Request) -> AsyncGenerator[str, None]:
        while page.asked:
            watch = asyncio.create_task(self._drop_if_asked(page.asked[0]))
            try:
                async with aclosing(_messages_of(page.asked[0])) as messages:
                    async for message in messages:
                        yield message
            finally:
                watch.cancel()
            page.asked.popleft()
            with suppress(AssistantError):  # the page learns that its next question is not answered
                await self._receive(name, request)
        self.pages.close(
            name, page
        )  # before the page learns of it: its next question opens another stream
        yield _event("close_stream")

    async def _drop_if_asked(self, asked: Asked) -> None:
        """Drop a question once another server was told to."""
        while self._handover is not None and not asked.is_dropped:
            await asyncio.sleep(SECONDS_TO_LOOK)
            with suppress(AssistantError):  # the database is away: look again
                if await self._in_thread(self._handover.is_dropped, asked.id):
                    asked.drop()

    async def _in_thread(self, act: Callable[..., Result], *arguments: Any) -> Result:
        return await to_thread.run_sync(partial(act, *arguments), limiter=self._threads)


@contextmanager
def _refused() -> Iterator[None]:
    """Refuse a request with the error of the product that answering it raised."""
    try:
        yield
    except AssistantError as error:
        raise RefusedError(problem_of(error)) from error


async def _messages_of(asked: Asked) -> AsyncGenerator[str, None]:
    """Yield the messages by which Gradio's page shows one answer."""
    yield _event("process_starts", asked.id)
    last: Outputs | None = None
    try:
        async with aclosing(asked.states()) as states:
            async for state in states:
                if state is None:
                    yield _event("heartbeat")
                    continue
                changes = state if last is None else _changes(last, state)
                yield _event("process_generating", asked.id, _output(changes, True), success=True)
                last = state
    except Exception:  # the boundary: the page shows that it failed, and the log says why
        LOGGER.exception("The chat's answer failed.")
        yield _event("process_completed", asked.id, FAILED, success=False)
        return
    whole = NOTHING_NEW if asked.is_dropped or last is None else last
    yield _event("process_completed", asked.id, _output(whole), success=True)


def _refusing(endpoint: Endpoint) -> Endpoint:
    """Return the endpoint so that its refusals become problem details."""

    @wraps(endpoint)
    async def respond(request: Request) -> Response:
        try:
            return await endpoint(request)
        except RefusedError as refused:
            problem = refused.problem
            return JSONResponse(
                problem.to_dict(request.scope),
                status_code=problem.status,
                headers=dict(problem.headers),
                media_type=PROBLEM_TYPE,
            )
        except ClientDisconnect:
            return Response(status_code=400)  # which nobody receives

    return respond


async def _read_object(request: Request, limit: int) -> dict[str, Any]:
    """Return the JSON object of a request. Stop reading once it is too large."""
    if not is_json(request.headers):
        raise RefusedError(NOT_JSON)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > limit:
            raise RefusedError(TOO_LARGE)
    try:
        return parse_object(bytes(body))
    except ValueError as error:
        detail = "The body cannot be read as JSON."
        raise RefusedError(_invalid([{"pointer": "#", "detail": detail}])) from error


def _validated(schema: type[Model], sent: dict[str, Any]) -> Model:
    try:
        return schema.model_validate(sent)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        pointed = [
            {"pointer": _pointer(fault["loc"]), "detail": fault["msg"]}
            for fault in faults[:MAX_FAULTS]
        ]
        raise RefusedError(_invalid(pointed, len(faults))) from error


def _invalid(errors: list[dict[str, str]], count: int = 1) -> Problem:
    """Return the problem of a call with ``count`` faults, of which ``errors`` are the first."""
    detail = "The chat's page does not make this call."
    return Problem(422, detail, errors=errors, error_count=count)


def _pointer(steps: tuple[int | str, ...]) -> str:
    names = (str(step)[:LONGEST_NAME].replace("~", "~0").replace("/", "~1") for step in steps)
    return "#" + "".join(f"/{name}" for name in names)


def _output(data: Outputs | list[Any], is_generating: bool = False) -> dict[str, Any]:
    return {"data": list(data), "is_generating": is_generating, "changed_state_ids": []}


def _changes(last: Outputs, now: Outputs) -> list[Any]:
    """Return the changes of the outputs in the form that Gradio's page reads."""
    return [
        [] if before == after else [["replace", [], after]]
        for before, after in zip(last, now, strict=True)
    ]


def _event(kind: str, question: str = "", output: object = None, **more: object) -> str:
    message: dict[str, object] = {"msg": kind, **more}
    if question:
        message["event_id"] = question
    if output is not None:
        message["output"] = output
    return f"data: {json.dumps(message)}\n\n"
