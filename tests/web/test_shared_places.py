"""Servers over one database count the questions in flight together."""

import asyncio
import threading
from collections.abc import Iterator

import psycopg
import pytest

from assistant import ServerBusyError, StorageError, load_settings
from assistant.web import shared_places
from assistant.web.concurrency import AnsweringLimit
from assistant.web.places_choice import places_in_all
from assistant.web.shared_places import SharedPlaces
from tests.in_thread import run
from tests.postgres_server import PostgresServer, running


@pytest.fixture
def address(postgres_server: PostgresServer) -> str:
    return postgres_server.new_database()


@pytest.fixture
def two(address: str) -> Iterator[list[SharedPlaces]]:
    """Three places as two servers have them."""
    places = [SharedPlaces(address, 3) for _ in range(2)]
    yield places
    for some in places:
        some.close()


def test_all_servers_have_the_places_together(two: list[SharedPlaces]) -> None:
    assert [two[number % 2].take() for number in range(4)] == [True, True, True, False]
    two[0].give_back()
    assert two[1].take()
    assert not two[0].take()


def test_the_places_of_a_server_that_ends_are_free(two: list[SharedPlaces]) -> None:
    while two[0].take():
        pass
    two[0].close()
    assert [two[1].take() for _ in range(4)] == [True, True, True, False]


def test_the_places_of_a_server_that_dies_are_freed(two: list[SharedPlaces], address: str) -> None:
    while two[0].take():
        pass
    assert not two[1].take()
    with psycopg.connect(address) as connection:  # the clock of a server that shows itself no more
        connection.execute(
            "UPDATE assistant_service.in_flight SET seen = seen - interval '1 minute'"
        )
    assert two[1].take()


def test_a_server_that_lives_keeps_its_places(
    two: list[SharedPlaces], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_places, "_SEEN_EVERY", 0.05)
    assert two[0].take()

    def seen() -> object:
        with psycopg.connect(address) as connection:
            return connection.execute(
                "SELECT seen FROM assistant_service.in_flight WHERE questions = 1"
            ).fetchone()

    first = seen()
    changed = threading.Event()
    for _ in range(100):
        if seen() != first:
            break
        changed.wait(0.05)
    assert seen() != first


def test_questions_at_the_same_moment_are_each_counted(address: str) -> None:
    servers = [SharedPlaces(address, 10) for _ in range(4)]
    taken: list[bool] = []

    def take(places: SharedPlaces) -> None:
        taken.extend(places.take() for _ in range(5))

    threads = [threading.Thread(target=take, args=(places,)) for places in servers for _ in "12"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(taken) == 10
    for places in servers:
        places.close()


def test_a_database_that_fails_leaves_no_place_taken() -> None:
    with running() as server:
        places = SharedPlaces(server.new_database(), 1)
        assert places.take()
        places.give_back()
        server.kill()
        with pytest.raises(StorageError):
            places.take()
        server.start()
        assert places.take()
        places.close()


def endless(stopped: threading.Event) -> Iterator[int]:
    while not stopped.wait(0.01):
        yield 1


def test_a_question_is_refused_while_another_server_answers_the_last_one(address: str) -> None:
    servers = [AnsweringLimit(2, 1, SharedPlaces(address, 1)) for _ in range(2)]

    async def ask() -> None:
        asking = asyncio.create_task(servers[0].last(endless))
        while not servers[0].in_flight:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.5)
        with pytest.raises(ServerBusyError, match="1 question is already"):
            await servers[1].last(lambda _: iter([2]))
        asking.cancel()  # its client has gone
        for _ in range(100):
            try:
                assert await servers[1].last(lambda _: iter([2])) == 2
                return
            except ServerBusyError:
                await asyncio.sleep(0.05)
        raise AssertionError("the place was not given back")

    run(ask())
    for server in servers:
        server.close()


def test_a_folder_has_no_places_of_other_servers(address: str) -> None:
    assert places_in_all(load_settings()) is None
    places = places_in_all(load_settings(database=address))
    assert isinstance(places, SharedPlaces)
    places.close()
