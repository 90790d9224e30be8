"""Make text from documents, questions and models safe to show: in a terminal, a log, a file, a page.

Control characters act on a terminal. Direction characters reorder what is read, and invisible ones
hide what is there.
"""

import json
import re
from typing import Any

_CONTROLS = r"\x00-\x08\x0b-\x1f\x7f-\x9f"
_DIRECTIONS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE = r"\u180e\u200b-\u200d\u2028\u2029\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"
_TAGS = r"\U000e0000-\U000e0fff"
_HARMFUL = re.compile(f"[{_CONTROLS}{_DIRECTIONS}{_INVISIBLE}{_TAGS}]")
_SPELLING = r"\u061c\u200c-\u200f"
"""Joiners, which Persian and Hindi write, and marks beside names from right to left."""
_HARMFUL_IN_NAMES = re.compile(f"(?![{_SPELLING}]){_HARMFUL.pattern}|\n")


def safe(text: str) -> str:
    """Return the text with U+FFFD for each control, direction and invisible character."""
    return _HARMFUL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def safe_line(text: str) -> str:
    """Return the text as `safe` does, with the ends of lines replaced too: a file name is one line."""
    return safe(text).replace("\n", "\N{REPLACEMENT CHARACTER}")


def safe_in_one_line(text: str) -> str:
    """Return the text as `safe` does, in one line: for a reason, a question, a note."""
    return safe(" ".join(text.split()))


def safe_name(text: str) -> str:
    """Return a title or the name of a file for a page, with U+FFFD for what would disguise it.

    Joiners and marks of direction stay, so the page must isolate the name (``dir=auto``, ``<bdi>``).
    """
    return _HARMFUL_IN_NAMES.sub("\N{REPLACEMENT CHARACTER}", text)


def safe_json(value: object, *, in_ascii: bool = False, **options: Any) -> str:
    """Return a value as JSON, with escapes for the same characters. It is the same to a program."""
    written = json.dumps(value, ensure_ascii=in_ascii, **options)
    return _HARMFUL.sub(lambda found: json.dumps(found[0])[1:-1], written)
