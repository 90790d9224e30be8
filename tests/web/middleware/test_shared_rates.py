"""Servers over one database count the requests of a client together."""

import threading
import time
from collections.abc import Iterator

import httpx
import psycopg
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from assistant import Settings
from assistant.web.middleware.rates import OwnRate, RateLimit, open_rate
from assistant.web.middleware.shared_rates import SharedRate
from tests.in_thread import run
from tests.postgres_server import PostgresServer


@pytest.fixture
def address(postgres_server: PostgresServer) -> str:
    return postgres_server.new_database()


@pytest.fixture
def two(address: str) -> Iterator[list[SharedRate]]:
    """The same limit as two servers have it."""
    rates = [SharedRate(address, "requests", "3/second") for _ in range(2)]
    yield rates
    for rate in rates:
        rate.close()


def test_a_client_has_one_limit_at_all_servers(address: str) -> None:
    rates = [SharedRate(address, "requests", "3/minute") for _ in range(2)]
    waits = [rates[number % 2].take("a") for number in range(4)]
    assert waits[:3] == [0, 0, 0]
    assert 55 <= waits[3] <= 60
    assert rates[0].take("b") == 0
    other = SharedRate(address, "password", "3/minute")
    assert other.take("a") == 0
    for rate in (*rates, other):
        rate.close()


def test_a_refused_client_may_come_back(two: list[SharedRate]) -> None:
    while not two[0].take("a"):
        pass
    time.sleep(1.1)
    assert two[1].take("a") == 0


def test_requests_at_the_same_moment_are_each_counted(address: str) -> None:
    rates = [SharedRate(address, "requests", "10/minute") for _ in range(4)]
    taken: list[int] = []

    def take(rate: SharedRate) -> None:
        taken.extend(rate.take("a") for _ in range(10))

    threads = [threading.Thread(target=take, args=(rate,)) for rate in rates]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken.count(0) == 10
    for rate in rates:
        rate.close()


def test_no_address_of_a_client_is_stored_and_none_stays(
    address: str, two: list[SharedRate]
) -> None:
    two[0].take("192.0.2.7")
    time.sleep(1.1)
    two[1].take("192.0.2.8")
    with psycopg.connect(address) as connection:
        rows = connection.execute("SELECT client FROM assistant_service.requests").fetchall()
    assert len(rows) == 1
    assert b"192.0.2" not in rows[0][0]


def test_the_settings_choose_where_requests_are_counted(address: str) -> None:
    shared = open_rate(Settings(database=address), "requests", "3/minute")
    assert isinstance(shared, SharedRate)
    assert isinstance(open_rate(Settings(), "requests", "3/minute"), OwnRate)


def test_a_request_that_cannot_be_counted_is_refused_with_the_reason(address: str) -> None:
    broken = SharedRate("postgresql://ann:secret@127.0.0.1:1/books", "requests", "3/minute")
    statuses = [_status(rate) for rate in (SharedRate(address, "requests", "1/minute"), broken)]
    assert [code for code, _ in statuses] == [200, 503]
    assert "ASSISTANT_DATABASE" in statuses[1][1]
    assert "secret" not in statuses[1][1]


def _status(rate: SharedRate) -> tuple[int, str]:
    def home(request: Request) -> PlainTextResponse:
        return PlainTextResponse("here")

    async def get() -> tuple[int, str]:
        app = RateLimit(Starlette(routes=[Route("/", home)]), rate)
        transport = httpx.ASGITransport(app, client=("192.0.2.7", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://server") as client:
            response = await client.get("/")
        return response.status_code, response.text

    try:
        return run(get())
    finally:
        rate.close()
