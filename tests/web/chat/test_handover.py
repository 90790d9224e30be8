"""Questions wait in the database for the server that answers them."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from fastapi import FastAPI

from assistant import ServerBusyError, StorageError
from assistant.web.chat import handover
from assistant.web.chat.components import PageFunction
from assistant.web.chat.doorway import Doorway
from assistant.web.chat.handover import Handed, Handover
from tests.in_thread import run
from tests.postgres_server import PostgresServer

KEPT = {"signed": "", "within": ""}


@pytest.fixture
def address(postgres_server: PostgresServer) -> str:
    return postgres_server.new_database()


@pytest.fixture
def two(address: str) -> Iterator[list[Handover]]:
    """Room for four questions, and for two of a client, as two servers have it."""
    both = [Handover(address, 4, 2) for _ in range(2)]
    yield both
    for one in both:
        one.close()


def test_a_question_is_taken_once_by_any_server(two: list[Handover], address: str) -> None:
    name = two[0].put("page", "client", '{"text": "Where?"}')
    assert two[1].take("another") is None
    assert two[1].take("page") == Handed(name, '{"text": "Where?"}', False)
    assert two[0].take("page") is None
    with psycopg.connect(address) as connection:
        rows = connection.execute("SELECT call FROM assistant_service.asked").fetchall()
    assert rows == [("",)]  # the text is gone


def test_a_question_takes_the_place_of_the_pages_last(two: list[Handover]) -> None:
    first = two[0].put("page", "client", "{}")
    assert two[1].take("page") == Handed(first, "{}", False)
    second = two[1].put("page", "client", "{}")
    assert two[0].is_dropped(first)
    assert not two[0].is_dropped(second)
    two[0].drop("another", second)
    assert not two[1].is_dropped(second)
    two[0].drop("page", second)
    assert two[1].take("page") == Handed(second, "{}", True)


def test_what_nobody_comes_for_is_deleted(
    two: list[Handover], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    two[0].put("page", "client", "{}")
    monkeypatch.setattr(handover, "SECONDS_TO_COME", 0.0)
    assert two[1].take("page") is None
    two[0].put("other", "client", "{}")
    with psycopg.connect(address) as connection:
        rows = connection.execute("SELECT page FROM assistant_service.asked").fetchall()
    assert rows == [("other",)]


def test_the_servers_have_one_limit_for_a_client_and_one_in_all(two: list[Handover]) -> None:
    for number in range(4):
        client = f"client {number % 2}"
        two[number % 2].put(f"page{number}", client, "{}")
    with pytest.raises(ServerBusyError):
        two[0].put("page4", "client 2", "{}")
    assert two[0].take("page0")
    two[1].put("page4", "client 2", "{}")
    assert two[0].take("page1")
    two[1].put("page5", "client 2", "{}")
    assert two[0].take("page2")
    with pytest.raises(ServerBusyError):
        two[1].put("page6", "client 2", "{}")


def test_a_database_that_is_away_is_an_error(tmp_path: Path) -> None:
    one = Handover(f"postgresql:///x?host={tmp_path}", 4, 2)
    with pytest.raises(StorageError, match="cannot be used"):
        one.put("page", "client", "{}")


def test_any_server_stops_the_answer_that_another_gives(two: list[Handover]) -> None:
    async def ask_and_stop() -> list[dict[str, object]]:
        going_on = asyncio.Event()

        async def endless(kept: object, quotes_only: object) -> AsyncGenerator[tuple[str], None]:
            while True:
                yield ("words",)
                going_on.set()
                await asyncio.sleep(0.05)

        servers = [_server(one, endless) for one in two]
        call = {"fn_index": 0, "data": [KEPT, None], "session_hash": "mine"}
        sent = await servers[0].post("/gradio_api/queue/join", json=call)
        asked = sent.json()["event_id"]
        stream = asyncio.create_task(servers[1].get("/gradio_api/queue/data?session_hash=mine"))
        await asyncio.wait_for(going_on.wait(), 20)
        stop = {"event_id": asked, "session_hash": "mine", "fn_index": 0}
        assert (await servers[0].post("/gradio_api/cancel", json=stop)).status_code == 200
        shown = (await asyncio.wait_for(stream, 20)).text
        return [json.loads(line[6:]) for line in shown.split("\n\n") if line]

    messages = run(ask_and_stop())
    assert [one["msg"] for one in messages[-2:]] == ["process_completed", "close_stream"]
    assert {one["msg"] for one in messages[1:-2]} == {"process_generating"}


def test_a_stream_without_a_question_is_refused(two: list[Handover]) -> None:
    async def come() -> int:
        shown = await _server(two[0], _words).get("/gradio_api/queue/data?session_hash=mine")
        return shown.status_code

    assert run(come()) == 404


async def _words(kept: object, quotes_only: object) -> AsyncGenerator[tuple[str], None]:
    yield ("words",)


def _server(
    one: Handover, answer: Callable[[object, object], AsyncGenerator[tuple[str], None]]
) -> httpx.AsyncClient:
    app = FastAPI()
    function = PageFunction("answer", answer, frozenset())
    app.include_router(Doorway({0: function}, 4, one).routes())
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 1))
    return httpx.AsyncClient(transport=transport, base_url="http://server")
