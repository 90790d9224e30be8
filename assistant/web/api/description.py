"""The description of the APIs: OpenAPI at ``/openapi.json``, and a page to read and try it.

The page is Swagger UI. Its files come from an installed package and are served from here, so that
the page loads nothing from other hosts.
"""

from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.openapi.utils import get_openapi
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from starlette.exceptions import HTTPException

from assistant.web.api.bodies import AskBody, OpenAIError, ProblemBody
from assistant.web.chat.page import script_hashes
from assistant.web.problems import PROBLEM_TYPE

if TYPE_CHECKING:
    from assistant.settings import Settings

ASSETS = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}
# Swagger UI sets style attributes and embeds its icons as data
POLICY = (
    "default-src 'none'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
DESCRIPTION = (
    "Answers from your documents. Every statement cites the exact passage it rests on. "
    "`/v1` gives the same answers to clients of OpenAI's chat completions."
)
MEANINGS = {
    401: "A token is missing or wrong.",
    403: "The API is off, because the chat has a password and no API tokens are set.",
    400: "The request is not valid.",
    404: "The document or model does not exist.",
    413: "The request is too large.",
    415: "The header `Content-Type` does not announce JSON.",
    422: "The request is not valid.",
    429: "This client sent too many requests. `Retry-After` gives the seconds to wait.",
    500: "An internal error occurred.",
    503: "The server is busy, or it is not ready to answer questions.",
}
ALWAYS = (401, 403, 429, 500, 503)


def openai_errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the refusals of a route in OpenAI's form, as `problems` does for the other API."""
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/OpenAIError"}}}
    responses: dict[int | str, dict[str, Any]] = {
        status: {"description": MEANINGS[status], "content": content}
        for status in sorted({*statuses, *ALWAYS})
    }
    return {**responses, 422: {"description": "Never sent. Invalid requests get 400 instead."}}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the refusals of a route for its description, with those that all routes share."""
    content = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemBody"}}}
    return {
        status: {"description": MEANINGS[status], "content": content}
        for status in sorted({*statuses, *ALWAYS})
    }


def add_docs(app: FastAPI, settings: "Settings") -> None:
    """Add ``/openapi.json`` and ``/docs``."""
    router = APIRouter(include_in_schema=False)

    @router.get("/openapi.json")
    def description(request: Request) -> JSONResponse:
        root = request.scope.get("root_path", "")
        schema = _description(app, settings)
        return JSONResponse({**schema, "servers": [{"url": root}]} if root else schema)

    @router.get("/docs")
    def page(request: Request) -> HTMLResponse:
        root = request.scope.get("root_path", "")
        response = get_swagger_ui_html(
            openapi_url=f"{root}/openapi.json",
            title="assistant API",
            swagger_js_url=f"{root}/docs/swagger-ui-bundle.js",
            swagger_css_url=f"{root}/docs/swagger-ui.css",
            swagger_favicon_url=f"{root}/favicon.ico",
            swagger_ui_parameters={"validatorUrl": None},
        )
        policy = POLICY.format(scripts=script_hashes(bytes(response.body).decode()))
        response.headers["content-security-policy"] = policy
        return response

    @router.get("/docs/{name}")
    def asset(name: str) -> FileResponse:
        if name not in ASSETS:
            raise HTTPException(404)
        path = Path(str(files("fastapi_offline"))) / "static" / name
        return FileResponse(path, media_type=ASSETS[name])

    app.include_router(router)


def _description(app: FastAPI, settings: "Settings") -> dict[str, Any]:
    if app.openapi_schema is None:
        schema = get_openapi(
            title="assistant",
            version=version("assistant"),
            summary="A chat assistant over your documents",
            description=DESCRIPTION,
            routes=app.routes,
        )
        components = schema["components"]
        components["schemas"]["ProblemBody"] = ProblemBody.model_json_schema()
        components["schemas"]["OpenAIError"] = OpenAIError.model_json_schema(
            ref_template="#/components/schemas/{model}"
        )
        question = components["schemas"][AskBody.__name__]["properties"]["question"]
        question["maxLength"] = settings.max_question_length
        if settings.api_tokens:
            components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
            schema["security"] = [{"token": []}]
        app.openapi_schema = schema
    return app.openapi_schema
