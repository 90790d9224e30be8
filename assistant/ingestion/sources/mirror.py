"""The files that were fetched, as they are kept in the corpus, and the record of where they come from.

The record is the hidden file ``.sources.json`` in the corpus. Files are written only into folders
that were empty when a source first took them.
"""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from assistant.errors import CorpusError, IndexBusyError
from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.scanning import file_sha256
from assistant.ingestion.sources.paths import path_in_archive
from assistant.ingestion.sources.record import RECORD, KeptFile, SourceRecord, read_record

_LOCK = ".sources.lock"
_TIMES_GONE = 2
"""A file is removed when its source has lacked it so many times in a row."""


class Mirror:
    """Write and remove fetched files. Use it in a ``with`` block, which keeps other processes out."""

    def __init__(self, corpus: Path) -> None:
        self._corpus = corpus
        self._lock = FileLock(corpus / _LOCK, timeout=0)
        self._files: dict[str, KeptFile] = {}
        self._states: dict[str, str] = {}
        self._folders: set[str] = set()

    def __enter__(self) -> Self:
        """Take the lock and read the record. Raise `IndexBusyError` if another process has it."""
        try:
            self._corpus.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout as error:
            raise IndexBusyError(
                f"Another process is fetching sources into {self._corpus}. Wait until it has ended."
            ) from error
        except OSError as error:
            raise CorpusError(f"{self._corpus} cannot be written: {error}.") from error
        try:
            record = read_record(self._corpus)
        except CorpusError:
            self._lock.release()
            raise
        self._files, self._states = dict(record.files), dict(record.states)
        self._folders = set(record.folders)
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def files_of(self, source: str) -> Mapping[str, KeptFile]:
        """Return the files of a source by their paths."""
        return {path: file for path, file in self._files.items() if file.source == source}

    def state_of(self, source: str) -> str:
        """Return what tells whether a source has changed as a whole; empty if nothing does."""
        return self._states.get(source, "")

    def take_folder(self, folder: str) -> None:
        """Keep a folder for sources. Raise `UnreadableFileError` if it has files of somebody else."""
        path = self._target(folder)
        if folder not in self._folders:
            if path.exists() and not (path.is_dir() and not any(path.iterdir())):
                raise UnreadableFileError(
                    f"{folder} is in the corpus already and was not fetched; "
                    "name another folder in corpus.toml"
                )
            self._folders.add(folder)
            self._save()

    def set_state(self, source: str, state: str) -> None:
        """Remember the state of a source, and write the record."""
        if state:
            self._states[source] = state
        self._save()

    def put(self, path: str, content: bytes, file: KeptFile) -> bool:
        """Write a file and remember it; return whether it differs from what was there.

        Raise `UnreadableFileError` for the path of another source's file.
        """
        target = self._target(path)
        known = self._files.get(path)
        if known is not None and known.source != file.source:
            raise UnreadableFileError(f"{path} was fetched from {known.source}")
        self._files[path] = file
        if file_sha256(target) == file.sha256:
            return False
        try:
            _write(target, content)
        except OSError as error:
            raise CorpusError(f"{target} cannot be written: {error}.") from error
        return True

    def has(self, path: str) -> bool:
        """Return whether a file is still in the corpus."""
        return self._target(path).is_file()

    def confirm(self, path: str) -> None:
        """Remember that a file is as it was."""
        self._files[path] = self._files[path].model_copy(update={"times_gone": 0})

    def miss(self, path: str) -> bool:
        """Remember that a source lacks a file; remove it the second time, and return whether."""
        file = self._files[path]
        times = file.times_gone + 1
        if times < _TIMES_GONE:
            self._files[path] = file.model_copy(update={"times_gone": times})
            return False
        del self._files[path]
        target = self._target(path)
        if not target.is_symlink():
            target.unlink(missing_ok=True)
        return True

    def _target(self, path: str) -> Path:
        """Return where a file is kept. Raise `UnreadableFileError` for a place outside the corpus."""
        target = self._corpus / path
        is_below = target.parent.resolve().is_relative_to(self._corpus.resolve())
        if path_in_archive(path) != path or not is_below or target.is_symlink():
            raise UnreadableFileError(f"{path} leads to a place outside the corpus")
        return target

    def _save(self) -> None:
        record = SourceRecord(
            files=dict(sorted(self._files.items())),
            states=self._states,
            folders=tuple(sorted(self._folders)),
        )
        try:
            _write(self._corpus / RECORD, record.model_dump_json(indent=1).encode())
        except OSError as error:
            raise CorpusError(f"{self._corpus / RECORD} cannot be written: {error}.") from error


def sha256_of(content: bytes) -> str:
    """Return the hash by which a file is known."""
    return hashlib.sha256(content).hexdigest()


def _write(target: Path, content: bytes) -> None:
    """Write a file as a whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".fetched-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, 0o644)
        os.replace(name, target)
    except OSError:
        os.unlink(name)
        raise
