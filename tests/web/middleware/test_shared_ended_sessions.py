"""A session that one server ends is ended on all servers over the database."""

import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from assistant import StorageError, load_settings
from assistant.web.middleware.ended_sessions import EndedSessions, open_ended_sessions
from assistant.web.middleware.shared_ended_sessions import SharedEndedSessions
from tests.postgres_server import PostgresServer
from tests.waiting import wait_for

LATER = int(time.time()) + 1000


@pytest.fixture
def address(postgres_server: PostgresServer) -> str:
    return postgres_server.new_database()


@pytest.fixture
def two(address: str) -> Iterator[list[SharedEndedSessions]]:
    both = [SharedEndedSessions(address) for _ in range(2)]
    yield both
    for one in both:
        one.close()


def test_a_session_ends_here_at_once_and_elsewhere_soon(two: list[SharedEndedSessions]) -> None:
    session = f"{LATER}.a"
    assert session not in two[1]
    two[0].add(session)
    two[0].add(session)
    assert session in two[0]
    wait_for(lambda: session in two[1], 10)
    assert f"{LATER}.b" not in two[1]


def test_expired_sessions_are_forgotten(two: list[SharedEndedSessions], address: str) -> None:
    two[0].add(f"{int(time.time()) - 5}.a")
    two[1].add(f"{LATER}.b")
    with psycopg.connect(address) as connection:
        rows = connection.execute("SELECT session FROM assistant_service.ended_sessions").fetchall()
    assert rows == [(f"{LATER}.b",)]


def test_a_database_that_is_away_ends_no_server(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ended = SharedEndedSessions(f"postgresql:///x?host={tmp_path}")
    assert f"{LATER}.a" not in ended
    assert "are not known" in caplog.text
    with pytest.raises(StorageError, match="cannot be used"):
        ended.add(f"{LATER}.a")
    assert f"{LATER}.a" in ended


def test_the_settings_say_where_sessions_end(tmp_path: Path, address: str) -> None:
    assert isinstance(open_ended_sessions(load_settings(index=tmp_path)), EndedSessions)
    shared = open_ended_sessions(load_settings(database=address))
    assert isinstance(shared, SharedEndedSessions)
    shared.close()
