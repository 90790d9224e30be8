"""Bearer tokens for the APIs."""

import hashlib
import hmac
from collections.abc import Sequence

from pydantic import SecretStr
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.web.problems import Problem, is_api, respond

UNAUTHORIZED = Problem(
    401,
    "A token is required. Send it in the header Authorization: Bearer <token>.",
    headers={"www-authenticate": "Bearer"},
)
WRONG = Problem(
    401,
    "The token is not valid.",
    code="invalid_api_key",
    headers={"www-authenticate": 'Bearer error="invalid_token"'},
)
OFF = Problem(
    403,
    "The API is off, because the chat has a password and no API tokens are set. "
    "Set ASSISTANT_API_TOKENS to turn it on.",
    code="api_off",
)


class BearerTokens:
    """ASGI middleware that requires a token for requests to the APIs.

    Without tokens the APIs are open. If the chat has a password they are off instead, because
    they would be a way around it.
    """

    def __init__(self, app: ASGIApp, tokens: Sequence[SecretStr], has_password: bool) -> None:
        self._app = app
        self._known = [_digest(token.get_secret_value()) for token in tokens]
        self._off = has_password and not tokens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve or refuse a request."""
        problem = self._problem(scope)
        if problem:
            await respond(scope, problem)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _problem(self, scope: Scope) -> Problem | None:
        if scope["type"] != "http" or not is_api(scope):
            return None
        if self._off:
            return OFF
        if not self._known:
            return None
        scheme, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            return UNAUTHORIZED
        digest = _digest(token.strip())
        # compare the digests of all tokens, so that timing reveals nothing about them
        matches = [hmac.compare_digest(digest, known) for known in self._known]
        return None if any(matches) else WRONG


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="surrogateescape")).digest()
