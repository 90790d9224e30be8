"""The questions in flight: each gets its turn, and no more than there are places."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from assistant.errors import ServerBusyError
from assistant.web.concurrency import AnsweringLimit
from tests.in_thread import run


async def nobody_left() -> bool:
    return False


def test_answers_that_wait_for_their_turn_do_not_hold_up_the_one_that_has_it() -> None:
    async def ask() -> list[list[int]]:
        questions = AnsweringLimit(1, 4)
        never = threading.Event()
        first = questions.pieces(iter([1, 2]), never)
        told = [await anext(first)]
        waiting = [
            asyncio.create_task(questions.last(iter([one]), never, nobody_left))
            for one in (3, 4, 5)
        ]
        await asyncio.sleep(0.2)  # all of them have a thread now
        async with asyncio.timeout(5):
            told += [piece async for piece in first]
            return [told, sorted(await asyncio.gather(*waiting))]

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


def test_what_is_stopped_ends_with_a_word() -> None:
    questions = AnsweringLimit(1, 2)

    def endless(stopped: threading.Event) -> Iterator[int]:
        while not stopped.wait(0.01):
            yield 1

    async def ask() -> None:
        with questions.place() as stopped:
            asking = asyncio.create_task(questions.last(endless(stopped), stopped, nobody_left))
            await asyncio.sleep(0.05)
            questions.stop()
            async with asyncio.timeout(5):
                with pytest.raises(ServerBusyError, match="is stopping"):
                    await asking

    run(ask())
