"""The chat's password: a sign-in page, and a signed cookie that remembers it."""

import hashlib
import hmac
import re
import secrets
import time
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from itsdangerous import BadData, Signer, TimestampSigner
from pydantic import SecretStr
from starlette.concurrency import run_in_threadpool
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.web.middleware.ended_sessions import Ended, EndedSessions
from assistant.web.middleware.rates import Rate
from assistant.web.middleware.request_facts import client_of, path_below
from assistant.web.problems import Problem, is_api, respond
from assistant.web.strings import load_strings
from assistant.web.templates import templates_of

COOKIE = "assistant_chat"
FORM_COOKIE = "assistant_login"
"""Names the browser that the sign-in page was shown to, so that no other page can send its form."""
SECONDS = 30 * 24 * 3600
TRIES = "10/minute"
LONGEST_PASSWORD = 1000
# open without a password: none of these shows text of a document. The APIs have tokens.
OPEN = re.compile(
    r"/(?:login|logout|healthz|readyz|robots\.txt|favicon\.ico|openapi\.json|widget\.js)"
    r"|/chat/login\.css|/docs(?:/[\w.-]+)?|/widget(?:/probe|/static/[\w.-]+)?"
)
ASKED = Problem(
    401, "This chat requires a password. Reload the page to enter it.", code="password_needed"
)
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {"content-security-policy": POLICY, "cache-control": "no-store"}
_BELOW = re.compile(r"/(?![/\\])[!-\[\]-~]*")


class LoginSessions:
    """Sessions in signed cookies that carry the time of the sign-in.

    The key is derived from the password. A new password ends all sessions, a restart ends none.
    ``ended`` has the sessions that were signed out before their time.
    """

    def __init__(self, password: SecretStr, ended: Ended | None = None) -> None:
        self._ended = EndedSessions() if ended is None else ended
        secret = password.get_secret_value().encode()
        # slow on purpose, so that a stolen cookie does not help to guess the password
        self._key = hashlib.scrypt(secret, salt=b"assistant chat session", n=2**14, r=8, p=1)
        self._password = hmac.digest(self._key, secret, "sha256")
        self._signer = TimestampSigner(self._key, b"session", ".", "hmac", hashlib.sha256)
        self._forms = Signer(self._key, b"sign-in form", ".", "hmac", hashlib.sha256)

    @property
    def waits_for_database(self) -> bool:
        """Whether it takes a wait to learn what was signed out."""
        return not isinstance(self._ended, EndedSessions)

    def is_password(self, text: str) -> bool:
        """Return whether a text is the password. Timing reveals nothing about it."""
        digest = hmac.digest(self._key, text.encode(errors="surrogatepass"), "sha256")
        return hmac.compare_digest(digest, self._password)

    def issue(self) -> str:
        """Return the value of a new cookie."""
        return self._signer.sign(secrets.token_hex(8)).decode()

    def accepts(self, cookie: str) -> bool:
        """Return whether a cookie was issued with this password, and its session has not ended."""
        session = self._session(cookie)
        return session is not None and session not in self._ended

    def end(self, cookie: str) -> None:
        """End the session of a cookie, wherever the cookie was copied to."""
        session = self._session(cookie)
        if session is not None:
            self._ended.add(session)

    def form_token(self, browser: str) -> str:
        """Return what the form of the sign-in page carries for a browser with this cookie."""
        return self._forms.get_signature(browser.encode(errors="replace")).decode()

    def is_form_of(self, browser: str, token: str) -> bool:
        """Return whether a form was shown to the browser with this cookie."""
        named, signature = (text.encode(errors="replace") for text in (browser, token))
        return bool(browser) and self._forms.verify_signature(named, signature)

    def _session(self, cookie: str) -> str | None:
        """Return the session that a cookie proves, as ``until.id``, if it has not expired.

        The age is compared here: `TimestampSigner` would refuse a cookie of another server whose
        clock is a second ahead.
        """
        signed = cookie.encode(errors="replace")
        try:
            identifier, since = self._signer.unsign(signed, return_timestamp=True)
        except BadData:
            return None
        until = int(since.timestamp()) + SECONDS
        return f"{until}.{identifier.decode()}" if until > time.time() else None


class Password:
    """ASGI middleware that requires the password for the chat and the documents."""

    def __init__(self, app: ASGIApp, sessions: LoginSessions | None) -> None:
        self._app = app
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or refuse it. A page redirects to the sign-in page instead."""
        if await self._passes(scope):
            await self._app(scope, receive, send)
            return
        response: Response = respond(scope, ASKED)
        accepted = Request(scope).headers.get("accept", "")
        if scope["method"] == "GET" and "text/html" in accepted and _is_page(scope):
            response = RedirectResponse(_login(scope), 303)
        response.headers["cache-control"] = "no-store"
        await response(scope, receive, send)

    async def _passes(self, scope: Scope) -> bool:
        if self._sessions is not None and self._sessions.waits_for_database:
            return await run_in_threadpool(self._may_pass, scope)
        return self._may_pass(scope)

    def _may_pass(self, scope: Scope) -> bool:
        if self._sessions is None or scope["type"] == "lifespan":
            return True
        if scope["type"] != "http":
            return True  # there are no websockets: see `assistant.web.chat.page`
        if OPEN.fullmatch(path_below(scope)) or is_api(scope):
            return True
        return is_known(Request(scope), self._sessions)


def is_known(request: Request, sessions: LoginSessions) -> bool:
    """Return whether the browser has signed in."""
    return any(sessions.accepts(cookie) for cookie in _cookies(request, COOKIE))


def _cookies(request: Request, name: str) -> list[str]:
    """Return the cookies of a name. Paths can give a browser several, of which any may be valid."""
    lines = request.headers.getlist("cookie")
    parsed = (cookie_parser(part) for line in lines for part in line.split(";"))
    return [cookies[name] for cookies in parsed if name in cookies]


def password_routes(sessions: LoginSessions, tries: Rate) -> APIRouter:
    """Return the routes ``/login``, which asks for the password, and ``/logout``."""
    router = APIRouter(include_in_schema=False)
    templates = templates_of("assistant.web.middleware")
    texts = load_strings("chat")

    def page(request: Request, then: str, problem: str = "", status: int = 200) -> HTMLResponse:
        known = next(iter(_cookies(request, FORM_COOKIE)), "")
        browser = known or secrets.token_urlsafe(16)
        rendered = templates.get_template("login.html").render(
            t=texts,
            then=then if _BELOW.fullmatch(then) else "/",
            problem=problem,
            longest=LONGEST_PASSWORD,
            known=is_known(request, sessions),
            token=sessions.form_token(browser),
        )
        response = HTMLResponse(rendered, status_code=status, headers=HEADERS)
        if not known:
            _set_cookie(response, request, FORM_COOKIE, browser)
        return response

    @router.get("/login")
    def ask(request: Request, then: str = "/") -> HTMLResponse:
        return page(request, then)

    @router.post("/login")
    def log_in(
        request: Request,
        password: Annotated[str, Form(max_length=LONGEST_PASSWORD)] = "",
        then: Annotated[str, Form(max_length=4000)] = "/",
        token: Annotated[str, Form(max_length=100)] = "",
    ) -> Response:
        wait = tries.take(client_of(request.scope))
        if wait:
            refused = page(request, then, texts("too_many_attempts", seconds=wait), 429)
            refused.headers["retry-after"] = str(wait)
            return refused
        browsers = _cookies(request, FORM_COOKIE)
        if not any(sessions.is_form_of(browser, token) for browser in browsers):
            return page(request, then, texts("form_expired"), 403)
        if not sessions.is_password(password):
            return page(request, then, texts("wrong_password"), 403)
        root = request.scope.get("root_path", "")
        below = then if _BELOW.fullmatch(then) else "/"
        response = RedirectResponse(f"{root}{below}", 303, headers=HEADERS)
        _set_cookie(response, request, COOKIE, sessions.issue(), SECONDS)
        return response

    @router.post("/logout")
    def log_out(request: Request) -> Response:
        for cookie in _cookies(request, COOKIE):
            sessions.end(cookie)
        root = request.scope.get("root_path", "")
        response = RedirectResponse(f"{root}/login", 303, headers=HEADERS)
        response.delete_cookie(COOKIE, path=f"{root}/", httponly=True, samesite="lax")
        return response

    return router


def _set_cookie(
    response: Response, request: Request, name: str, value: str, seconds: int | None = None
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=f"{request.scope.get('root_path', '')}/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )


def _is_page(scope: Scope) -> bool:
    """Return whether a person opens this path, rather than the script of the chat's page."""
    return path_below(scope) in ("/", "/insights", "/original", "/widget/demo")


def _login(scope: Scope) -> str:
    query = scope.get("query_string", b"").decode("latin-1")
    then = path_below(scope) + (f"?{query}" if query else "")
    return f"{scope.get('root_path', '')}/login?then={quote(then, safe='')}"
