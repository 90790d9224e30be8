"""The HTTP API below ``/api/v1``: ask, search, read documents and give feedback."""

import json
import threading
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from fastapi.sse import format_sse_event
from starlette.responses import Response
from starlette.types import Scope

from assistant.errors import AssistantError
from assistant.types import Answer, Explanation
from assistant.web.api.bodies import (
    AnswerBody,
    AskBody,
    BlockList,
    DocumentBody,
    DocumentList,
    DocumentsQuery,
    ExplainBody,
    FeedbackBody,
    FeedbackKept,
    NoQuery,
    SearchQuery,
    SearchResults,
    document_body,
)
from assistant.web.api.bounded_json import BoundedRoute
from assistant.web.api.description import problems
from assistant.web.concurrency import AnsweringLimit
from assistant.web.middleware.request_facts import client_of
from assistant.web.middleware.request_log import note_answer
from assistant.web.problems import problem_of, takes_json
from assistant.web.streams import EVENTS, EventStream, newest, unless_gone

if TYPE_CHECKING:
    from assistant.assistant import Assistant

STREAM_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
STREAM_EXAMPLE = (
    'event: status\ndata: {"status": "reading"}\n\n'
    'event: statement\ndata: {"index": 0, "text": "…", "citations": [1]}\n\n'
    'event: citations\ndata: {"citations": [{"number": 1}], "closest": []}\n\n'
    'event: done\ndata: {"status": "answered", "text": "… [1]"}\n\n'
)


def api_routes(assistant: "Assistant", questions: AnsweringLimit) -> APIRouter:
    """Return the routes of the API to an assistant."""
    router = APIRouter(
        prefix="/api/v1",
        tags=["Documents and questions"],
        dependencies=[Depends(takes_json)],
        route_class=BoundedRoute,
    )

    @router.post(
        "/ask",
        summary="Ask a question",
        response_model=AnswerBody,
        responses={
            200: {"content": {EVENTS: {"example": STREAM_EXAMPLE}}},
            **problems(413, 415, 422),
        },
    )
    async def ask(body: AskBody, request: Request, _: Annotated[NoQuery, Query()]) -> Response:
        """Return an answer whose statements cite the passages that they rest on.

        With `Accept: text/event-stream`, stream it as server-sent events. `status` comes first.
        `statement` carries a statement, and replaces an earlier one with the same `index`. Then
        comes `citations`, and `done` with the whole answer. `error` carries problem details. The
        `status` of the answer is `answered`, `uncertain`, `not_found` or `small_talk`.
        """
        history = [message.model_dump() for message in body.history]
        asking: dict[str, Any] = {"top_k": body.top_k, "engine": body.engine, "within": body.within}
        client = client_of(request.scope)
        with_text = assistant.settings.log_questions

        def answering(stopped: threading.Event) -> Iterator[Answer]:
            return assistant.stream(body.question, history, **asking, stopped=stopped)

        if EVENTS in request.headers.get("accept", ""):
            questions.check(client)
            events = _events(questions.pieces(answering, client), request.scope, with_text)
            return EventStream(events, STREAM_HEADERS)
        answer = await unless_gone(request, questions.last(answering, client))
        note_answer(request.scope, answer, channel="api", with_text=with_text)
        return JSONResponse(answer.to_dict())

    @router.post("/explain", summary="Explain an answer", responses=problems(413, 415, 422))
    async def explain(
        body: ExplainBody, request: Request, _: Annotated[NoQuery, Query()]
    ) -> Explanation:
        """Return what is searched and read for a question, and why its answer has its status."""
        history = [message.model_dump() for message in body.history]
        asking: dict[str, Any] = {"top_k": body.top_k, "within": body.within}

        def explaining(stopped: threading.Event) -> Iterator[Explanation]:
            yield assistant.explain(body.question, history, **asking, stopped=stopped)

        asked = questions.last(explaining, client_of(request.scope))
        return await unless_gone(request, asked)

    @router.get("/search", summary="Search for passages", responses=problems(422))
    def search(query: Annotated[SearchQuery, Query()]) -> SearchResults:
        """Return the passages most relevant to a query, whether or not they answer it."""
        return SearchResults(hits=assistant.retrieve(query.q, query.k, within=query.within))

    @router.get("/documents", summary="List the documents", responses=problems(422))
    def documents(query: Annotated[DocumentsQuery, Query()]) -> DocumentList:
        """Return documents, ordered by path and without their text, at most 1000 at once."""
        documents = assistant.documents(query.search, limit=query.limit, offset=query.offset)
        return DocumentList(documents=documents, total=assistant.count_documents(query.search))

    @router.get("/documents/{document_id}", summary="Read a document", responses=problems(404, 422))
    def document(document_id: str, _: Annotated[NoQuery, Query()]) -> DocumentBody:
        """Return a document's text as indexed, with its attribution."""
        return document_body(assistant.document(document_id))

    @router.get(
        "/documents/{document_id}/blocks",
        summary="List the blocks of a document",
        responses=problems(404, 422),
    )
    def blocks(document_id: str, _: Annotated[NoQuery, Query()]) -> BlockList:
        """Return headings, paragraphs, items, table rows, quotations and code, as offsets in the text."""
        return BlockList(blocks=list(assistant.blocks(document_id)))

    @router.post(
        "/feedback",
        summary="Rate an answer",
        status_code=201,
        responses=problems(413, 415, 422),
    )
    def feedback(body: FeedbackBody, _: Annotated[NoQuery, Query()]) -> FeedbackKept:
        """Save whether an answer helped, with the question and the cited passages."""
        saved = assistant.give_feedback(
            body.answer.to_answer(), body.helpful, body.comment, replaces=body.replaces
        )
        return FeedbackKept(id=saved.id, unchecked=saved.unchecked)

    return router


async def _events(
    pieces: AsyncGenerator[Answer, None], scope: Scope, with_text: bool
) -> AsyncGenerator[bytes, None]:
    """Yield a growing answer as server-sent events."""
    sent: tuple[Any, ...] = ()
    answer: Answer | None = None
    yield _event("status", {"status": "reading"})
    try:
        async with aclosing(newest(pieces)) as growing:
            async for answer in growing:
                statements = answer.to_dict()["statements"]
                if len(statements) < len(sent):
                    yield _event("status", {"status": "starting over"})
                    sent = ()
                for index, statement in enumerate(statements):
                    if index >= len(sent) or statement != sent[index]:
                        yield _event("statement", {"index": index, **statement})
                sent = statements
    except AssistantError as error:
        yield _event("error", problem_of(error).to_dict(scope))
        return
    if answer is None:
        return
    whole = answer.to_dict()
    yield _event("citations", {"citations": whole["citations"], "closest": whole["closest"]})
    yield _event("done", whole)
    note_answer(scope, answer, channel="api", with_text=with_text)


def _event(name: str, data: dict[str, Any]) -> bytes:
    return format_sse_event(event=name, data_str=json.dumps(data, ensure_ascii=False))
