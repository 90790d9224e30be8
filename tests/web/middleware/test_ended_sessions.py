"""Sessions that were signed out stay so, also after a restart."""

import threading
import time
from pathlib import Path

import pytest

from assistant.web.middleware.ended_sessions import EndedSessions

LATER = int(time.time()) + 100_000  # after the last of the tests, which may be long after this


def test_an_ended_session_is_known_after_a_restart_until_it_would_have_expired(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ended"
    EndedSessions(path).add(f"{LATER}.a")
    ended = EndedSessions(path)
    assert f"{LATER}.a" in ended
    assert f"{LATER}.b" not in ended
    monkeypatch.setattr(time, "time", lambda: LATER + 1.0)
    ended.add(f"{LATER + 9}.c")
    assert path.read_text(encoding="ascii") == f"{LATER + 9}.c"


def test_without_a_file_sessions_end_for_the_process(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for ended in (EndedSessions(), EndedSessions(tmp_path / "no" / "folder")):
        ended.add(f"{LATER}.a")
        assert f"{LATER}.a" in ended
    assert "will not survive a restart" in caplog.text


def test_a_damaged_file_ends_no_server(tmp_path: Path) -> None:
    path = tmp_path / "ended"
    path.write_bytes(b"\xff\x00 x.y 99999999999999999999.z")
    EndedSessions(path).add(f"{LATER}.a")
    assert path.read_text(encoding="ascii") == f"{LATER}.a"


def test_a_session_that_is_ended_at_one_server_is_ended_at_all(tmp_path: Path) -> None:
    servers = [EndedSessions(tmp_path / "ended") for _ in range(2)]
    servers[0].add(f"{LATER}.a")
    assert f"{LATER}.a" in servers[1]
    servers[1].add(f"{LATER}.b")
    assert all(f"{LATER}.{name}" in server for server in servers for name in "ab")


def test_sessions_that_end_at_the_same_moment_are_all_kept(tmp_path: Path) -> None:
    names = [f"{LATER}.{number}" for number in range(40)]
    threads = [
        threading.Thread(target=EndedSessions(tmp_path / "ended").add, args=(name,))
        for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set((tmp_path / "ended").read_text(encoding="ascii").split()) == set(names)
