"""Refusals of requests, each in the form that its client can read.

The API answers with problem details (RFC 9457), the OpenAI-compatible API with OpenAI's error
object, and every other route with a line of text.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic_core import ErrorDetails
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Match
from starlette.types import Scope

from assistant.errors import (
    AssistantError,
    DocumentNotFoundError,
    IndexMissingError,
    ModelError,
    QuestionError,
    ServerBusyError,
    StorageError,
    UsageError,
)
from assistant.validation_messages import plain_message
from assistant.web.messages.translating import translated
from assistant.web.middleware.request_facts import path_below, request_id_of

PROBLEM_TYPE = "application/problem+json"
BUSY_SECONDS = 2
LONGEST_NAME = 100
MAX_FAULTS = 20
CLIENT_GONE = 499
"""The status for a client that left before the response, as nginx logs it."""
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]

OF_ERRORS: tuple[tuple[type[AssistantError], int, str], ...] = (
    (QuestionError, 422, "invalid_question"),
    (UsageError, 422, "invalid_request"),
    (DocumentNotFoundError, 404, "document_not_found"),
    (ServerBusyError, 503, "busy"),
    (IndexMissingError, 503, "nothing_ingested"),
    (StorageError, 503, "index_unusable"),
    (ModelError, 503, "model_unusable"),
    (AssistantError, 500, "internal_error"),
)
"""The status and code of each error. The first class that matches wins."""

OF_STATUS = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid_request",
    429: "rate_limited",
    503: "busy",
}
OPENAI_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


@dataclass(frozen=True, slots=True)
class Problem:
    """The reason why a request is refused: ``code`` is for programs, ``detail`` for people.

    Each of the ``errors`` names a fault of the request by a ``pointer`` into the body or a
    ``parameter`` of the query, with a ``detail``. ``error_count`` is their number if only the first
    ones are listed.
    """

    status: int
    detail: str
    code: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    errors: Sequence[Mapping[str, str]] = ()
    error_count: int = 0

    def to_dict(self, scope: Scope) -> dict[str, Any]:
        """Return problem details (RFC 9457) with the request's id in the log."""
        details = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "code": self.code or OF_STATUS.get(self.status, "internal_error"),
            "request_id": request_id_of(scope),
        }
        if self.errors:
            details["errors"] = list(self.errors)
        if self.error_count > len(self.errors):
            details["error_count"] = self.error_count
        return details

    def to_openai(self) -> dict[str, Any]:
        """Return OpenAI's error object."""
        kind = "server_error" if self.status >= 500 else "invalid_request_error"
        return {
            "error": {
                "message": self.detail,
                "type": OPENAI_TYPES.get(self.status, kind),
                "param": self._param,
                "code": self.code or OF_STATUS.get(self.status, "internal_error"),
            }
        }

    @property
    def _param(self) -> str | None:
        """Return the path of the faulty field with dots, as OpenAI writes it."""
        pointer = self.errors[0].get("pointer", "") if self.errors else ""
        return pointer.removeprefix("#/").replace("/", ".") or None


_JSON = re.compile(r"application/(?:[\w.-]+\+)?json", re.ASCII)
# for bytes that are not text and for deep nesting, where FastAPI itself answers 400
UNREADABLE = Problem(
    422,
    "The request is not valid. #: The body cannot be read as JSON.",
    errors=[{"pointer": "#", "detail": "The body cannot be read as JSON."}],
)
INTERNAL = Problem(
    500, "An internal error occurred. Find it in the server's log by the request id."
)


def is_openai(scope: Scope) -> bool:
    """Return whether a request is for the OpenAI-compatible API."""
    return path_below(scope).startswith("/v1/")


def is_api(scope: Scope) -> bool:
    """Return whether a request is for an API, and so comes from a program."""
    path = path_below(scope)
    return path.startswith(("/api/", "/v1/")) or path == "/metrics"


def respond(scope: Scope, problem: Problem) -> Response:
    """Return the problem in the form that fits the request's path."""
    headers = dict(problem.headers)
    if is_openai(scope):
        # OpenAI answers an invalid body with 400
        status = 400 if problem.status == 422 else problem.status
        return JSONResponse(problem.to_openai(), status_code=status, headers=headers)
    if is_api(scope):
        return JSONResponse(
            problem.to_dict(scope),
            status_code=problem.status,
            headers=headers,
            media_type=PROBLEM_TYPE,
        )
    return PlainTextResponse(
        translated(problem.detail), status_code=problem.status, headers=headers
    )


def problem_of(error: AssistantError) -> Problem:
    """Return an error of the product as a problem."""
    status, code = next(
        (status, code) for kind, status, code in OF_ERRORS if isinstance(error, kind)
    )
    retry = {"retry-after": str(BUSY_SECONDS)} if code == "busy" else {}
    return Problem(status, str(error), code, retry)


def invalid(errors: Sequence[Mapping[str, str]]) -> Problem:
    """Return the problem of a request with these faults. Only the first ones are listed."""
    listed = errors[:MAX_FAULTS]
    faults = "; ".join(
        f"{fault.get('pointer') or fault.get('parameter', '')}: {fault['detail']}"
        for fault in listed
    )
    more = f"; and {len(errors) - len(listed):,} more." if len(errors) > len(listed) else ""
    detail = f"The request is not valid. {faults}{more}"
    return Problem(422, detail, errors=listed, error_count=len(errors))


def add_problem_handlers(app: FastAPI) -> None:
    """Make the application answer every error of a route with a problem."""

    @app.exception_handler(AssistantError)
    async def respond_to_error(request: Request, error: AssistantError) -> Response:
        return respond(request.scope, problem_of(error))

    @app.exception_handler(ClientDisconnect)
    async def respond_to_nobody(request: Request, error: ClientDisconnect) -> Response:
        return Response(status_code=CLIENT_GONE)

    @app.exception_handler(HTTPException)
    async def respond_to_refusal(request: Request, error: HTTPException) -> Response:
        if error.status_code == 400 and is_api(request.scope):
            return respond(request.scope, UNREADABLE)
        problem = Problem(error.status_code, error.detail, headers=error.headers or {})
        return respond(request.scope, problem)

    @app.exception_handler(RequestValidationError)
    async def respond_to_invalid(request: Request, error: RequestValidationError) -> Response:
        return respond(request.scope, invalid([_locate(fault) for fault in error.errors()]))


def is_json(headers: Headers) -> bool:
    """Return whether the headers of a request announce JSON."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    return _JSON.fullmatch(kind) is not None


def takes_json(request: Request) -> None:
    """Refuse a body that is not announced as JSON. The routes of the APIs depend on this."""
    if request.method == "POST" and not is_json(request.headers):
        raise HTTPException(415, "Send JSON, with the header Content-Type: application/json.")


def _locate(error: ErrorDetails) -> dict[str, str]:
    """Return where the request is wrong and why, without the value that was sent."""
    detail = plain_message(error)
    where, *inside = (str(part)[:LONGEST_NAME] for part in error["loc"])
    if error["type"] == "json_invalid":
        return {"pointer": "#", "detail": "The body is not JSON."}
    if where == "body":
        steps = (part.replace("~", "~0").replace("/", "~1") for part in inside)
        return {"pointer": "#" + "".join(f"/{step}" for step in steps), "detail": detail}
    return {"parameter": "/".join(inside) or where, "detail": detail}


def add_unknown_routes(app: FastAPI, routers: Sequence[APIRouter]) -> None:
    """Answer unknown paths and methods of the APIs with a problem, not with the chat's page.

    Call this after adding all ``routers`` and before mounting the chat.
    """

    @app.api_route("/api/{rest:path}", methods=METHODS, include_in_schema=False)
    @app.api_route("/v1/{rest:path}", methods=METHODS, include_in_schema=False)
    async def unknown(request: Request) -> None:
        routes = (route for router in routers for route in router.routes)
        allowed = sorted(
            method
            for route in routes
            if isinstance(route, APIRoute) and route.matches(request.scope)[0] is Match.PARTIAL
            for method in route.methods or ()
        )
        if not allowed:
            raise HTTPException(404, "Unknown path. The API is described at /docs.")
        names = ", ".join(allowed)
        raise HTTPException(405, f"This path accepts only {names}.", headers={"allow": names})
