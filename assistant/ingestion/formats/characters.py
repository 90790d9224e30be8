"""Take out of a text the characters that nobody sees: control characters and the codes of terminals."""

import re

from assistant.ingestion.formats import UnreadableFileError

_TERMINAL_CODE = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]"  # colours, movements of the cursor
    r"|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?"  # titles of windows, links
    r"|[ -/]*[0-~])?"
)
_OVERSTRUCK = re.compile(r"[^\n]\x08")
"""Pages of manuals print a letter twice for bold, and a stroke below it."""
_HYPHEN_BETWEEN_LETTERS = re.compile(r"(?<=\w)\x02(?=\w)")
_NULS = re.compile(r"\0+")
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0e-\x1f\x7f]")
_SHOWN = {"\x0b": "\n", "\x1e": "-", "\x1f": ""}
_UNSEEN = re.compile(r"[\ufdd0-\ufdef\ufffe\uffff]")
_BYTES_OF_WINDOWS = {
    code: bytes([code]).decode("windows-1252", "ignore") or None for code in range(0x80, 0xA0)
}
"""What browsers show for these control characters, which text of Windows-1252 leaves in Unicode."""
_MOST_CONTROLS = 20


def without_controls(text: str) -> str:
    """Return a text as it is seen. Raise `UnreadableFileError` if one in 20 characters is a control."""
    if "\x1b" in text:
        text = _TERMINAL_CODE.sub("", text)
    if "\x08" in text:
        text = _OVERSTRUCK.sub("", text)
    controls = len(_CONTROL.findall(text))
    if controls * _MOST_CONTROLS > len(text) - text.count("\0") or (text and not text.strip("\0")):
        raise UnreadableFileError("it is binary, not text")
    if controls or "\0" in text:
        text = _HYPHEN_BETWEEN_LETTERS.sub("-", _NULS.sub("", text))
        text = _CONTROL.sub(lambda match: _SHOWN.get(match[0], " "), text)
    return _UNSEEN.sub("", text).translate(_BYTES_OF_WINDOWS)
