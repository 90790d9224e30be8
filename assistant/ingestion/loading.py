"""Make documents of the files of a corpus: the text kept here is the text that every offset refers to."""

import hashlib
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from assistant.ingestion.corpus_file import DocumentEntry
from assistant.ingestion.formats import Extracted, UnreadableFileError, plain
from assistant.ingestion.formats.plain_layout import extract_shown
from assistant.ingestion.formats.signatures import check_signature
from assistant.ingestion.sandbox.parent import ParsingProcess, ReadingLimits
from assistant.ingestion.scanning import SourceContent
from assistant.models.recognition import HOW_TO_INSTALL, available_recogniser
from assistant.text.media_types import MEDIA_TYPES, PDF, PICTURES, PLAIN, SOURCE
from assistant.types import Document, SkippedFile

LOADER_VERSION = 11
"""Raise this when the same bytes would become another document: then all are read again."""

_TITLE_LENGTH = 150
_NO_ENTRY = DocumentEntry()
_NO_TEXT = "there is no text in it"


class Loader:
    """Make documents of files, within limits. Use it in a ``with`` block, from one thread.

    Plain text is read at once, other formats in a process that is started for them.
    """

    def __init__(self, limits: ReadingLimits) -> None:
        self._parsing = ParsingProcess(limits)
        recogniser = available_recogniser()
        self._recognising = ParsingProcess(limits, recogniser) if recogniser else None
        self.partly_read: list[SkippedFile] = []
        """What was left out of documents that could otherwise be read, with the reasons."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._parsing.close()
        if self._recognising:
            self._recognising.close()

    def load(self, file: SourceContent, entry: DocumentEntry | None = None) -> Document:
        """Return the document that a file holds.

        Raise `UnreadableFileError` with the reason if there is no text in it.
        """
        found = self.extract(file)
        if found.notes:
            self.partly_read.append(SkippedFile(file.source, "; ".join(found.notes)))
        media_type = media_type_of(file.source)
        entry = entry or _NO_ENTRY
        return Document(
            id=document_id(file.source),
            source=file.source,
            title=entry.title or title_of(found, file.source),
            text=found.text,
            sha256=file.seen.sha256,
            media_type=media_type,
            page_starts=found.page_starts,
            attribution=entry.attribution,
            origins=found.origins,
            places=found.places,
            boxes=found.boxes,
            styles=found.styles,
        )

    def extract(self, file: SourceContent) -> Extracted:
        """Return what a file says. Raise `UnreadableFileError` if there is no text in it."""
        check_signature(Path(file.source).suffix.lower(), file.content)
        media_type = media_type_of(file.source)
        if media_type == SOURCE:
            found = plain.extract(file.content)
        elif media_type == PLAIN:
            found = extract_shown(plain.decode(file.content))
        else:
            found = self._parsing.extract(media_type, file.content)
        if found.pictures:
            found = self._with_pictures(found, media_type, file.content)
        if not found.text.strip():
            what = f"it is a picture of text; {HOW_TO_INSTALL}" if found.pictures else _NO_TEXT
            raise UnreadableFileError(what)
        return found

    def _with_pictures(self, found: Extracted, media_type: str, content: bytes) -> Extracted:
        """Return what a file says with the text in its pictures, as far as that is recognised."""
        if self._recognising is None:
            return replace(found, notes=(*found.notes, HOW_TO_INSTALL))
        try:
            return self._recognising.extract(media_type, content)
        except UnreadableFileError as error:
            if not found.text.strip():
                raise
            return replace(found, notes=(*found.notes, f"text in its pictures: {error}"))


def document_id(source: str) -> str:
    """Return an identifier that is stable for a path below the corpus."""
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def fingerprint(source: str, sha256: str, entry: DocumentEntry | None) -> str:
    """Return what changes when the indexed document would.

    It is made of the hash of the file's bytes, its entry in ``corpus.toml``, and the way of reading,
    which for pictures and PDFs depends on what recognises text.
    """
    described = (entry or _NO_ENTRY).model_dump_json()
    version = str(LOADER_VERSION)
    if media_type_of(source) in (PDF, *PICTURES):
        version += available_recogniser()
    return hashlib.sha256(f"{version}\n{sha256}\n{described}".encode()).hexdigest()


def media_type_of(source: str) -> str:
    """Return the media type that the ending of a file's name stands for."""
    return MEDIA_TYPES[Path(source).suffix.lower()]


def title_of(found: Extracted, source: str) -> str:
    """Return what the file calls itself, else a first line that reads like a title, else the file's name."""
    if found.title.strip():
        return found.title.strip()[:_TITLE_LENGTH]
    lines = found.text.strip().splitlines()
    stands_alone = len(lines) == 1 or not lines[1].strip()
    first = lines[0].strip()
    reads_like_title = stands_alone and not first.endswith((".", ":", ";", ","))
    if media_type_of(source) == PLAIN and reads_like_title and len(first) <= _TITLE_LENGTH:
        return first
    return Path(source).stem.replace("_", " ").replace("-", " ").strip() or source
