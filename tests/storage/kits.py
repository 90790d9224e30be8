"""What the conformance suite needs of each engine: open it again, and damage what it holds."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psycopg

from assistant.protocols import Store
from assistant.storage.embedded_store import EmbeddedStore
from assistant.storage.postgres.postgres_store import PostgresStore


class Kit(Protocol):
    """One empty index of an engine. It can be pickled, so that another process opens it too."""

    def open(self) -> Store:
        """Return a store of its own over the index, as another process has it."""
        ...

    def set_schema_version(self, version: int) -> None:
        """Let another version of the program seem to have written the index."""
        ...

    def change_text(self, table: str, old: str, new: str) -> None:
        """Change the texts of documents or chunks where they are stored."""
        ...

    def lose_vectors(self) -> None:
        """Remove the vectors of the last state."""
        ...

    def leftovers(self) -> int:
        """Count what is kept beside the last state: vectors that no state names, and the like."""
        ...


@dataclass(frozen=True)
class EmbeddedKit:
    """An index in a folder."""

    folder: Path

    def open(self) -> Store:
        """Return a store over the folder."""
        return EmbeddedStore(self.folder)

    def set_schema_version(self, version: int) -> None:
        """Change the version that the catalog records."""
        self._execute("UPDATE state SET value = ? WHERE key = 'schema_version'", str(version))

    def change_text(self, table: str, old: str, new: str) -> None:
        """Change texts behind the program's back."""
        self._execute(f"UPDATE {table} SET text = replace(text, ?, ?)", old, new)

    def lose_vectors(self) -> None:
        """Remove the files of the vectors."""
        for path in self.folder.glob("vectors*/*"):
            if path.is_file():
                path.unlink()

    def leftovers(self) -> int:
        """Count the folders of vectors but one."""
        return max(0, len(list(self.folder.glob("vectors*"))) - 1)

    def _execute(self, statement: str, *values: str) -> None:
        with closing(sqlite3.connect(self.folder / "catalog.sqlite3")) as connection, connection:
            connection.execute(statement, values)


@dataclass(frozen=True)
class PostgresKit:
    """An index in a database."""

    address: str

    def open(self) -> Store:
        """Return a store over the database."""
        return PostgresStore(self.address)

    def set_schema_version(self, version: int) -> None:
        """Change the version of the tables."""
        self.execute("UPDATE schema_version SET version = %s", version)

    def change_text(self, table: str, old: str, new: str) -> None:
        """Change texts behind the program's back."""
        self.execute(f"UPDATE {table} SET text = replace(text, %s, %s)", old, new)

    def lose_vectors(self) -> None:
        """Remove the table of the vectors."""
        for (table,) in self.execute(
            "SELECT tablename FROM pg_tables WHERE tablename LIKE 'vectors_%%' AND %s", True
        ):
            self.execute(f"DROP TABLE {table}")

    def leftovers(self) -> int:
        """Count tables of vectors but one, documents that no state has, and unused vectors."""
        tables = self.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'vectors_%'")
        (row,) = self.execute(
            "SELECT count(*) FROM documents, state"
            " WHERE key = 'number' AND (removed IS NOT NULL OR added > value::bigint)"
        )
        return max(0, len(tables) - 1) + int(row[0])

    def tables(self) -> list[str]:
        """Return the names of the tables of vectors."""
        rows = self.execute(
            "SELECT tablename FROM pg_tables WHERE tablename ~ '^vectors_' ORDER BY 1"
        )
        return [name for (name,) in rows]

    def count(self, table: str) -> int:
        """Count the rows of a table."""
        ((found,),) = self.execute(f"SELECT count(*) FROM {table}")
        return int(found)

    def execute(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Execute a statement among the tables, and return its rows."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute("SET search_path = assistant, public")
            cursor = connection.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []
