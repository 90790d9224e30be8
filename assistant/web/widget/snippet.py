"""The line that a site owner pastes, with the script's address and options."""

from collections.abc import Mapping
from typing import Literal, get_args
from urllib.parse import urlsplit

from assistant.errors import UsageError
from assistant.settings import Settings
from assistant.web.templates import templates_of

Position = Literal["bottom-right", "bottom-left", "top-right", "top-left"]
Theme = Literal["auto", "light", "dark"]
POSITIONS: tuple[Position, ...] = get_args(Position)  # the first is the default
THEMES: tuple[Theme, ...] = get_args(Theme)
WIDGET_OFF = (
    "The widget is off, because a chat password is set (ASSISTANT_CHAT_PASSWORD). Readers of other "
    "pages could not enter it."
)
ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104  # only compared with


def snippet(server: str, attributes: Mapping[str, str], *, is_open: bool = False) -> str:
    """Return the script's element. Attributes with an empty value are left out."""
    chosen = [(name, value) for name, value in attributes.items() if value]
    template = templates_of("assistant.web.widget").get_template("snippet.html")
    return template.render(server=server, attributes=chosen, is_open=is_open)


def server_address(settings: Settings, url: str | None = None) -> str:
    """Return the address at which readers reach the server, without a final slash.

    By default it is the address that the server listens on, with the root path. A passed ``url`` is
    complete already. Raise `UsageError` if it is not an address.
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
        is_valid = parts.scheme in ("http", "https") and parts.hostname and not parts.query
        _ = parts.port
    except ValueError:
        is_valid = False
    if not is_valid or parts.fragment or any(character.isspace() for character in url):
        raise UsageError(
            f"{url!r} is not the address of a server. Example: "
            "assistant widget --url https://assistant.example.org"
        )
    return url.rstrip("/").removesuffix("/widget.js")


def advice(settings: Settings, server: str) -> list[str]:
    """Return what else the pasted line needs to work."""
    notes = []
    if settings.allowed_origins:
        notes.append(f"Sites that may show the widget: {', '.join(settings.allowed_origins)}")
    else:
        notes.append(
            "No other site may show the widget yet. Allow yours before you start the server: "
            "ASSISTANT_ALLOWED_ORIGINS=https://your-site.example"
        )
    if server.startswith("http://"):
        notes.append(
            "Pages served over HTTPS need a server on HTTPS: "
            "assistant widget --url https://assistant.example.org"
        )
    return [*notes, f"Try it: {server}/widget/demo"]
