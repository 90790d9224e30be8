"""The questions in flight: each gets its turn, and no more than there are places."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from assistant.errors import ServerBusyError
from assistant.web.concurrency import AnsweringLimit
from tests.in_thread import run


def test_answers_that_wait_for_their_turn_do_not_hold_up_the_one_that_has_it() -> None:
    async def ask() -> list[list[int]]:
        questions = AnsweringLimit(1, 4)
        first = questions.pieces(lambda _: iter([1, 2]))
        answered = [await anext(first)]
        waiting = [
            asyncio.create_task(questions.last(lambda _, piece=piece: iter([piece])))  # type: ignore[misc]
            for piece in (3, 4, 5)
        ]
        await asyncio.sleep(0.2)
        async with asyncio.timeout(30):
            answered += [piece async for piece in first]
            return [answered, sorted(await asyncio.gather(*waiting))]

    assert run(ask()) == [[1, 2], [3, 4, 5]]


def test_one_question_too_many_is_refused_until_another_one_is_answered() -> None:
    questions = AnsweringLimit(1, 1)
    with questions.place():
        assert questions.in_flight == 1
        with pytest.raises(ServerBusyError), questions.place():
            pass
    with questions.place():
        pass
    assert questions.in_flight == 0


def endless(stopped: threading.Event) -> Iterator[int]:
    while not stopped.wait(0.01):
        yield 1


def test_work_that_is_stopped_ends_with_an_error() -> None:
    questions = AnsweringLimit(1, 2)

    async def ask() -> None:
        asking = asyncio.create_task(questions.last(endless))
        waiting = asyncio.create_task(questions.last(endless))
        await asyncio.sleep(0.05)
        questions.stop()
        async with asyncio.timeout(30):
            for task in (asking, waiting):
                with pytest.raises(ServerBusyError, match="is stopping"):
                    await task

    run(ask())


def test_whoever_leaves_frees_the_place_and_the_turn() -> None:
    questions = AnsweringLimit(1, 2)

    async def ask() -> int:
        leaving = [asyncio.create_task(questions.last(endless)) for _ in range(2)]
        await asyncio.sleep(0.05)
        for task in leaving:
            task.cancel()
        await asyncio.wait(leaving)
        assert questions.in_flight == 0
        async with asyncio.timeout(30):
            return await questions.last(lambda _: iter([7]))

    assert run(ask()) == 7


def test_a_turn_is_free_again_although_the_abandoned_work_does_not_end() -> None:
    """A language model may not answer for a minute, and its thread waits for it."""
    questions = AnsweringLimit(1, 2)
    let_go = threading.Event()

    def stuck(stopped: threading.Event) -> Iterator[int]:
        let_go.wait(20)
        yield 1

    async def ask() -> int:
        leaving = asyncio.create_task(questions.last(stuck))
        await asyncio.sleep(0.05)
        leaving.cancel()
        async with asyncio.timeout(30):
            last = await questions.last(lambda _: iter([7]))
        let_go.set()
        return last

    assert run(ask()) == 7


def test_the_free_places_go_to_those_that_were_refused_first() -> None:
    questions = AnsweringLimit(1, 1)
    with questions.place(client="greedy"):
        for client in ("polite", "greedy", "greedy"):
            with pytest.raises(ServerBusyError):
                questions.check(client)
    with pytest.raises(ServerBusyError):
        questions.check("greedy")
    with questions.place(client="polite"):
        pass
    with questions.place(client="greedy"):
        pass


def test_who_returns_too_soon_loses_the_place_to_whoever_waits() -> None:
    questions = AnsweringLimit(1, 1)
    greedy = [f"greedy {number}" for number in range(100)]
    with questions.place(client="first"):
        for client in [*greedy, "polite", *greedy, *greedy]:
            with pytest.raises(ServerBusyError):
                questions.check(client)
    for client in greedy:
        with pytest.raises(ServerBusyError):
            questions.check(client)
    with questions.place(client="polite"):
        pass
    with questions.place(client=greedy[0]):
        pass


def test_a_promised_place_is_free_for_all_after_some_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("assistant.web.concurrency.SECONDS_TO_RETURN", -1)
    questions = AnsweringLimit(1, 1)
    with questions.place(client="one"), pytest.raises(ServerBusyError):
        questions.check("gone")
    with questions.place(client="one"):
        pass
