"""Join the lines of a paragraph: with a space, with the hyphen that may divide a word, or with nothing."""

import re
import unicodedata

from assistant.ingestion.formats.hyphens import MARK

_HYPHEN = re.compile(r"(?<=\w)[-\u2010]$")
_RANGE = re.compile(r"\d[–-]$")
_ADDRESS = re.compile(r"(?:https?://|www\.|@)\S*$|[\w-]+(?:\.[\w-]+)+[/_-]$")
_ADDRESS_PART = re.compile(r"[\w-]*(?:@|(?<=\w)[./](?=\w))\S")


def joined_lines(above: str, below: str) -> str:
    """Return two lines of a paragraph as one text; a mark stands for a hyphen that may divide a word."""
    if _RANGE.search(above) and below[:1].isdigit():
        return above + below
    if _goes_on_in_address(above, below):
        return above + below
    if above.endswith("\xad"):
        return above[:-1] + below
    if _HYPHEN.search(above) and below[:1].isalnum():
        return f"{above[:-1]}{MARK}{below}"
    return above + ("" if _is_unspaced(above[-1:]) and _is_unspaced(below[:1]) else " ") + below


def begins_with_address(text: str) -> bool:
    """Return whether a text begins with a mail address, or an address or a name of the web."""
    return _ADDRESS_PART.match(text) is not None


def ends_within_address(above: str, below: str) -> bool:
    """Return whether a line ends in an address of mail or of the web that the next line goes on with."""
    word = above.rsplit(maxsplit=1)[-1]
    return _ADDRESS.search(word) is not None and (
        word[-1] in "/-_=&?@" or (word[-1] == "." and below[:1].islower())
    )


def _goes_on_in_address(above: str, below: str) -> bool:
    word = above.rsplit(maxsplit=1)[-1]
    if word[-1:] == "-" and word[-2:-1].isalnum() and begins_with_address(below):
        return True
    if below[:1] in ("@", "/") and word[-1:].isalnum():
        return below[:1] == "@" or "/" in word
    return ends_within_address(above, below)


def _is_unspaced(letter: str) -> bool:
    """Return whether a letter is of a script without spaces between words, such as Chinese."""
    return unicodedata.east_asian_width(letter or "a") in "WF"
