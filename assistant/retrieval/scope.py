"""Asking within a part of the corpus: one document, or the documents of a folder."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from unicodedata import normalize

from assistant.errors import UsageError
from assistant.types import DocumentSummary

_NEAR = 3


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the corpus: its path and the ids of its documents.

    A folder's path ends in ``/``; that of the whole corpus is empty.
    """

    path: str
    documents: frozenset[str]


def find_scope(path: str, documents: Sequence[DocumentSummary]) -> Scope:
    """The document or folder at a path below the corpus, with forward slashes or backslashes.

    Raises `UsageError` for a path at which there is nothing, and names near ones.
    """
    wanted = _plain(path)
    if not wanted:
        return Scope("", frozenset(one.id for one in documents))
    if exact := [one for one in documents if _plain(one.source) == wanted]:
        return Scope(exact[0].source, frozenset(one.id for one in exact))
    inside = [one for one in documents if _plain(one.source).startswith(f"{wanted}/")]
    if inside:
        return Scope(f"{wanted}/", frozenset(one.id for one in inside))
    sources = [one.source for one in documents]
    near = _near(wanted, [*sources, *folders(sources)])
    hint = f" Near it there is: {', '.join(near)}." if near else ""
    raise UsageError(
        f"There is no document or folder {path[:200]!r} in the index.{hint} "
        "Give a path below the folder of the documents."
    )


def folders(sources: Iterable[str]) -> list[str]:
    """The folders that the paths of documents lie in, each with ``/`` at its end, sorted."""
    parents = {parent for source in sources for parent in PurePosixPath(source).parents}
    return sorted(f"{parent}/" for parent in parents - {PurePosixPath()})


def _plain(path: str) -> str:
    parts = normalize("NFC", path.strip()).replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", "."))


def _near(wanted: str, known: Sequence[str]) -> list[str]:
    """Paths that are spelt much like the wanted one, or whose last part is."""
    spelt = {path.rstrip("/").casefold(): path for path in known}
    named = {path.rsplit("/", 1)[-1]: path for path in reversed(spelt)}
    wanted = wanted.casefold()
    close = difflib.get_close_matches(wanted, spelt, _NEAR)
    last = difflib.get_close_matches(wanted.rsplit("/", 1)[-1], named, _NEAR)
    found = dict.fromkeys([*close, *(named[name] for name in last)])
    return [spelt[path] for path in found][:_NEAR]
