"""The language in which a request is answered: that of the page around, or of the reader's browser."""

import re
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.web.strings import DEFAULT_LANGUAGE, LANGUAGE, load_strings

_RANGE = re.compile(r"\s*([A-Za-z]{2})[\w-]{0,20}\s*(?:;\s*q=(0(?:\.\d{1,3})?|1(?:\.0{1,3})?))?\s*")
_MOST_RANGES = 20


class Languages:
    """ASGI middleware that sets the language of the texts.

    The parameter ``lang`` comes first, which the widget's frame has from the page around. Then comes
    ``Accept-Language``, in which the chat's page names its own language.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request in its language."""
        if scope["type"] == "http":
            accepted = Headers(scope=scope).get("accept-language", "")
            LANGUAGE.set(choose_language(_language_asked_for(scope), accepted))
        await self._app(scope, receive, send)


def _language_asked_for(scope: Scope) -> str:
    sent: bytes = scope.get("query_string", b"")
    try:
        query = parse_qs(sent.decode("latin-1"), max_num_fields=100)
    except ValueError:  # more fields than any page sends
        return ""
    return query.get("lang", [""])[0]


def choose_language(wanted: str, accepted: str) -> str:
    """Return the first language that the chat has: the wanted one, or the most accepted one.

    >>> choose_language("", "nl, de-AT;q=0.8, fr;q=0.9")
    'fr'
    """
    ranges = [_RANGE.fullmatch(part) for part in accepted.split(",", _MOST_RANGES)[:_MOST_RANGES]]
    weighed = [(-float(one[2] or 1), one[1].lower()) for one in ranges if one]
    ordered = sorted(weighed, key=lambda one: one[0])
    names = [wanted[:2].lower(), *(name for weight, name in ordered if weight)]
    known = load_strings("chat").languages
    return next((name for name in names if name in known), DEFAULT_LANGUAGE)
