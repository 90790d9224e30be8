"""The web chat's page: Gradio's components, and the handlers that their events call."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from inspect import signature
from typing import TYPE_CHECKING, Any

import gradio as gr
from starlette.requests import Request

from assistant.text.safe_display import safe_name
from assistant.types import GENERATIVE
from assistant.web.chat.conversation_signing import open_seals
from assistant.web.chat.handlers import Handlers
from assistant.web.chat.labels import label
from assistant.web.chat.payloads import SCHEMAS, FunctionCall
from assistant.web.concurrency import AnsweringLimit
from assistant.web.strings import load_strings
from assistant.web.templates import templates_of

if TYPE_CHECKING:
    from assistant.assistant import Assistant

TEXTS = load_strings("chat")
STORAGE_KEY = "assistant.conversation"
"""Gradio's place for the conversation. ``tabs.js`` stores it instead, once for each tab."""
CHOICE_KEY = "assistant.quotes-only"
STORAGE_CIPHER = (
    "assistant"  # not secret: Gradio requires a value, and a new value would lose conversations
)
# the server refuses other shapes, so anything else that the browser stored is sent as unsigned
SOUND = """() => {
    const kept = window.assistantTabs.kept();
    if (typeof kept?.signed === "string" && typeof kept?.within === "string")
        return { signed: kept.signed, within: kept.within };
    return Object.keys(kept ?? {}).length ? { signed: "unsigned" } : {};
}"""
KEEP = "(kept) => window.assistantTabs.keep(kept)"
CHOOSE = "(kept) => window.assistantChat.chosen(kept)"
TO_KEEP = "(only) => ({ only })"  # an object, because the browser's storage skips a bare false
KEPT = "(choice) => choice?.only === true"
DOWNLOAD = "(text) => window.assistantChat.download(text)"


def build_chat(assistant: "Assistant", questions: AnsweringLimit) -> gr.Blocks:
    """Return the page: the top bar, the conversation with its question box, the source pane."""
    title = safe_name(assistant.corpus.title or TEXTS("default_title"))
    blocks = gr.Blocks(title=title, analytics_enabled=False, fill_width=True)
    with blocks:
        kept = gr.BrowserState({}, storage_key=STORAGE_KEY, secret=STORAGE_CIPHER)
        choice = gr.BrowserState({}, storage_key=CHOICE_KEY, secret=STORAGE_CIPHER)
        with gr.Row(elem_id="topbar"):
            gr.HTML(
                _render("heading.html", title=title, description=assistant.corpus.description),
                elem_id="heading",
                js_on_load=None,
            )
            gr.Button(label("chats"), elem_id="conversations-button", size="sm", min_width=0)
            gr.Button(label("documents"), elem_id="documents-button", size="sm", min_width=0)
            download = gr.Button(label("download"), size="sm", min_width=0, interactive=False)
            clear = gr.Button(label("clear"), size="sm", min_width=0, interactive=False)
        with gr.Row(elem_id="panes"):
            with gr.Column(elem_id="conversation"):
                log = _own_html("", "log", static_text("bridge.js"))
                scope = _own_html("", "scope")
                box, send, stop = _composer(assistant.settings.max_question_length)
                quotes_only = gr.Checkbox(
                    label=label("quotes_only"),
                    container=False,
                    visible=GENERATIVE in assistant.engines,
                    elem_id="quotes-only",
                )
            with gr.Column(elem_id="source-column"):
                _own_html(_render("source_pane.html", t=label), "source")
        markdown = gr.Textbox(visible="hidden", label="Markdown", elem_id="markdown")

        seals = open_seals(assistant.settings)
        handlers = Handlers(assistant, questions, seals)
        shown = [kept, log, send, stop, download, clear]
        # no handler is offered as an API, and the short ones do not wait in the queue of questions
        private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        quick = {**private, "queue": False}
        blocks.load(handlers.restore, kept, [*shown, scope], js=SOUND, **quick)
        kept.change(None, kept, None, js=KEEP, **quick)
        asking = [box.submit, send.click, log.submit, log.retry, log.edit]
        answering = gr.on(asking, handlers.begin, [box, kept], [box, *shown], **quick).then(
            handlers.answer,
            [kept, quotes_only],
            shown,
            concurrency_limit=assistant.settings.concurrency,
            trigger_mode="multiple",
            **private,
        )
        answering.failure(handlers.fail, kept, shown, **quick)
        stop.click(handlers.stop, kept, shown, cancels=[answering], **quick)
        clear.click(handlers.clear, kept, shown, **quick)
        log.undo(handlers.undo, kept, shown, **quick)
        log.like(handlers.rate, kept, shown, **quick)
        log.delete(handlers.unrate, kept, shown, **quick)
        log.select(
            None, kept, kept, js=CHOOSE, **quick
        )  # in the browser, because a question may follow at once
        # the reader's own choice, whatever happens to the conversation
        blocks.load(None, choice, quotes_only, js=KEPT, **quick)
        quotes_only.input(None, quotes_only, choice, js=TO_KEEP, **quick)
        exporting = download.click(handlers.export, kept, markdown, **quick)
        exporting.then(None, markdown, None, js=DOWNLOAD)
    blocks.queue(max_size=assistant.settings.max_in_flight, api_open=False)
    return blocks


@dataclass(frozen=True, slots=True)
class PageFunction:
    """A handler that the page calls, and the components whose events call it."""

    name: str
    handler: Callable[..., Any]
    triggers: frozenset[int]

    def bound(self, call: FunctionCall, request: Request) -> Callable[[], Any]:
        """Return the handler with the data of a call, and the event or request if it takes them."""
        sent = call.model_dump(exclude_unset=True)
        injected = {
            gr.EventData: gr.EventData(None, sent.get("event_data")),
            gr.Request: gr.Request(request, session_hash=call.session_hash),
        }
        kinds = [parameter.annotation for parameter in signature(self.handler).parameters.values()]
        context = [injected[kind] for kind in kinds if kind in injected]
        return partial(self.handler, *sent["data"], *context)


def page_functions(blocks: gr.Blocks) -> dict[int, PageFunction]:
    """Return the functions that the page calls, by the numbers it uses for them.

    A function that follows another has the triggers of that function.
    """
    functions: dict[int, PageFunction] = {}
    for number, function in blocks.fns.items():
        first = function
        while first.trigger_after is not None:
            first = blocks.fns[first.trigger_after]
        triggers = frozenset(block for block, _ in first.targets if block is not None)
        if function.fn is not None:
            name = function.fn.__name__
            assert name in SCHEMAS, name
            functions[number] = PageFunction(name, function.fn, triggers)
    return functions


def static_text(name: str) -> str:
    """Return a file of ``chat/static`` as text."""
    return (files("assistant.web.chat") / "static" / name).read_text(encoding="utf-8")


def _own_html(value: str, name: str, script: str | None = None) -> gr.HTML:
    """Return HTML that the chat styles itself.

    Keep Gradio's default template, which treats the value as data. A Handlebars template would put
    it into code that the browser runs.
    """
    return gr.HTML(value, elem_id=name, js_on_load=script, apply_default_css=False)


def _composer(max_question_length: int) -> tuple[gr.Textbox, gr.Button, gr.Button]:
    with gr.Row(elem_id="composer"):
        box = gr.Textbox(
            label=label("your_question"),
            placeholder=label("question_hint"),
            lines=1,
            max_lines=6,
            elem_id="question",
            scale=1,
        )
        send = gr.Button(label("ask"), variant="primary", elem_id="send", min_width=0)
        stop = gr.Button(label("stop"), elem_id="stop", min_width=0, visible=False)
    _own_html(_render("longest.html", longest=max_question_length), "length")
    return box, send, stop


def _render(name: str, **values: object) -> str:
    return templates_of("assistant.web.chat").get_template(name).render(**values)
