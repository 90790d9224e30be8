"""The server's log: a line of JSON for each request, each answer and whatever goes wrong.

It never holds what is asked: no query of an address, no body, no message of an exception. The
setting ``log_questions`` adds the text of questions, and the messages of exceptions.
"""

import json
import logging
import re
import time
import traceback
import uuid
from datetime import UTC, datetime
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.settings import Settings
from assistant.types import Answer
from assistant.web.middleware.rates import NOT_COUNTED
from assistant.web.middleware.request_facts import REQUEST_ID, path_below
from assistant.web.problems import INTERNAL, respond

LOGGER = logging.getLogger("assistant.web")
LONGEST_PATH = 200
NO_STATUS = 499
"""What is logged for a request whose client went away before any answer; the number is nginx's."""

_REQUEST_ID = re.compile(r"[\w.-]{8,64}", re.ASCII)


class JsonLines(logging.Formatter):
    """Each record as one line of JSON; what stands in ``record.told`` are fields of their own."""

    def __init__(self, with_messages: bool) -> None:
        super().__init__()
        self._with_messages = with_messages

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON; of an exception its type and its frames, which hold no text."""
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            "logger": record.name,
            **getattr(record, "told", {}),
        }
        if record.exc_info and record.exc_info[1]:
            error = record.exc_info[1]
            told["exception"] = type(error).__name__
            told["frames"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)
            ]
            if self._with_messages:
                told["message"] = str(error)
        return json.dumps(told, ensure_ascii=False, default=str)


def configure_log(settings: Settings) -> None:
    """Sends the process's log to standard error as JSON lines; of libraries only warnings."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines(settings.log_questions))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    LOGGER.setLevel(settings.log_level.upper())
    logging.captureWarnings(True)


def log_answer(
    answer: Answer, *, channel: str, request_id: str, seconds: float, with_text: bool
) -> None:
    """Says that a question was answered, how and how fast; its text only when that is wished."""
    told: dict[str, Any] = {
        "request_id": request_id,
        "channel": channel,
        "status": answer.status.value,
        "engine": answer.engine,
        "citations": len(answer.citations),
        "milliseconds": round(seconds * 1000),
    }
    if with_text:
        told["question"] = answer.question
    LOGGER.info("answer", extra={"told": told})


class RequestLog:
    """ASGI middleware that gives each request an id, logs it, and catches what nobody foresaw."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request; its id goes out as ``X-Request-ID``."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = _with_request_id(scope)
        path = path_below(scope)  # before a mount takes its part of it away
        started = time.perf_counter()
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(raw=list(message["headers"]))
                headers["x-request-id"] = scope[REQUEST_ID]
                message = {**message, "headers": headers.raw}
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception:  # the outermost border: what comes here is a bug, logged and told so
            LOGGER.exception("error", extra={"told": {"request_id": scope[REQUEST_ID]}})
            if not status:
                await respond(scope, INTERNAL)(scope, receive, sending)
        finally:
            _log_request(scope, path, status or NO_STATUS, time.perf_counter() - started)


def _with_request_id(scope: Scope) -> Scope:
    """The scope with an id: the client's own where it has the shape of one."""
    given = Headers(scope=scope).get("x-request-id", "")
    request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
    headers = MutableHeaders(raw=list(scope["headers"]))
    headers["x-request-id"] = request_id  # where Gradio's handlers find it
    return {**scope, "headers": headers.raw, REQUEST_ID: request_id}


def _log_request(scope: Scope, path: str, status: int, seconds: float) -> None:
    told = {
        "request_id": scope[REQUEST_ID],
        "client": scope["client"][0] if scope.get("client") else None,
        "method": scope["method"],
        "path": path[:LONGEST_PATH],
        "status": status,
        "milliseconds": round(seconds * 1000),
    }
    level = logging.DEBUG if NOT_COUNTED.fullmatch(path) else logging.INFO
    LOGGER.log(level, "request", extra={"told": told})
