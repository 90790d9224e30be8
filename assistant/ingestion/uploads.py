"""Documents that readers add: their names, and the folder below the corpus that holds them.

A file arrives under a hidden name, which ingestion leaves out, and gets its own name when it is
whole. If it cannot be read, what was there before is put back.
"""

import os
import secrets
import shutil
import threading
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import (
    AssistantError,
    CorpusError,
    DocumentNotFoundError,
    IndexBusyError,
    UsageError,
)
from assistant.ingestion.scanning import is_hidden
from assistant.text.media_types import MEDIA_TYPES
from assistant.types import IngestReport

UPLOADS = "uploads"
"""The folder below the corpus."""
LONGEST_NAME = 180
"""In bytes. File systems allow 255, and an arriving file has a longer name."""
_ARRIVING, _BEFORE = ".arriving-", ".before-"
_LEFT_OVER_SECONDS = 3600
_BUSY_SECONDS, _PAUSE = 60.0, 0.3


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that has arrived at ``path``, to be stored under a checked name."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class _Stored:
    arrival: Arrival
    before: Path | None
    """A copy of the file that had the same name."""


def checked_name(name: str) -> str:
    """Return the name under which a file is stored. Raise `UsageError` if no file may have it."""
    flat = " ".join(unicodedata.normalize("NFC", name).split())
    is_sound = flat.isprintable() and not set("/\\") & set(flat) and not is_hidden(flat)
    if not flat or not is_sound or len(flat.encode()) > LONGEST_NAME:
        raise UsageError(
            f"{name[:80]!r} cannot be the name of a document. Use at most {LONGEST_NAME} bytes "
            "without slashes and invisible characters, and no dot at the beginning."
        )
    if Path(flat).suffix.lower() not in MEDIA_TYPES:
        raise UsageError(f"The format of {flat!r} is not supported ({', '.join(MEDIA_TYPES)} are).")
    return flat


def source_of(name: str) -> str:
    """Return the path below the corpus of an uploaded file."""
    return f"{UPLOADS}/{name}"


class Uploads:
    """Stores files in the folder of uploads, removes them, and ingests the change.

    ``ingest`` brings the index up to date. ``most_bytes`` is the room for all uploads together.
    """

    def __init__(self, corpus: Path, most_bytes: int, ingest: Callable[[], IngestReport]) -> None:
        self.folder = corpus / UPLOADS
        self._most_bytes = most_bytes
        self._ingest_now = ingest
        self._lock = threading.Lock()

    def arriving(self) -> Path:
        """Return the path for a file to arrive at, after removing what was left over."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for left in [*self.folder.glob(f"{_ARRIVING}*"), *self.folder.glob(f"{_BEFORE}*")]:
                found = _status(left)
                if found and time.time() - found.st_mtime > _LEFT_OVER_SECONDS:
                    left.unlink(missing_ok=True)
        except OSError as error:
            raise _unwritable(self.folder, error) from error
        return self.folder / f"{_ARRIVING}{secrets.token_hex(8)}"

    def check_room(self, more: int = 0) -> None:
        """Raise `UsageError` if the uploads and so many bytes more exceed their room."""
        files = self.folder.iterdir() if self.folder.is_dir() else ()
        used = sum(found.st_size for found in map(_status, files) if found)
        if used + more > self._most_bytes:
            raise UsageError(
                f"There is no room: uploads may have {self._most_bytes:,} bytes together. Remove a "
                "document, or raise ASSISTANT_UPLOAD_BYTES."
            )

    def add(self, arrivals: Sequence[Arrival]) -> list[AssistantError | tuple[str, ...]]:
        """Store files and ingest them together.

        Return for each what was left out of it, with the reasons, or the error for which it was not
        added.
        """
        with self._lock:
            placed = [self._place(arrival) for arrival in arrivals]
            stored = [one for one in placed if isinstance(one, _Stored)]
            try:
                report = self._ingest() if stored else IngestReport()
            except AssistantError as error:
                for one in stored:
                    self._put_back(one)
                return [_refusal(one, error) for one in placed]
            results = [_outcome(one, report) for one in placed]
            refused = [
                one
                for one, result in zip(placed, results, strict=True)
                if isinstance(one, _Stored) and isinstance(result, AssistantError)
            ]
            for one in refused:
                self._put_back(one)
            if any(one.before for one in refused):
                self._ingest()
            for one in stored:
                if one.before:
                    one.before.unlink(missing_ok=True)
            return results

    def remove(self, name: str) -> None:
        """Remove an uploaded file and its document. Raise `DocumentNotFoundError` without one."""
        path = self.folder / checked_name(name)
        aside = self.folder / f"{_BEFORE}{secrets.token_hex(8)}"
        with self._lock:
            try:
                path.rename(aside)
            except FileNotFoundError:
                raise DocumentNotFoundError(f"No document {name[:80]!r} was added.") from None
            except OSError as error:
                raise _unwritable(self.folder, error) from error
            try:
                self._ingest()
            except AssistantError:
                aside.rename(path)
                raise
            aside.unlink()

    def _place(self, arrival: Arrival) -> _Stored | AssistantError:
        """Give a file its name, and keep a copy of the file that had it."""
        path = self.folder / arrival.name
        before = self.folder / f"{_BEFORE}{secrets.token_hex(8)}" if path.exists() else None
        try:
            self.check_room()
            if before:
                shutil.copy2(path, before)
            arrival.path.replace(path)
        except UsageError as error:
            arrival.path.unlink(missing_ok=True)
            return error
        except OSError as error:
            arrival.path.unlink(missing_ok=True)
            return _unwritable(path, error)
        return _Stored(arrival, before)

    def _put_back(self, placed: _Stored) -> None:
        path = self.folder / placed.arrival.name
        if placed.before:
            os.replace(placed.before, path)
        else:
            path.unlink(missing_ok=True)

    def _ingest(self) -> IngestReport:
        """Ingest, after waiting for another ingestion to end."""
        deadline = time.monotonic() + _BUSY_SECONDS
        while True:
            try:
                return self._ingest_now()
            except IndexBusyError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(_PAUSE)


def _status(path: Path) -> os.stat_result | None:
    """Return the status of a file, or None if another upload has renamed or removed it."""
    try:
        return path.lstat()
    except FileNotFoundError:
        return None


def _outcome(
    placed: _Stored | AssistantError, report: IngestReport
) -> AssistantError | tuple[str, ...]:
    """Return what was left out of a document, or why it was not added."""
    if isinstance(placed, AssistantError):
        return placed
    source = source_of(placed.arrival.name)
    for file in report.skipped:
        if file.source == source:
            return _unreadable(placed, file.reason)
    return tuple(file.reason for file in report.partly_read if file.source == source)


def _refusal(placed: _Stored | AssistantError, error: AssistantError) -> AssistantError:
    """Return why a document was not added by an ingestion that failed."""
    if isinstance(placed, AssistantError):
        return placed
    reasons = error.reasons if isinstance(error, CorpusError) else {}
    reason = reasons.get(source_of(placed.arrival.name))
    return _unreadable(placed, reason) if reason else error


def _unreadable(placed: _Stored, reason: str) -> UsageError:
    return UsageError(f"{placed.arrival.name!r} cannot be read: {reason}.")


def _unwritable(path: Path, error: OSError) -> AssistantError:
    return AssistantError(f"{path} cannot be written: {error.strerror or error}.")
