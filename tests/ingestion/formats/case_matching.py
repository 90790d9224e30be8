"""Cases with right values: which strings the stored text of a small file must have, lack and keep in order.

A string matches whole words and numbers. A space matches any white space, in what must be lacking
only spaces within a line. An ellipsis matches anything within a line. A list means any one of its
strings. Borders of cells and the notation of powers do not matter.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

CASES = Path(__file__).parents[2] / "cases"
_ANYWHERE, _IN_LINE = r"\s+", r" +"
_SIGNS = str.maketrans({"µ": "μ", "−": "-", "\u2011": "-", "|": " ", "\u2060": None})
_MARKS = {"{checked}": "[☑☒✓✔●◉]", "{unchecked}": "[☐□○]"}
_PARTS = re.compile(r"(\{checked\}|\{unchecked\}| +)")


def cases_of(folder: str) -> list[dict[str, Any]]:
    """Return the cases of a format, in the order of its file."""
    entries = YAML(typ="safe").load((CASES / folder / "cases.yaml").read_text("utf-8"))
    return [dict(entry) for entry in entries]


def failures(case: dict[str, Any], text: str) -> Iterator[str]:
    """Yield what does not hold of a stored text."""
    text = _canonical(text)
    for wanted in case.get("text_has", ()):
        if _end(wanted, text) is None:
            yield f"it lacks {wanted!r}"
    for unwanted in case.get("text_lacks", ()):
        if _end(unwanted, text, space=_IN_LINE) is not None:
            yield f"it has {unwanted!r}"
    at: int | None = 0
    for wanted in case.get("order", ()):
        at = None if at is None else _end(wanted, text, at)
        if at is None:
            yield f"{wanted!r} is not after what should be before it"


def _canonical(text: str) -> str:
    return re.sub(r"[^\S\n]+", " ", text.translate(_SIGNS))


def _end(wanted: str | list[str], text: str, start: int = 0, space: str = _ANYWHERE) -> int | None:
    strings = [wanted] if isinstance(wanted, str) else wanted
    found = (_pattern(string, space).search(text, start) for string in strings)
    return min((match.end() for match in found if match), default=None)


def _pattern(string: str, space: str) -> re.Pattern[str]:
    parts = [_part(part.strip(), space) for part in _canonical(string).split("…")]
    return re.compile(r"[^\n]*?".join(parts))


def _part(part: str, space: str) -> str:
    tokens = (token for token in _PARTS.split(part) if token)
    body = "".join(
        _MARKS.get(token) or (space if token.isspace() else re.escape(token)) for token in tokens
    )
    head = r"(?<![^\W_])" * part[:1].isalnum() + r"(?<!\d[.,])" * part[:1].isdigit()
    tail = r"(?![^\W_])" * part[-1:].isalnum() + r"(?![.,]\d)" * part[-1:].isdigit()
    return head + body + tail
