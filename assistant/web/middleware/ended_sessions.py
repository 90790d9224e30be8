"""The sessions that were signed out before their time, kept until they would have expired."""

import fcntl
import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from assistant.extras import importing
from assistant.settings import Settings

ENDED_SESSIONS = "ended_sessions"


class Ended(Protocol):
    """The ended sessions of one server, or of several."""

    def __contains__(self, session: str) -> bool: ...

    def add(self, session: str) -> None:
        """Add a session, and forget those that have expired."""
        ...


class EndedSessions:
    """Sessions of the form ``until.id``, in a file that survives a restart.

    Servers that share the file know each other's: it is read again when it has changed. Without a
    file, or if it cannot be written, they last as long as the process.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._sessions: set[str] = set()
        self._version: object = None

    def __contains__(self, session: str) -> bool:
        with self._lock:
            self._refresh()
            return session in self._sessions

    def add(self, session: str) -> None:
        """Add a session, and forget those that have expired."""
        with self._lock, _one_at_a_time(self._path):
            self._refresh()
            now = time.time()
            self._sessions = {known for known in self._sessions if _until(known) > now} | {session}
            if self._path is not None:
                _write(self._path, self._sessions)

    def _refresh(self) -> None:
        """Add what other servers have written. What could not be written here stays known."""
        version = _version_of(self._path) if self._path else None
        if self._path and version != self._version:
            self._version = version
            self._sessions.update(_read(self._path))


def open_ended_sessions(settings: Settings) -> Ended:
    """Return the ended sessions in the folder of the index, or of all servers in its database."""
    if settings.database is None:
        return EndedSessions(settings.index / ENDED_SESSIONS)
    with importing("postgres"):
        from assistant.web.middleware.shared_ended_sessions import (
            SharedEndedSessions,  # psycopg is an extra
        )

    return SharedEndedSessions(settings.database.get_secret_value())


@contextmanager
def _one_at_a_time(path: Path | None) -> Iterator[None]:
    """Let no other server change the file meanwhile, where the folder can be written."""
    if path is None:
        yield
        return
    with ExitStack() as stack:
        with suppress(OSError):
            lock = stack.enter_context(path.with_name(f"{path.name}.lock").open("w"))
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _version_of(path: Path) -> object:
    """Return what changes when the file is replaced."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


def _read(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii", errors="replace").split()
    except FileNotFoundError:
        return []
    except OSError as error:
        _warn(f"Cannot read {path}: {error.strerror}.")
        return []


def _write(path: Path, sessions: set[str]) -> None:
    half = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        half.write_text("\n".join(sorted(sessions)), encoding="ascii")
        half.replace(path)
    except OSError as error:
        _warn(f"Cannot write {path}: {error.strerror}.")


def _until(session: str) -> int:
    until = session.partition(".")[0]
    return int(until) if until.isdecimal() and len(until) < 12 else 0


def _warn(why: str) -> None:
    logging.getLogger(__name__).warning("Sign-outs will not survive a restart. %s", why)
