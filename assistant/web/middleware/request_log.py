"""The server's log: a line of JSON for each request, error, and answer of the chat.

By default it holds no text of questions: no query strings, bodies or messages of exceptions. The
setting ``log_questions`` adds the text of questions and the messages of exceptions.
"""

import logging
import re
import sys
import threading
import time
import traceback
import uuid
from datetime import UTC, datetime
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.settings import Settings
from assistant.text.safe_display import safe_json
from assistant.types import Answer
from assistant.web.middleware.rates import NOT_COUNTED
from assistant.web.middleware.request_facts import REQUEST_ID, path_below
from assistant.web.problems import CLIENT_GONE, INTERNAL, respond

LOGGER = logging.getLogger("assistant.web")
LONGEST_PATH = 200
_NOTED = "assistant.noted"
"""The scope's key for what the line of a request says beside the request."""

_REQUEST_ID = re.compile(r"[\w.-]{8,64}", re.ASCII)


class JsonLines(logging.Formatter):
    """Formats a record as a line of JSON, with a field for each item of ``record.fields``."""

    def __init__(self, with_messages: bool) -> None:
        super().__init__()
        self._with_messages = with_messages

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as JSON. An exception adds its type and stack frames."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": self._event(record),
            "logger": record.name,
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1]:
            error = record.exc_info[1]
            line["exception"] = type(error).__name__
            line["frames"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)
            ]
            if self._with_messages:
                line["message"] = str(error)
        return safe_json(line, default=str)

    def _event(self, record: logging.LogRecord) -> str:
        """Return the message. Libraries put exceptions with their texts after its first line."""
        message = record.getMessage().strip()
        return message if self._with_messages else message.partition("\n")[0]


def configure_log(settings: Settings) -> None:
    """Log to standard error as lines of JSON. Libraries log warnings and errors only."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines(settings.log_questions))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    LOGGER.setLevel(settings.log_level.upper())
    logging.captureWarnings(True)
    threading.excepthook = _log_thread
    sys.unraisablehook = _log_unraisable


def _log_thread(failed: threading.ExceptHookArgs) -> None:
    """Log what ended a thread. Python would print its traceback."""
    error = failed.exc_value or failed.exc_type()
    LOGGER.error("a thread failed", exc_info=(failed.exc_type, error, failed.exc_traceback))


def _log_unraisable(failed: "sys.UnraisableHookArgs") -> None:
    error = failed.exc_value or failed.exc_type()
    LOGGER.error("an object failed", exc_info=(failed.exc_type, error, failed.exc_traceback))


def log_answer(
    answer: Answer, *, channel: str, request_id: str, seconds: float, with_text: bool
) -> None:
    """Log an answer that is made outside of a request, as the chat's are."""
    fields = {
        "request_id": request_id,
        "answer": _facts(answer, channel, with_text),
        "milliseconds": round(seconds * 1000),
    }
    LOGGER.info("answer", extra={"fields": fields})


def note_answer(scope: Scope, answer: Answer, *, channel: str, with_text: bool) -> None:
    """Add how a question was answered to the line of its request."""
    scope.get(_NOTED, {})["answer"] = _facts(answer, channel, with_text)


def _facts(answer: Answer, channel: str, with_text: bool) -> dict[str, Any]:
    """Return how a question was answered, with its text only if ``with_text``."""
    return {
        "channel": channel,
        "status": answer.status.value,
        "engine": answer.engine,
        "citations": len(answer.citations),
        **({"question": answer.question} if with_text else {}),
    }


class RequestLog:
    """ASGI middleware that gives each request an id, logs it and catches unexpected errors."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, and return its id in the header ``X-Request-ID``."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = _with_request_id(scope)
        path = path_below(scope)  # before a mount removes its prefix
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
        except Exception:  # the outermost boundary: any exception here is a bug
            LOGGER.exception("error", extra={"fields": {"request_id": scope[REQUEST_ID]}})
            if not status:
                await respond(scope, INTERNAL)(scope, receive, sending)
        finally:
            _log_request(scope, path, status or CLIENT_GONE, time.perf_counter() - started)


def _with_request_id(scope: Scope) -> Scope:
    """Return the scope with a request id: the client's own if it is well-formed."""
    client_id = Headers(scope=scope).get("x-request-id", "")
    request_id = client_id if _REQUEST_ID.fullmatch(client_id) else uuid.uuid4().hex
    headers = MutableHeaders(raw=list(scope["headers"]))
    headers["x-request-id"] = request_id  # for Gradio's handlers, which see only headers
    return {**scope, "headers": headers.raw, REQUEST_ID: request_id, _NOTED: {}}


def _log_request(scope: Scope, path: str, status: int, seconds: float) -> None:
    fields = {
        "request_id": scope[REQUEST_ID],
        "client": scope["client"][0] if scope.get("client") else None,
        "method": scope["method"],
        "path": path[:LONGEST_PATH],
        "status": status,
        "milliseconds": round(seconds * 1000),
        **scope[_NOTED],
    }
    level = logging.DEBUG if NOT_COUNTED.fullmatch(path) else logging.INFO
    LOGGER.log(level, "request", extra={"fields": fields})
