"""The catalog: documents, chunks and keyword search, in SQLite with FTS5.

This module opens and checks it. Its public methods know nothing of SQLite, so that another
database can take its place.
"""

import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from assistant.errors import IndexDamagedError, IndexMismatchError, IndexMissingError, StorageError
from assistant.storage.schema import prepare
from assistant.storage.snapshot import Snapshot
from assistant.storage.state import damaged_catalog, read_state
from assistant.storage.update import Update
from assistant.types import CatalogState

_FILE = "catalog.sqlite3"
_BUSY_SECONDS = 30
_NO_ROOM = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN)


class Catalog:
    """The catalog in a folder; a connection is opened for each snapshot and update."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / _FILE

    def state(self) -> CatalogState | None:
        """Return what the index was built with; None before the first ingestion."""
        if not self.path.exists():
            return None
        self._check_size()
        with self._connect(reading=True) as connection:
            return read_state(self.path, connection)

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Give the last committed state for reading. Raise `IndexMissingError` where there is none."""
        if not self.path.exists():
            raise _missing()
        self._check_size()
        with self._connect(reading=True) as connection:
            connection.execute("BEGIN")
            state = read_state(self.path, connection)
            if state is None:
                raise _missing()
            yield Snapshot(self.path, connection, state)

    @contextmanager
    def update(self) -> Iterator[Update]:
        """Open a transaction, committed when the block ends and undone when it raises.

        Raise `IndexDamagedError` for a catalog that is not sound: nothing is built upon it.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._connect() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("BEGIN IMMEDIATE")
            self._check(connection)
            prepare(connection)
            yield Update(connection)
            connection.execute("COMMIT")

    def set_aside_unless_sound(self) -> Path | None:
        """Rename a catalog that cannot be used, for a rebuild, and return its new path if it was."""
        try:
            if self.state() is None:
                return None
            with self._connect(reading=True) as connection:
                self._check(connection)
        except (IndexDamagedError, IndexMismatchError):
            aside = self.path.with_name(f"catalog-set-aside-{uuid.uuid4().hex[:8]}.sqlite3")
            for ending in ("-wal", "-shm", ""):
                file = self.path.with_name(self.path.name + ending)
                if file.exists():
                    file.rename(aside.with_name(aside.name + ending))
            return aside
        return None

    def _check_size(self) -> None:
        """Raise `IndexDamagedError` for an empty file beside vectors, which SQLite takes for new."""
        if not self.path.stat().st_size and any(self.folder.glob("vectors*")):
            raise damaged_catalog(self.path, "it is empty")

    def _check(self, connection: sqlite3.Connection) -> None:
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise damaged_catalog(self.path, found)

    @contextmanager
    def _connect(self, *, reading: bool = False) -> Iterator[sqlite3.Connection]:
        try:
            with closing(self._open_to_read() if reading else _open(self._address())) as connection:
                yield connection
        except sqlite3.DatabaseError as error:
            raise _storage_error(self.path, error) from error

    def _open_to_read(self) -> sqlite3.Connection:
        """Open the file, also on a full disk, where there is no room for the log's shared memory."""
        connection = _open(self._address(reading=True))
        try:
            connection.execute("PRAGMA schema_version")
        except sqlite3.OperationalError as error:
            connection.close()
            if error.sqlite_errorcode & 0xFF not in _NO_ROOM or self._has_log():
                raise
            return _open(self._address_of_file_alone())
        return connection

    def _has_log(self) -> bool:
        log = self.path.with_name(f"{self.path.name}-wal")
        return log.exists() and log.stat().st_size > 0

    def _address_of_file_alone(self) -> str:
        return f"{self.path.absolute().as_uri()}?mode=ro&immutable=1"

    def _address(self, reading: bool = False) -> str:
        """Return the file as SQLite opens it.

        In a folder that cannot be written, where nobody else can write either, there is no place
        for the shared memory of a write-ahead log: without a log the file alone is read.
        """
        address = self.path.absolute().as_uri()
        if not reading:
            return f"{address}?mode=rwc"
        if os.access(self.path.parent, os.W_OK):
            return f"{address}?mode=rw"
        log = self.path.with_name(f"{self.path.name}-wal")
        return f"{address}?mode=ro" if log.exists() else self._address_of_file_alone()


def _open(address: str) -> sqlite3.Connection:
    return sqlite3.connect(
        address,
        timeout=_BUSY_SECONDS,
        isolation_level=None,
        uri=True,
        # the pieces of one answer may be asked for by several threads, in turn
        check_same_thread=False,
    )


def _missing() -> IndexMissingError:
    return IndexMissingError("There is no index yet. Build it with: assistant ingest")


_REMEDIES = {
    sqlite3.SQLITE_FULL: "Free space on its disk, then run the command again",
    sqlite3.SQLITE_IOERR: "Check its disk for space and faults, then run the command again",
    sqlite3.SQLITE_READONLY: "Let this user write the file and its folder, or set ASSISTANT_INDEX",
    sqlite3.SQLITE_CANTOPEN: "Let this user read the file and its folder, or set ASSISTANT_INDEX",
    sqlite3.SQLITE_BUSY: "Another program holds it; close that, then run the command again",
}


def _storage_error(path: Path, error: sqlite3.DatabaseError) -> StorageError:
    remedy = _REMEDIES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    if isinstance(error, sqlite3.OperationalError) and remedy:
        return StorageError(f"The catalog {path} cannot be used: {error}. {remedy}.")
    return damaged_catalog(path, error)
