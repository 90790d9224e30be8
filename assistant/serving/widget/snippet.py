"""The line that a site owner pastes: the script's address and what was chosen, as attributes."""

from collections.abc import Mapping
from html import escape
from urllib.parse import urlsplit

from assistant.errors import UsageError
from assistant.settings import Settings

POSITIONS = ("bottom-right", "bottom-left", "top-right", "top-left")
THEMES = ("auto", "light", "dark")
WIDGET_OFF = (
    "A chat password is set (ASSISTANT_CHAT_PASSWORD), so the widget is off: readers of other "
    "pages could not give it."
)
ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104  # compared with, not listened on


def snippet(server: str, attributes: Mapping[str, str]) -> str:
    """The script's element; attributes with an empty value are left out, but for ``open``."""
    given = "".join(
        f' data-{name}="{escape(value)}"' if name != "open" else " data-open"
        for name, value in attributes.items()
        if value or name == "open"
    )
    return f'<script async src="{escape(server)}/widget.js"{given}></script>'


def server_address(settings: Settings, url: str | None = None) -> str:
    """Where readers reach the server, without a slash at the end: as told, or as it listens.

    Raises `UsageError` for what is no address.
    """
    if url is None:
        host = "localhost" if settings.host in ANY_ADDRESS else settings.host
        return (
            f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"
        )
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and parts.hostname and not parts.query
        _ = parts.port
    except ValueError:
        sound = False
    if not sound or parts.fragment or any(character.isspace() for character in url):
        raise UsageError(
            f"{url!r} is no address of a server. Write it like: "
            "assistant widget --url https://assistant.example.org"
        )
    return url.rstrip("/").removesuffix("/widget.js")


def advice(settings: Settings, server: str) -> list[str]:
    """What else has to be so for the pasted line to work."""
    if settings.chat_password is not None:
        return [WIDGET_OFF]
    words = []
    if settings.allowed_origins:
        words.append(f"Pages of {', '.join(settings.allowed_origins)} may show it.")
    else:
        words.append(
            "No other site may show it yet. Allow yours before you start the server: "
            "ASSISTANT_ALLOWED_ORIGINS=https://your-site.example"
        )
    if server.startswith("http://"):
        words.append(
            "Pages on https need a server on https: "
            "assistant widget --url https://assistant.example.org"
        )
    return [*words, f"Try it: {server}/widget/demo"]
