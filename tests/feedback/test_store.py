"""The feedback file: kept by itself, shared by processes, never emptied by accident."""

import multiprocessing
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.errors import StorageError
from assistant.feedback.store import FILE, FeedbackStore, as_written
from assistant.types import Citation, Feedback, Status

QUOTE = Citation(1, "d1", "Title", "a.txt", 4, 9, "words", "0" * 64, page=2)


def said(identifier: str, *, days_ago: float = 0, comment: str = "") -> Feedback:
    return Feedback(
        id=identifier,
        time=as_written(datetime.now(UTC) - timedelta(days=days_ago)),
        question="Where?",
        standalone_question="Where was it signed?",
        helpful=False,
        comment=comment,
        status=Status.ANSWERED,
        answer="In Beijing. [1]",
        citations=(QUOTE,),
        unchecked=(1,),
        engine="extractive",
        within="folder/",
    )


def write_some(path: Path, process: int) -> None:
    store = FeedbackStore(path)
    for number in range(20):
        store.put(said(f"{process}-{number}"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new folder" / FILE


@pytest.mark.parametrize("status", list(Status))
def test_every_status_of_an_answer_is_stored(path: Path, status: Status) -> None:
    record = replace(said("a"), status=status)
    FeedbackStore(path).put(record)
    assert FeedbackStore(path).records() == [record]


def test_a_record_comes_back_as_it_was_put(path: Path) -> None:
    record = said("a", comment="Ünclear: 'quotes', \"more\"\nand a 漢字 \0 too")
    FeedbackStore(path).put(record)
    assert FeedbackStore(path).records() == [record]


def test_without_a_file_there_is_nothing_and_none_is_made(path: Path) -> None:
    store = FeedbackStore(path)
    assert store.records() == []
    assert not store.has("a")
    assert (store.delete(["a"]), store.delete_all()) == (0, 0)
    assert not path.parent.exists()


def test_a_record_with_the_same_id_takes_the_place_of_the_first(path: Path) -> None:
    store = FeedbackStore(path)
    store.put(said("a", comment="before"))
    store.put(said("a", comment="after"))
    assert [record.comment for record in store.records()] == ["after"]


def test_records_are_listed_from_a_time_on_oldest_first(path: Path) -> None:
    store = FeedbackStore(path)
    for identifier, days in (("new", 1), ("old", 9), ("older", 20)):
        store.put(said(identifier, days_ago=days))
    assert [record.id for record in store.records()] == ["older", "old", "new"]
    since = datetime.now(UTC) - timedelta(days=10)
    assert [record.id for record in store.records(since)] == ["old", "new"]
    assert [record.id for record in store.records(since.replace(tzinfo=None))] == ["old", "new"]


def test_deleting_takes_what_is_named_and_nothing_else(path: Path) -> None:
    store = FeedbackStore(path)
    for identifier in ("a", "b", "c"):
        store.put(said(identifier))
    assert store.delete(["a", "nothing"]) == 1
    assert [record.id for record in store.records()] == ["b", "c"]
    assert store.delete_all() == 2
    assert store.records() == []


def test_deleting_from_before_a_time_leaves_the_newer_ones(path: Path) -> None:
    store = FeedbackStore(path)
    store.put(said("old", days_ago=9))
    store.put(said("new"))
    assert store.delete_all(datetime.now(UTC) - timedelta(days=5)) == 1
    assert [record.id for record in store.records()] == ["new"]


def test_what_was_deleted_is_no_longer_in_the_file(path: Path) -> None:
    store = FeedbackStore(path)
    store.put(said("a", comment="call me on 555-0199"))
    assert b"555-0199" in path.read_bytes()
    store.delete(["a"])
    assert b"555-0199" not in path.read_bytes()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the clock of the store some days ahead."""

    def ahead(days: float) -> None:
        now = datetime.now(UTC) + timedelta(days)
        monkeypatch.setattr("assistant.feedback.store._now", lambda: now)

    return ahead


def ids(path: Path, keep_days: int | None = None) -> list[str]:
    return [record.id for record in FeedbackStore(path, keep_days).records()]


def test_old_records_are_hidden_and_deleted_a_week_later(
    path: Path, clock: Callable[[float], None]
) -> None:
    keeper = FeedbackStore(path)
    keeper.put(said("old", days_ago=31, comment="call me on 555-0199"))
    keeper.put(said("new", days_ago=29))
    assert ids(path, 30) == ["new"]
    assert ids(path) == ["old", "new"]
    clock(6.9)
    assert ids(path, 90) == ["old", "new"]
    clock(0)
    assert ids(path, 30) == ["new"]
    clock(7.1)
    FeedbackStore(path, 30).put(said("newest"))
    assert ids(path) == ["new", "newest"]
    assert b"555-0199" not in path.read_bytes()


def test_a_clock_that_jumps_ahead_deletes_nothing_for_good(
    path: Path, clock: Callable[[float], None]
) -> None:
    FeedbackStore(path).put(said("a"))
    for _ in range(3):
        clock(4000)
        assert ids(path, 30) == []
        FeedbackStore(path, 30).put(said("b"))
        clock(0)
        assert ids(path, 30) == ["a", "b"]
    clock(8)
    assert ids(path, 30) == ["a", "b"]


def test_several_processes_write_at_the_same_time(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_some, args=(path, number)) for number in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert len(FeedbackStore(path).records()) == 60


@pytest.mark.parametrize("content", [b"not a database", b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_damaged_file_is_named_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / FILE
    path.write_bytes(content * 40)
    store = FeedbackStore(path, keep_days=1)
    for use in (store.records, lambda: store.put(said("a")), store.delete_all):
        with pytest.raises(StorageError, match="is damaged") as raised:
            use()
        assert str(path) in str(raised.value)
    assert path.read_bytes() == content * 40


def test_a_damaged_record_is_an_error_and_stays(path: Path) -> None:
    store = FeedbackStore(path)
    store.put(said("a"))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE feedback SET citations = '[{\"number\": 1}]'")
    connection.close()
    with pytest.raises(StorageError, match="a record cannot be read"):
        store.records()
    assert store.has("a")


def test_a_file_of_a_newer_version_is_left_as_it_is(path: Path) -> None:
    store = FeedbackStore(path, keep_days=1)
    FeedbackStore(path).put(said("a", days_ago=9))
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 2")
    connection.close()
    content = path.read_bytes()
    for use in (store.records, lambda: store.put(said("b")), store.delete_all):
        with pytest.raises(StorageError, match=r"schema version 2; this version .* reads 1"):
            use()
    assert path.read_bytes() == content


def test_a_database_of_another_kind_is_not_written_to(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE documents (id)")
    connection.close()
    content = path.read_bytes()
    with pytest.raises(StorageError, match="not a feedback file"):
        FeedbackStore(path).put(said("a"))
    assert path.read_bytes() == content


def test_a_folder_in_the_place_of_the_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be used"):
        FeedbackStore(tmp_path).put(said("a"))
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be used"):
        FeedbackStore(tmp_path / "file" / FILE).put(said("a"))


def test_a_file_that_may_only_be_read_can_be_listed(path: Path) -> None:
    store = FeedbackStore(path)
    store.put(said("a"))
    path.chmod(0o400)
    path.parent.chmod(0o500)
    try:
        assert [record.id for record in store.records()] == ["a"]
    finally:
        path.parent.chmod(0o700)
