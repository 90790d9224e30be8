"""The names under which browsers may open the server.

A site that an attacker controls can make its own name resolve to this machine (DNS rebinding). Its
pages could then read the server's answers as their own. So only known names are answered.
"""

import re
from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.web.middleware.proxies import address_in
from assistant.web.problems import Problem, respond

LONGEST_SHOWN = 100
_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([^\[\]:@/\s]+))(?::\d{1,5})?", re.ASCII | re.IGNORECASE)
"""A name or an address, and a port (RFC 9110, 7.2)."""


class KnownHosts:
    """ASGI middleware that refuses requests for hosts that are not named.

    ``hosts`` may include ``*.example.org`` for all names below it, and ``*`` for every name. The
    address that the connection arrived at is always known, because no site can own it.
    """

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        self._app = app
        self._any = "*" in hosts
        self._known = {host.strip("[]").lower().rstrip(".") for host in hosts}
        self._below = tuple(host[1:] for host in self._known if host.startswith("*."))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve or refuse a request. A request without a host, as in HTTP/1.0, names none."""
        if scope["type"] != "http" or self._any:
            await self._app(scope, receive, send)
            return
        named = Headers(scope=scope).getlist("host")
        if len(named) <= 1 and all(self._is_known(name, scope) for name in named):
            await self._app(scope, receive, send)
            return
        await respond(scope, _refusal(named[-1]))(scope, receive, send)

    def _is_known(self, named: str, scope: Scope) -> bool:
        host = _HOST.fullmatch(named)
        if host is None:
            return False
        name = (host[1] or host[2]).lower().rstrip(".")
        if name in self._known or name.endswith(self._below):
            return True
        address = address_in(name)
        server = scope.get("server")
        return address is not None and server is not None and address == address_in(server[0])


def _refusal(named: str) -> Problem:
    shown = "".join(character for character in named[:LONGEST_SHOWN] if character.isprintable())
    return Problem(
        400,
        f"This server does not answer for the host {shown!r}. Add its name to ASSISTANT_HOSTS.",
        code="unknown_host",
    )
