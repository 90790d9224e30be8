"""The route that turns a conversation of the list into Markdown. The server keeps none of it."""

from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends
from fastapi.responses import PlainTextResponse
from starlette.responses import Response

from assistant.web.chat.components import TEXTS
from assistant.web.chat.conversation_signing import open_seals
from assistant.web.chat.export import conversation_to_markdown
from assistant.web.chat.payloads import ExportCall
from assistant.web.citation_checks import CitationChecks
from assistant.web.problems import takes_json

if TYPE_CHECKING:
    from assistant.assistant import Assistant


def export_routes(assistant: "Assistant") -> APIRouter:
    """Return the route ``/chat-export``, which takes a conversation as the browser stores it."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(takes_json)])
    seals = open_seals(assistant.settings)

    @router.post("/chat-export")
    def export(sent: ExportCall) -> Response:
        """Return the conversation as Markdown, or an empty one without a valid signature."""
        passages = CitationChecks(assistant)
        longest = assistant.settings.max_question_length
        conversation = seals.unseal(sent.model_dump(exclude={"part"}), passages, longest)
        title = assistant.corpus.title or TEXTS("default_title")
        text = conversation_to_markdown(conversation, title, passages, sent.part)
        return PlainTextResponse(text, media_type="text/markdown")

    return router
