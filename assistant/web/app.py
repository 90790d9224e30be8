"""The FastAPI application: chat, documents, widget, APIs and health probes."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.resources import files
from threading import Thread
from typing import TYPE_CHECKING

import gradio as gr
from anyio import to_thread
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Mount

from assistant.errors import AssistantError
from assistant.models.freed_memory import return_freed_memory
from assistant.settings import Settings
from assistant.web.api.description import add_docs
from assistant.web.api.endpoints import api_routes
from assistant.web.api.openai import openai_routes
from assistant.web.chat.components import build_chat, page_functions
from assistant.web.chat.doorway import Doorway
from assistant.web.chat.exporting import export_routes
from assistant.web.chat.handover_choice import open_handover
from assistant.web.chat.page import OnlyTheChat
from assistant.web.chat.scope_choice import scope_routes
from assistant.web.chat.suggesting_ahead import SuggestingAhead
from assistant.web.chat.suggestions import Suggestions, suggestion_routes
from assistant.web.concurrency import AnsweringLimit
from assistant.web.documents.originals import original_routes
from assistant.web.documents.page_drawer import PageDrawer
from assistant.web.documents.page_views import page_routes
from assistant.web.documents.receiving import API_PREFIX, PAGE_PREFIX, Receiver, upload_routes
from assistant.web.documents.sources import source_routes
from assistant.web.insights.operator_page import insight_routes
from assistant.web.middleware.bearer_tokens import BearerTokens
from assistant.web.middleware.compression import Compression
from assistant.web.middleware.ended_sessions import open_ended_sessions
from assistant.web.middleware.hosts import KnownHosts
from assistant.web.middleware.languages import Languages
from assistant.web.middleware.limits import Guard
from assistant.web.middleware.password import TRIES, LoginSessions, Password, password_routes
from assistant.web.middleware.proxies import RootPath, TrustedProxies
from assistant.web.middleware.rates import RateLimit, open_rate
from assistant.web.middleware.request_log import RequestLog
from assistant.web.own_texts import use_own_texts
from assistant.web.places_choice import places_in_all
from assistant.web.problems import add_problem_handlers, add_unknown_routes
from assistant.web.shutdown import Ending
from assistant.web.strings import load_strings
from assistant.web.widget.widget_pages import widget_routes

if TYPE_CHECKING:
    from assistant.assistant import Assistant

STATIC = str(files("assistant.web.chat") / "static")
WIDGET_STATIC = str(files("assistant.web.widget") / "static")


def create_app(
    settings: Settings | None = None, *, assistant: "Assistant | None" = None
) -> FastAPI:
    """Return the web application, to run under any ASGI server or to mount in another one.

    Pass an open `Assistant`, or settings to open one with. An assistant opened here is closed when
    the application ends. The model is loaded in the background at start-up.
    """
    opened_here = assistant is None
    if assistant is None:
        from assistant.assistant import Assistant  # not needed if an assistant is passed

        assistant = Assistant.open(settings)
    app = FastAPI(
        title="assistant",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_lifespan(assistant, close=opened_here),
    )
    settings = assistant.settings
    use_own_texts(settings.texts)
    questions = AnsweringLimit(
        settings.concurrency, settings.max_in_flight, places_in_all(settings)
    )
    app.state.questions = questions
    add_problem_handlers(app)
    drawer = PageDrawer(assistant)
    app.include_router(source_routes(assistant, drawer))
    app.include_router(original_routes(assistant))
    app.include_router(page_routes(assistant, drawer))
    app.include_router(widget_routes(assistant))
    app.include_router(insight_routes(assistant))
    sessions = None
    if settings.chat_password:
        sessions = LoginSessions(settings.chat_password, open_ended_sessions(settings))
        app.include_router(password_routes(sessions, open_rate(settings, "password", TRIES)))
    _add_probes(app, assistant)
    if settings.metrics:
        from assistant.web.metrics import add_metrics  # only where it is asked for

        add_metrics(app, assistant, questions)
    routers = [api_routes(assistant, questions), openai_routes(assistant, questions)]
    suggestions = Suggestions(assistant)
    if settings.uploads:
        receiver = Receiver(assistant, SuggestingAhead(suggestions, questions).find)
        if settings.api_tokens:
            routers.append(upload_routes(receiver, API_PREFIX))
        if settings.chat_password:
            app.include_router(upload_routes(receiver, PAGE_PREFIX))
    for router in routers:
        app.include_router(router)
    add_docs(app, assistant.settings)
    add_unknown_routes(app, routers)
    app.mount("/chat", StaticFiles(directory=STATIC), name="chat")
    app.mount("/widget/static", StaticFiles(directory=WIDGET_STATIC), name="widget")
    chat = build_chat(assistant, questions)
    handover = open_handover(settings)
    app.state.doorway = Doorway(page_functions(chat), settings.max_in_flight, handover)
    app.include_router(app.state.doorway.routes())
    app.include_router(export_routes(assistant))
    app.include_router(suggestion_routes(assistant, questions, suggestions))
    app.include_router(scope_routes(assistant))
    gr.mount_gradio_app(
        app,
        chat,
        path="/",
        theme=_theme(),
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
        max_file_size=0,
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
    )
    gradio_mount = app.router.routes[-1]
    assert isinstance(gradio_mount, Mount)
    gradio_app = gradio_mount.app
    assert isinstance(gradio_app, gr.routes.App)
    app.state.ending = Ending(questions)
    gradio_mount.app = OnlyTheChat(
        gradio_app, settings.allowed_origins, can_add=settings.pages_take_uploads
    )
    _add_guards(app, settings, sessions)
    return app


def _add_guards(app: FastAPI, settings: Settings, sessions: LoginSessions | None) -> None:
    """Add the middleware. A request passes what is added last first."""
    app.add_middleware(Compression)
    app.add_middleware(Languages)
    app.add_middleware(Password, sessions=sessions)
    has_password = sessions is not None
    app.add_middleware(BearerTokens, tokens=settings.api_tokens, has_password=has_password)
    limit = settings.rate_limit
    app.add_middleware(RateLimit, rate=open_rate(settings, "requests", limit) if limit else None)
    # if this class is among the middleware, Gradio sends no CORS headers of its own
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.allowed_origins,
        allow_methods=["GET", "POST"],
        allow_headers=["*"],
        expose_headers=["retry-after", "x-request-id"],
    )
    app.add_middleware(KnownHosts, hosts=(*settings.hosts, settings.host))
    app.add_middleware(Guard, upload_bytes=settings.max_file_bytes if settings.uploads else 0)
    app.add_middleware(RequestLog)
    app.add_middleware(TrustedProxies, trusted=settings.trusted_proxies)
    app.add_middleware(RootPath, root_path=settings.root_path)


def _lifespan(
    assistant: "Assistant", close: bool
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        _start_warm_up(assistant, app)
        yield
        await to_thread.run_sync(app.state.questions.close)
        await to_thread.run_sync(app.state.doorway.close)
        if close:
            assistant.close()

    return lifespan


def _start_warm_up(assistant: "Assistant", app: FastAPI) -> None:
    """Load the model in the background, unless it is already loading."""
    warming: Thread | None = getattr(app.state, "warming", None)
    if warming is None or not warming.is_alive():
        app.state.warming = Thread(
            target=_warm_up, args=(assistant, app), name="warm-up", daemon=True
        )
        app.state.warming.start()


def _warm_up(assistant: "Assistant", app: FastAPI) -> None:
    try:
        assistant.warm_up()
    except AssistantError as error:
        app.state.trouble = str(error)
    return_freed_memory()


def _add_probes(app: FastAPI, assistant: "Assistant") -> None:
    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> dict[str, str]:
        """Report that the process is up."""
        return {"status": "up"}

    @app.get("/readyz", include_in_schema=False)
    def readyz() -> JSONResponse:
        """Report whether a question could be answered now, or why not."""
        reason = _reason(assistant, app)
        if not reason:
            return JSONResponse({"status": "ready"})
        return JSONResponse({"status": "not ready", "reason": reason}, status_code=503)


def _reason(assistant: "Assistant", app: FastAPI) -> str:
    """Return why no question can be answered now, or an empty text."""
    try:
        assistant.check()
        if not assistant.documents(limit=1):
            return load_strings("chat")("nothing_ingested")
    except AssistantError as error:
        return str(error)
    if assistant.ready():
        return ""
    _start_warm_up(assistant, app)  # there was no index at start-up, or the model failed to load
    return getattr(app.state, "trouble", "The model is loading.")


def _theme() -> gr.themes.Base:
    """Return Gradio's plain theme with system fonts, so that no font is downloaded."""
    return gr.themes.Base(
        primary_hue="teal",
        neutral_hue="stone",
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"],
        font_mono=["ui-monospace", "Menlo", "Consolas", "monospace"],
    )
