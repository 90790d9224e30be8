"""Recognize editions of one document, such as the leave policies of three years, and the newest.

Editions have a title, or else a file name, that differs in nothing but years, dates and versions.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from assistant.reading.selection import Candidate
from assistant.types import Document

_MARK = re.compile(
    r"(?<![\d.])(?:(?:1\d|20)\d\d(?:[-./_]\d{1,2}){0,2}|[vV]?\d+(?:\.\d+)+|[vV]\d+)(?![\d.]*\d)"
)
"""A year or a date that begins with one, a version with a dot, or one with a "v" before it."""


@dataclass(frozen=True, slots=True)
class Edition:
    """The name that the editions of a document share, and what orders them, the newest highest."""

    name: str
    order: tuple[int, ...]


def edition_of(document: Document) -> Edition | None:
    """Return which edition a document is, or None if neither title nor file name nor date tells.

    A number at the beginning, such as that of a chapter, is part of the name.
    """
    path = PurePosixPath(document.source)
    for text in (document.title, path.stem):
        marks = [mark for mark in _MARK.finditer(text) if mark.start() > 0]
        if marks:
            name = _MARK.sub(lambda mark: "#" if mark.start() > 0 else mark[0], text)
            return Edition(
                f"{name.casefold()}{path.suffix}", _numbers(*(mark[0] for mark in marks))
            )
    date = document.attribution.date
    return Edition(document.title.casefold(), _numbers(date)) if date else None


def newest_edition(
    candidates: Sequence[Candidate], least: float
) -> tuple[list[Candidate], tuple[str, ...]]:
    """Return the candidates, those of one edition of the first one's document before all others.

    It is the newest edition with a candidate that is at least as probable as ``least``; candidates
    of its other editions are left out. Also return the titles of those, the newest first.
    """
    first = edition_of(candidates[0].passage.document) if candidates else None
    if first is None:
        return list(candidates), ()
    documents = {one.passage.document.id: one.passage.document for one in candidates}
    editions = {
        identifier: edition
        for identifier, document in documents.items()
        if (edition := edition_of(document)) is not None and edition.name == first.name
    }
    found = [one for one in candidates if one.passage.document.id in editions]
    likely = [one for one in found if one.probability >= least] or found[:1]
    newest = max(likely, key=lambda one: editions[one.passage.document.id].order)
    chosen = newest.passage.document.id
    own = [one for one in found if one.passage.document.id == chosen]
    rest = [one for one in candidates if one.passage.document.id not in editions]
    older = sorted(
        (identifier for identifier in editions if identifier != chosen),
        key=lambda identifier: editions[identifier].order,
        reverse=True,
    )
    names = (documents[one].title for one in older)
    return [*own, *rest], tuple(dict.fromkeys(names))


def _numbers(*texts: str) -> tuple[int, ...]:
    return tuple(int(number) for text in texts for number in re.findall(r"\d{1,9}", text))
