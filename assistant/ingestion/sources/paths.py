"""Name the files that are fetched: paths below the corpus that no address and no archive can leave."""

import hashlib
import re
from pathlib import PurePosixPath
from urllib.parse import SplitResult, unquote

from assistant.text.media_types import HTML, MEDIA_TYPES, PLAIN

_LONGEST_NAME = 100
_MOST_PARTS = 20
_UNSAFE = re.compile(r"[^\w.\-+@ ()\[\],&=]")
_TYPES = {"application/xhtml+xml": ".html", "text/x-markdown": ".md", "application/json": ".json"}


def path_in_archive(name: str) -> str | None:
    """Return the path of a file of an archive or a repository; None if it is hidden or leads elsewhere."""
    parts = name.replace("\\", "/").split("/")
    if len(parts) > _MOST_PARTS or any(_is_unfit(part) for part in parts):
        return None
    return "/".join(_safe(part) for part in parts)


def path_of_page(place: SplitResult, media_type: str) -> str | None:
    """Return the path below a source's folder for what is at an address; None for an unknown format."""
    *folders, name = [unquote(part) for part in place.path.split("/")]
    ending = _ending(name, media_type)
    if ending is None:
        return None
    stem = name[: -len(ending)] if name.lower().endswith(ending) else name
    if place.query:
        stem += f"-{_hash(place.query)}"
    parts = [_safe(part).lstrip(".") for part in folders if part.strip("./")]
    return "/".join([*parts[-_MOST_PARTS:], _safe(stem.strip(". ") or "index") + ending])


def _ending(name: str, media_type: str) -> str | None:
    """Return the ending that stands for a media type: that of the name if it fits."""
    own = PurePosixPath(name).suffix.lower()
    if media_type in _TYPES:
        return _TYPES[media_type]
    if own in MEDIA_TYPES and media_type not in (HTML, *_OTHERS.get(own, ())):
        return own
    return next((end for end, known in MEDIA_TYPES.items() if known == media_type), None)


_OTHERS: dict[str, tuple[str, ...]] = {".html": (PLAIN,), ".htm": (PLAIN,)}
"""Endings that a media type overrules, beside HTML, which overrules all."""


def _is_unfit(part: str) -> bool:
    return not part.strip() or part.startswith((".", "~$")) or "\0" in part or part[1:2] == ":"


def _safe(part: str) -> str:
    """Return a part of a path that every system can write."""
    shown = _UNSAFE.sub("_", part).rstrip(". ") or "_"
    if len(shown.encode()) <= _LONGEST_NAME:
        return shown
    ending = PurePosixPath(shown).suffix
    ending = ending if ending.lower() in MEDIA_TYPES else ""
    room = _LONGEST_NAME - 10 - len(ending)
    return f"{shown.encode()[:room].decode(errors='ignore')}-{_hash(part)}{ending}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
