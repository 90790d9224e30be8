"""Tell whether the files of a folder of vectors are as they were written, before Chroma opens them.

Chroma adds a row to its SQLite at every opening (1.5.9), so that this file is never twice the same.
The database is packed when it is sealed: then such rows stand in one page of their own, and in
pages behind those that were there, and all others can be compared.
"""

import json
import sqlite3
import zlib
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Self

from assistant.errors import VectorsDamagedError

_DATABASE = "chroma.sqlite3"
_WRITTEN_AT_OPENING = "acquire_write"
"""The table that gets a row at every opening; nothing of it is ever read."""
_COUNTERS = (slice(24, 32), slice(92, 100))
"""What SQLite counts in the first page: changes and pages, and by which version they were made."""
_BYTES_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class SealedDatabase:
    """The pages of Chroma's SQLite that stay as they are, and their CRC-32.

    These are the first ``pages`` but the one ``passed_over``. ``chroma`` is the version that wrote
    them; another one may change them.
    """

    page_bytes: int
    pages: int
    passed_over: int
    checksum: int
    chroma: str

    @classmethod
    def take(cls, path: Path) -> Self:
        """Pack a database and take its checksum. Raise `sqlite3.Error` and `OSError`."""
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("VACUUM")
            (page_bytes,) = connection.execute("PRAGMA page_size").fetchone()
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            row = connection.execute(
                "SELECT rootpage FROM sqlite_master WHERE name = ?", (_WRITTEN_AT_OPENING,)
            ).fetchone()
        passed_over = row[0] if row else 0
        checksum = _pages_checksum(path, page_bytes, pages, passed_over)
        return cls(page_bytes, pages, passed_over, checksum, version("chromadb"))

    def holds(self, path: Path) -> bool:
        """Return whether the database is as it was sealed, as far as can be told."""
        if self.chroma != version("chromadb"):
            return True
        found = _pages_checksum(path, self.page_bytes, self.pages, self.passed_over)
        return found == self.checksum


@dataclass(frozen=True, slots=True)
class Seal:
    """How many vectors there are, size and CRC-32 of each file of the graph, and the database."""

    count: int
    files: dict[str, str]
    database: SealedDatabase | None = None

    @property
    def is_certain(self) -> bool:
        """Whether files that pass the check are those that were sealed, every page of them."""
        return self.database is not None and self.database.chroma == version("chromadb")

    @classmethod
    def take(cls, folder: Path, count: int) -> Self:
        """Return the seal of a folder that nobody has open. Raise `sqlite3.Error` and `OSError`."""
        database = SealedDatabase.take(folder / _DATABASE)
        return cls(count, _checksums(folder), database)

    @classmethod
    def read(cls, folder: Path, written: str) -> Self:
        """Return the seal that was written down. Raise `VectorsDamagedError` if it cannot be read."""
        try:
            fields = json.loads(written)
            database = fields.get("database")
            return cls(
                int(fields["count"]),
                dict(fields["files"]),
                SealedDatabase(**database) if database else None,
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise damaged_vectors(folder, "its seal cannot be read") from error

    def written(self) -> str:
        """Return the seal as `read` takes it."""
        return json.dumps(asdict(self))

    def check(self, folder: Path) -> None:
        """Raise `VectorsDamagedError` unless the files in a folder are as they were sealed."""
        try:
            found = _checksums(folder)
            as_sealed = self.database is None or self.database.holds(folder / _DATABASE)
        except OSError as error:
            raise damaged_vectors(folder, str(error)) from error
        if found != self.files or not as_sealed:
            raise damaged_vectors(folder, "its files are not as they were written")

    def if_it_holds(self, folder: Path) -> Self:
        """Return the seal after an opening: without the database, if this Chroma writes more to it."""
        if self.database and self.database.holds(folder / _DATABASE):
            return self
        return replace(self, database=None)


def damaged_vectors(folder: Path, reason: str) -> VectorsDamagedError:
    """Return the error for vectors that are not as they were written."""
    return VectorsDamagedError(
        f"The vectors in {folder} are damaged: {reason}. "
        "Make them again from the catalog with: assistant ingest",
        folder.name,
    )


def _checksums(folder: Path) -> dict[str, str]:
    """Return size and CRC-32 of each file of the graph.

    While Chroma keeps all vectors in SQLite still, there is no file ``index_metadata.pickle``,
    and the others mean nothing.
    """
    found = sorted(path for path in folder.glob("*/*") if path.is_file())
    if not any(path.name == "index_metadata.pickle" for path in found):
        return {}
    return {path.relative_to(folder).as_posix(): _checksum(path) for path in found}


def _checksum(path: Path) -> str:
    value = size = 0
    with path.open("rb") as file:
        while part := file.read(_BYTES_AT_ONCE):
            value, size = zlib.crc32(part, value), size + len(part)
    return f"{size}:{value:08x}"


def _pages_checksum(path: Path, page_bytes: int, pages: int, passed_over: int) -> int:
    """Return the CRC-32 of the first pages of a database but one, the counters in its head taken as zero."""
    value = 0
    with path.open("rb") as file:
        for number in range(1, pages + 1):
            page = bytearray(file.read(page_bytes))
            if number == 1:
                for counter in _COUNTERS:
                    page[counter] = bytes(counter.stop - counter.start)
            if number != passed_over:
                value = zlib.crc32(page, value)
    return value
