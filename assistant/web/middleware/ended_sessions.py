"""The sessions that were signed out before their time, kept until they would have expired."""

import logging
import os
import threading
import time
from pathlib import Path

ENDED_SESSIONS = "ended_sessions"


class EndedSessions:
    """Sessions of the form ``until.id``, in a file that survives a restart.

    Without a file, or if it cannot be written, they last as long as the process.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._sessions = set(_read(path)) if path else set()

    def __contains__(self, session: str) -> bool:
        return session in self._sessions

    def add(self, session: str) -> None:
        """Add a session, and forget those that have expired."""
        with self._lock:
            now = time.time()
            kept = {known for known in self._sessions if _until(known) > now}
            self._sessions = kept | {session}
            if self._path is not None:
                _write(self._path, self._sessions)


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
