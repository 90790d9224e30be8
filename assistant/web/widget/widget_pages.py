"""The widget's routes: its script, a demo page, and a probe that reports whether a site may use it.

The widget's frame holds the chat's page in a compact form (see `assistant.web.chat.page`).
"""

import gzip
import hashlib
import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import ascii_letters
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import brotli
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from assistant.errors import AssistantError, DocumentNotFoundError
from assistant.settings import Settings
from assistant.web.strings import load_strings
from assistant.web.templates import templates_of
from assistant.web.widget.demo import Article, article_of
from assistant.web.widget.snippet import POSITIONS, THEMES, WIDGET_OFF

if TYPE_CHECKING:
    from assistant.assistant import Assistant

FOLDER = Path(str(files("assistant.web.widget")))
WIDGET = "widget.js"
PASSAGES = "passages.js"
"""The script of the button and the panel, and the one that it loads when the panel is opened."""
SCRIPT_STRINGS = ("away", "close", "expand", "heading")
PROBE_STRINGS = ("needs_password", "no_origin", "not_allowed")
DEMO_STRINGS = ("answer_event", "copied", "selected")
"""The texts that each script shows."""
SCRIPT_SECONDS = 300  # how long browsers cache the script
VERSION_SECONDS = 31_536_000  # with the version in its address, a year
# allows only what the documentation asks of embedding sites with a strict policy
DEMO_POLICY = (
    "default-src 'none'; script-src 'self'; frame-src 'self'; style-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PROBE_POLICY = (
    "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
)


def widget_routes(assistant: "Assistant") -> APIRouter:
    """Return the routes of the widget. With a chat password they include ``/widget``."""
    router = APIRouter(include_in_schema=False)
    settings = assistant.settings
    off = settings.chat_password is not None
    templates = templates_of("assistant.web.widget")
    texts = load_strings("widget")

    @router.api_route("/widget.js", methods=["GET", "HEAD"])
    def script(request: Request) -> Response:
        return script_response(request, settings)

    @router.api_route("/widget/static/passages.js", methods=["GET", "HEAD"])
    def passages(request: Request) -> Response:
        return script_response(request, settings, PASSAGES)

    def probe(page: str) -> HTMLResponse:
        allowed = json.dumps(settings.allowed_origins)
        rendered = templates.get_template("probe.html").render(
            allowed=allowed, off=off, page=page, strings=texts.to_json(PROBE_STRINGS)
        )
        headers = {"content-security-policy": PROBE_POLICY, "cache-control": "no-store"}
        return HTMLResponse(rendered, headers=headers)

    @router.get("/widget/probe", response_class=HTMLResponse)
    def probe_page() -> HTMLResponse:
        return probe("probe")

    if off:

        @router.get("/widget", response_class=HTMLResponse)
        def off_page() -> HTMLResponse:
            return probe("widget")

    @router.get("/widget/demo", response_class=HTMLResponse)
    def demo(document: str = "") -> HTMLResponse:
        article, problem, status = _article(assistant, document)
        rendered = templates.get_template("demo.html").render(
            t=texts,
            strings=texts.to_json(DEMO_STRINGS),
            article=article,
            problem=WIDGET_OFF if off else problem,
            off=off,
            version=script_version(),
            positions=POSITIONS,
            themes=THEMES,
        )
        headers = {"content-security-policy": DEMO_POLICY, "cache-control": "no-store"}
        return HTMLResponse(rendered, headers=headers, status_code=status)

    return router


_STYLES = re.compile(r"(?<=sheet\(`)[^`]*")
_PADDING = re.compile(r"\s*([{};])\s*|(?<=[\w-])(:) |(,) ")
_REMARK = re.compile(r"\s+// .*$")
_SPACE = re.compile(r"""("(?:[^"\\]|\\.)*"|'[^']*'|`[^`]*`)| *([=(){},;:<>?!&|]+) *""")
"""A text in a script, which is kept, or a sign with the spaces around it."""
_LINE_END = re.compile(r"(?<=[{;,(\[])\n|\n(?=\})")
_PRIVATE = re.compile(r"(?<=this\.#)\w+|(?<=\n#)\w+(?=[=;(])")
"""The name of a private member of a class, but not an identifier in a style sheet."""


def widget_script(name: str = WIDGET) -> str:
    """Return ``widget.js``, or the ``passages.js`` that it loads with the panel.

    ``widget.js`` has its texts in all languages. Comments, the indentation and the white space
    around signs are left out, and names of private members are shortened.
    """
    texts = json.dumps(
        load_strings("widget").by_language(SCRIPT_STRINGS),
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return _stripped(name, texts)


@cache
def _stripped(name: str, texts: str) -> str:
    script = (FOLDER / "static" / name).read_text("utf-8")
    script = script.replace("LANGUAGES = {}; // filled in by the server", f"LANGUAGES = {texts};")
    if name == WIDGET:
        script = script.replace(PASSAGES, f"{PASSAGES}?v={script_version(PASSAGES)}")
    script = _STYLES.sub(
        lambda styles: _PADDING.sub(lambda found: found[found.lastindex or 0], styles[0]), script
    )
    lines = (_REMARK.sub("", line.strip()) for line in script.splitlines())
    kept = "\n".join(line for line in lines if line and not line.startswith(("//", "/**")))
    spaced = _SPACE.sub(lambda found: found[1] or found[2], kept)
    return _LINE_END.sub("", _with_short_names(spaced)) + "\n"


def _with_short_names(script: str) -> str:
    """Return a script with a letter for the name of each private member."""
    names = dict.fromkeys(re.findall(r"(?<=this\.#)\w+", script))
    short = dict(zip(names, ascii_letters, strict=False))
    return _PRIVATE.sub(lambda found: short.get(found[0], found[0]), script)


def script_version(name: str = WIDGET) -> str:
    """Return the hash that names this version of a script, as in ``widget.js?v=``."""
    return hashlib.sha256(widget_script(name).encode()).hexdigest()[:12]


def compressed_script(encoding: str, name: str = WIDGET) -> bytes:
    """Return a script in a content encoding: ``br``, ``gzip``, or as it is."""
    return _compressed(encoding, widget_script(name))


@cache
def _compressed(encoding: str, script: str) -> bytes:
    content = script.encode()
    if encoding == "br":
        return bytes(brotli.compress(content, quality=11))
    return gzip.compress(content, 9, mtime=0) if encoding == "gzip" else content


def script_response(request: Request, settings: Settings, name: str = WIDGET) -> Response:
    """Return a script, or a line for the console of a site that may not show the widget.

    A site is known by the header ``Referer``. Without it, the script finds out when it is opened.
    Browsers send the site alone, so that caches keep an answer for each site.
    """
    headers = {"cross-origin-resource-policy": "cross-origin", "vary": "Accept-Encoding, Referer"}
    if name == PASSAGES:
        headers["access-control-allow-origin"] = "*"  # modules need it, and it holds no secret
    elif reason := _refusal(request, settings):
        line = f"console.warn({json.dumps('assistant-chat')}, {json.dumps(reason)});\n"
        headers["cache-control"] = "no-store"
        return Response(line, media_type="text/javascript", headers=headers)
    accepted = re.findall(
        r"\b(br|gzip)\b(?!;\s*q=0(?:\.0*)?(?:,|$))", request.headers.get("accept-encoding", "")
    )
    encoding = next((one for one in ("br", "gzip") if one in accepted), "")
    if encoding:
        headers["content-encoding"] = encoding
    is_current = request.query_params.get("v") == script_version(name)
    lasting = f"max-age={VERSION_SECONDS}, immutable" if is_current else f"max-age={SCRIPT_SECONDS}"
    headers["cache-control"] = f"public, {lasting}"
    return Response(
        compressed_script(encoding, name), media_type="text/javascript", headers=headers
    )


def _refusal(request: Request, settings: Settings) -> str:
    """Return why the site of a request may not show the widget, or an empty text."""
    texts = load_strings("widget")
    if settings.chat_password is not None:
        return texts("needs_password")
    parts = urlsplit(request.headers.get("referer", ""))
    site = f"{parts.scheme}://{parts.netloc}"
    own = f"{request.url.scheme}://{request.url.netloc}"
    if not parts.netloc or site in (own, *settings.allowed_origins):
        return ""
    return texts("not_allowed", site=site, server=f"{own}{request.scope.get('root_path', '')}/")


def _article(assistant: "Assistant", document_id: str) -> tuple[Article | None, str, int]:
    """Return the document to show as an article, or the reason for its absence, and the status."""
    try:
        documents = assistant.documents()
        if not documents:
            return None, load_strings("chat")("nothing_ingested"), 200
        return article_of(assistant.document(document_id or documents[0].id)), "", 200
    except DocumentNotFoundError:
        return None, load_strings("widget")("no_such_document"), 404
    except AssistantError as error:
        return None, str(error), 503
