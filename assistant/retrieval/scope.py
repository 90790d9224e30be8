"""Limit a question to a part of the corpus: one document, or the documents of a folder."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from unicodedata import normalize

from assistant.errors import UsageError
from assistant.types import DocumentSummary

_SIMILAR_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the corpus: its path and the ids of its documents.

    The path of a folder ends in ``/``. The path of the whole corpus is empty.
    """

    path: str
    documents: frozenset[str]


def find_scope(path: str, documents: Sequence[DocumentSummary]) -> Scope:
    """Return the document or folder at a path relative to the corpus.

    Backslashes count as slashes. Raise `UsageError`, with similar paths, if the index has nothing
    at the path.
    """
    wanted = _normalized(path)
    if not wanted:
        return Scope("", frozenset(document.id for document in documents))
    by_path = [(_normalized(document.source), document) for document in documents]
    if exact := [document for source, document in by_path if source == wanted]:
        return Scope(exact[0].source, frozenset(document.id for document in exact))
    if inside := [document for source, document in by_path if source.startswith(f"{wanted}/")]:
        return Scope(f"{wanted}/", frozenset(document.id for document in inside))
    sources = [document.source for document in documents]
    similar = _similar_paths(wanted, [*sources, *folders(sources)])
    hint = f" Similar paths: {', '.join(similar)}." if similar else ""
    raise UsageError(
        f"There is no document or folder {path[:200]!r} in the index.{hint} "
        "Give a path relative to the corpus folder."
    )


def folders(sources: Iterable[str]) -> list[str]:
    """Return the folders that contain the documents, sorted, each with ``/`` at its end."""
    parents = {parent for source in sources for parent in PurePosixPath(source).parents}
    return sorted(f"{parent}/" for parent in parents - {PurePosixPath()})


def _normalized(path: str) -> str:
    parts = normalize("NFC", path.strip()).replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", "."))


def _similar_paths(wanted: str, known: Sequence[str]) -> list[str]:
    """Return the paths that, or whose last parts, are spelt much like the wanted path."""
    by_spelling = {path.rstrip("/").casefold(): path for path in known}
    by_last_part = {path.rsplit("/", 1)[-1]: path for path in reversed(by_spelling)}
    wanted = wanted.casefold()
    whole = difflib.get_close_matches(wanted, by_spelling, _SIMILAR_SHOWN)
    last = difflib.get_close_matches(wanted.rsplit("/", 1)[-1], by_last_part, _SIMILAR_SHOWN)
    similar = dict.fromkeys([*whole, *(by_last_part[name] for name in last)])
    return [by_spelling[path] for path in similar][:_SIMILAR_SHOWN]
