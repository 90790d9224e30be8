"""The page ``/insights``, which is served behind the chat's password only."""

from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from assistant.errors import AssistantError
from assistant.feedback.question_insights import COUNTS, Insights
from assistant.web.strings import load_strings
from assistant.web.templates import templates_of

if TYPE_CHECKING:
    from assistant.assistant import Assistant

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {"content-security-policy": POLICY, "cache-control": "no-store"}


def insight_routes(assistant: "Assistant") -> APIRouter:
    """Return the route of the page. Without a password it gives the reason why it is closed."""
    router = APIRouter(include_in_schema=False)
    is_open = assistant.settings.chat_password is not None

    @router.get("/insights", response_class=HTMLResponse)
    def insights() -> HTMLResponse:
        texts = load_strings("insights")
        if not is_open:
            return _page(Insights(), texts("needs_password"), 403)
        try:
            return _page(assistant.insights(), "", 200)
        except AssistantError as error:
            return _page(Insights(), str(error), 503)

    return router


def _page(insights: Insights, problem: str, status: int) -> HTMLResponse:
    template = templates_of("assistant.web.insights").get_template("insights.html")
    texts = load_strings("insights")
    rendered = template.render(t=texts, insights=insights, counts=COUNTS, problem=problem)
    return HTMLResponse(rendered, headers=HEADERS, status_code=status)
