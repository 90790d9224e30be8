"""Addresses of the web: their parts in the form in which they are asked for."""

from urllib.parse import SplitResult, urlsplit

from assistant.ingestion.formats import UnreadableFileError

_PORTS = {"http": 80, "https": 443}


def checked_url(url: str) -> SplitResult:
    """Return the parts of an address. Raise `UnreadableFileError` for what is not of the web."""
    try:
        place = urlsplit(url.strip())
        port = place.port
    except ValueError as error:
        raise UnreadableFileError(f"it is not an address: {error}") from None
    if place.scheme not in _PORTS or not place.hostname:
        raise UnreadableFileError("it is not an address that begins with https:// or http://")
    if place.username is not None or place.password is not None:
        raise UnreadableFileError("an address must not contain a name or a password")
    try:
        host = place.hostname.encode("idna").decode()
    except UnicodeError:
        raise UnreadableFileError("its host is not a valid name") from None
    netloc = f"[{host}]" if ":" in host else host
    netloc += f":{port}" if port not in (None, _PORTS[place.scheme]) else ""
    return place._replace(
        netloc=netloc, path=_quoted(place.path or "/"), query=_quoted(place.query)
    )


def _quoted(part: str) -> str:
    """Return a part of an address in ASCII, with its escapes as they are."""
    return "".join(
        character
        if "!" <= character <= "~"
        else "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "replace"))
        for character in part
    )
