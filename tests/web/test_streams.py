"""Streams that end with their reader, and never wait for a slow one."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from assistant.web.streams import newest, unless_gone
from tests.in_thread import run


async def counting(to: int) -> AsyncGenerator[int, None]:
    for number in range(to):
        yield number
        await asyncio.sleep(0)


def test_a_slow_reader_gets_the_newest_item_and_the_source_runs_on() -> None:
    async def read() -> list[int]:
        got = []
        async for number in newest(counting(100)):
            got.append(number)
            await asyncio.sleep(0.05)
        return got

    got = run(read())
    assert got[-1] == 99
    assert len(got) < 10


def test_an_error_of_the_source_arrives_after_its_items() -> None:
    async def failing() -> AsyncGenerator[int, None]:
        yield 1
        raise ValueError("broken")

    got = []

    async def read() -> None:
        async for number in newest(failing()):
            got.append(number)  # noqa: PERF401  # it raises

    with pytest.raises(ValueError, match="broken"):
        run(read())
    assert got == [1]


def test_a_source_is_closed_with_its_reader() -> None:
    closed = []

    async def endless() -> AsyncGenerator[int, None]:
        try:
            while True:
                yield 1
                await asyncio.sleep(0.01)
        finally:
            closed.append(True)

    async def read() -> None:
        async with aclosing(newest(endless())) as items:
            await anext(items)

    run(read())
    assert closed == [True]


def test_work_ends_at_once_when_the_client_leaves() -> None:
    ended = []

    async def work() -> int:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(True)
        return 1

    async def gone() -> Message:
        await asyncio.sleep(0.05)
        return {"type": "http.disconnect"}

    async def ask() -> None:
        with pytest.raises(ClientDisconnect):
            await unless_gone(Request({"type": "http"}, gone), work())

    run(ask())
    assert ended == [True]


def test_the_result_of_work_that_a_client_waits_for_is_returned() -> None:
    async def silent() -> Message:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def work() -> int:
        return 1

    assert run(unless_gone(Request({"type": "http"}, silent), work())) == 1
