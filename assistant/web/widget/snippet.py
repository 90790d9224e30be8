"""The line that a site owner pastes: the script's address and what was chosen, as attributes."""

from collections.abc import Mapping
from typing import Literal, get_args
from urllib.parse import urlsplit

from markupsafe import Markup

from assistant.errors import UsageError
from assistant.settings import Settings

Position = Literal["bottom-right", "bottom-left", "top-right", "top-left"]
Theme = Literal["auto", "light", "dark"]
POSITIONS: tuple[Position, ...] = get_args(Position)  # the first is the one unless chosen
THEMES: tuple[Theme, ...] = get_args(Theme)
WIDGET_OFF = (
    "The widget is off, because a chat password is set (ASSISTANT_CHAT_PASSWORD). Readers of other "
    "pages could not enter it."
)
ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104  # compared with, not listened on


def snippet(server: str, attributes: Mapping[str, str], *, is_open: bool = False) -> str:
    """The script's element; attributes with an empty value are left out."""
    chosen = [(name, value) for name, value in attributes.items() if value]
    given = Markup().join(Markup(' data-{}="{}"').format(*pair) for pair in chosen)
    given += Markup(" data-open") if is_open else ""
    return str(Markup('<script async src="{}/widget.js"{}></script>').format(server, given))


def server_address(settings: Settings, url: str | None = None) -> str:
    """Where readers reach the server, without a slash at the end: as told, or as it listens.

    Where a proxy shows it below a path, only its owner knows at which address: the path is added to
    the one on which the server listens, and left as it is in one that is told. Raises `UsageError` for what is no address.
    """
    if url is None:
        if not settings.port:
            raise UsageError(
                "The port is not known in advance (ASSISTANT_PORT=0). Give the server's address: "
                "assistant widget --url https://assistant.example.org"
            )
        host = "localhost" if settings.host in ANY_ADDRESS else settings.host
        host = f"[{host}]" if ":" in host else host
        return f"http://{host}:{settings.port}{settings.root_path}"
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and parts.hostname and not parts.query
        _ = parts.port
    except ValueError:
        sound = False
    if not sound or parts.fragment or any(character.isspace() for character in url):
        raise UsageError(
            f"{url!r} is not the address of a server. Example: "
            "assistant widget --url https://assistant.example.org"
        )
    return url.rstrip("/").removesuffix("/widget.js")


def advice(settings: Settings, server: str) -> list[str]:
    """What else has to be so for the pasted line to work."""
    words = []
    if settings.allowed_origins:
        words.append(f"Sites that may show the widget: {', '.join(settings.allowed_origins)}")
    else:
        words.append(
            "No other site may show the widget yet. Allow yours before you start the server: "
            "ASSISTANT_ALLOWED_ORIGINS=https://your-site.example"
        )
    if server.startswith("http://"):
        words.append(
            "Pages served over HTTPS need a server on HTTPS: "
            "assistant widget --url https://assistant.example.org"
        )
    return [*words, f"Try it: {server}/widget/demo"]
