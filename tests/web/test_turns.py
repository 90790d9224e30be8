"""Clients take turns, however much any of them asks."""

import asyncio

import pytest

from assistant.web.turns import FairTurns
from tests.in_thread import run


def test_a_client_with_one_question_waits_for_one_turn_of_another() -> None:
    async def ask() -> list[str]:
        turns = FairTurns(1)
        order: list[str] = []

        async def work(client: str) -> None:
            turn = await turns.take(client)
            order.append(client)
            await asyncio.sleep(0)
            turn.release()

        clients = ["greedy"] * 5 + ["polite"] + ["other"] * 2
        await asyncio.gather(*(work(client) for client in clients))
        return order

    assert run(ask())[:4] == ["greedy", "greedy", "polite", "other"]


def test_whoever_leaves_the_queue_takes_no_turn() -> None:
    async def ask() -> None:
        turns = FairTurns(1)
        first = await turns.take("a")
        leaving = asyncio.create_task(turns.take("b"))
        waiting = asyncio.create_task(turns.take("c"))
        await asyncio.sleep(0)
        leaving.cancel()
        first.release()
        first.release()  # which does nothing
        async with asyncio.timeout(30):
            turn = await waiting
            late = asyncio.create_task(turns.take("d"))
            await asyncio.sleep(0)
            assert not late.done()
            turn.release()
            await late

    run(ask())


def test_a_turn_that_comes_while_its_client_leaves_goes_to_the_next() -> None:
    async def ask() -> None:
        turns = FairTurns(1)
        first = await turns.take("a")
        leaving = asyncio.create_task(turns.take("b"))
        await asyncio.sleep(0)
        first.release()
        leaving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leaving
        async with asyncio.timeout(30):
            await turns.take("c")

    run(ask())


def test_all_that_wait_can_be_refused() -> None:
    async def ask() -> None:
        turns = FairTurns(1)
        await turns.take("a")
        waiting = asyncio.create_task(turns.take("b"))
        await asyncio.sleep(0)
        turns.refuse(ValueError("over"))
        with pytest.raises(ValueError, match="over"):
            await waiting

    run(ask())
