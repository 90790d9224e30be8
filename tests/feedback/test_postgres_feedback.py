"""The feedback in a database is kept as that in a file is."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from assistant import Settings, StorageError
from assistant.feedback.feedback_choice import open_feedback
from assistant.feedback.postgres_feedback import PostgresFeedback
from assistant.feedback.store import FeedbackStore
from assistant.types import Status
from tests.feedback.test_store import said
from tests.postgres_server import PostgresServer


@pytest.fixture
def address(postgres_server: PostgresServer) -> str:
    return postgres_server.new_database()


@pytest.fixture
def feedback(address: str) -> Iterator[PostgresFeedback]:
    opened = PostgresFeedback(address)
    yield opened
    opened.close()


def test_a_record_comes_back_as_it_was_put(feedback: PostgresFeedback) -> None:
    records = [replace(said(status.value), status=status) for status in Status]
    records.append(said("odd", comment="Ünclear: 'quotes', \"more\"\nand a 漢字 \0 \U0010ffff0"))
    assert feedback.records() == []
    for record in records:
        feedback.put(record)
    assert sorted(feedback.records(), key=lambda one: one.id) == sorted(
        records, key=lambda one: one.id
    )


def test_a_record_with_the_same_id_takes_the_place_of_the_first(feedback: PostgresFeedback) -> None:
    feedback.put(said("a"))
    feedback.put(said("a", comment="Better."))
    assert [one.comment for one in feedback.records()] == ["Better."]
    assert (feedback.has("a"), feedback.has("b")) == (True, False)


def test_records_are_listed_and_deleted_by_time_and_id(feedback: PostgresFeedback) -> None:
    for days in (3, 1, 2):
        feedback.put(said(f"{days} days", days_ago=days))
    assert [one.id for one in feedback.records()] == ["3 days", "2 days", "1 days"]
    yesterday = datetime.now(UTC) - timedelta(days=1.5)
    assert [one.id for one in feedback.records(yesterday)] == ["1 days"]
    assert feedback.delete(["1 days", "unknown"]) == 1
    assert feedback.delete_all(datetime.now(UTC) - timedelta(days=2.5)) == 1
    assert feedback.delete_all() == 1
    assert feedback.records() == []


def test_old_records_are_hidden_and_deleted_a_week_later(
    address: str, feedback: PostgresFeedback
) -> None:
    feedback.put(said("old", days_ago=8))
    feedback.put(said("new", days_ago=6))
    keeping = PostgresFeedback(address, keep_days=7)
    assert [one.id for one in keeping.records()] == ["new"]
    assert [one.id for one in feedback.records()] == ["old", "new"]
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("UPDATE assistant_service.expired SET since = '2000-01-01'")
    keeping.records()
    keeping.close()
    assert [one.id for one in feedback.records()] == ["new"]


def test_several_servers_write_at_the_same_time(address: str, feedback: PostgresFeedback) -> None:
    def write(server: int) -> None:
        opened = PostgresFeedback(address)
        for number in range(20):
            opened.put(said(f"{server}-{number}"))
            opened.put(said("the same"))
        opened.close()

    threads = [threading.Thread(target=write, args=(server,)) for server in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(feedback.records()) == 81


def test_a_damaged_record_is_an_error(address: str, feedback: PostgresFeedback) -> None:
    feedback.put(said("a"))
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("UPDATE assistant_service.feedback SET citations = '{'")
    with pytest.raises(StorageError, match="damaged"):
        feedback.records()


def test_the_settings_choose_where_feedback_is_kept(address: str, tmp_path: Path) -> None:
    chosen = open_feedback(Settings(database=address, index=tmp_path))
    assert isinstance(chosen, PostgresFeedback)
    named = open_feedback(Settings(database=address, feedback_file=tmp_path / "feedback"))
    assert isinstance(named, FeedbackStore)
    assert isinstance(open_feedback(Settings(index=tmp_path)), FeedbackStore)
