"""Write the product's own stems as PostgreSQL's text-search types, so that both stores rank alike."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence

_LONGEST = 1000
"""Bytes of a lexeme; PostgreSQL takes 2,046. A longer stem is kept by its hash."""
_LAST_POSITION = 16_383


def lexeme(stem: str) -> str:
    """Return a stem as it is stored."""
    written = stem.encode()
    if len(written) <= _LONGEST:
        return stem
    return hashlib.sha256(written).hexdigest()


def keywords_of(*fields: Sequence[str]) -> str:
    """Return a ``tsvector`` of the stems of some fields. No phrase reaches from one to the next."""
    positions: dict[str, list[int]] = {}
    position = 0
    for stems in fields:
        for stem in stems:
            position += 1
            positions.setdefault(lexeme(stem), []).append(min(position, _LAST_POSITION))
        position += 1
    return " ".join(
        f"{_quoted(stem)}:{','.join(map(str, places))}" for stem, places in positions.items()
    )


def repeated_in(*fields: Sequence[str]) -> str | None:
    """Return a JSON object of the stems that occur more than once in some fields, with their counts."""
    counts = Counter(lexeme(stem) for stems in fields for stem in stems)
    repeated = {stem: count for stem, count in counts.items() if count > 1}
    return json.dumps(repeated) if repeated else None


def phrase_of(stems: Iterable[str]) -> str:
    """Return a ``tsquery`` of consecutive stems."""
    return " <-> ".join(_quoted(lexeme(stem)) for stem in stems)


def _quoted(stem: str) -> str:
    escaped = stem.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
