"""The pages that wait for answers: what each holds, and that the work ends with them."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Generator

import gradio as gr
import pytest

from assistant import Assistant
from assistant.errors import ServerBusyError
from assistant.web.chat.conversation import Conversation
from assistant.web.chat.handlers import NOTHING_NEW, Handlers, Outputs
from assistant.web.chat.open_pages import Asked, Pages
from assistant.web.concurrency import AnsweringLimit
from assistant.web.stepping import Stepping
from tests.in_thread import run


async def counting(to: int, pause: float = 0.0) -> AsyncGenerator[Outputs, None]:
    for number in range(to):
        yield (number,)
        await asyncio.sleep(pause)


def test_a_slow_reader_gets_the_newest_state_and_none_is_kept_for_it() -> None:
    async def read() -> list[Outputs | None]:
        got = []
        async for state in Asked(lambda: counting(1000)).states():
            got.append(state)
            await asyncio.sleep(0.05)
        return got

    got = run(read())
    assert got[-1] == (999,)
    assert len(got) < 10


def test_a_question_that_is_dropped_is_worked_on_no_more() -> None:
    ended = []

    async def endless() -> AsyncGenerator[Outputs, None]:
        try:
            while True:
                yield (0,)
                await asyncio.sleep(0.01)
        finally:
            ended.append(True)

    async def drop() -> int:
        asked = Asked(endless)
        got = 0
        async for _ in asked.states():
            got += 1
            asked.drop()
        return got

    assert run(drop()) <= 2
    assert ended == [True]


def test_a_silent_answer_gives_signs_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.web.chat.open_pages.SECONDS_BETWEEN_SIGNS", 0.02)

    async def silent() -> AsyncGenerator[Outputs, None]:
        for _ in range(5):
            await asyncio.sleep(0.05)
            yield NOTHING_NEW
        yield (1,)

    async def read() -> list[Outputs | None]:
        return [state async for state in Asked(silent).states()]

    got = run(read())
    assert got[-1] == (1,)
    assert set(got[:-1]) == {None}


def test_an_answer_that_fails_raises_after_what_it_had() -> None:
    async def failing() -> AsyncGenerator[Outputs, None]:
        yield (1,)
        raise ValueError("broken")

    got: list[Outputs | None] = []

    async def read() -> None:
        async for state in Asked(failing).states():
            got.append(state)  # noqa: PERF401  # it raises

    with pytest.raises(ValueError, match="broken"):
        run(read())
    assert got == [(1,)]


def test_pages_are_bounded_in_all_by_client_and_each() -> None:
    async def fill() -> None:
        pages = Pages(in_all=3, by_client=2)
        pages.ask("a", "one", first := Asked(lambda: counting(1)))
        pages.ask("a", "one", Asked(lambda: counting(1)))
        assert first.is_dropped
        pages.ask("b", "one", Asked(lambda: counting(1)))
        with pytest.raises(ServerBusyError):
            pages.ask("c", "one", Asked(lambda: counting(1)))
        pages.ask("d", "two", Asked(lambda: counting(1)))
        with pytest.raises(ServerBusyError):
            pages.ask("e", "three", Asked(lambda: counting(1)))
        for _ in range(2):
            pages.ask("a", "one", Asked(lambda: counting(1)))
        with pytest.raises(ServerBusyError):
            pages.ask("a", "one", Asked(lambda: counting(1)))
        page = pages.open("a")
        assert page is not None
        assert pages.open("a") is None
        pages.close("a", page)
        assert all(asked.is_dropped for asked in page.asked)
        assert len(pages) == 2

    run(fill())


def test_what_pages_hold_is_bounded_and_let_go_of_when_it_is_not_wanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("assistant.web.chat.open_pages.MOST_CHARACTERS", 100)

    def large(size: int) -> Asked:
        return Asked(lambda: counting(1), size)

    async def fill() -> None:
        pages = Pages(16, 16)
        pages.ask("a", "one", large(60))
        with pytest.raises(ServerBusyError):
            pages.ask("b", "one", large(60))
        pages.ask("b", "one", large(40))
        pages.ask("c", "two", large(100))
        with pytest.raises(ServerBusyError):
            pages.ask("d", "three", large(1))
        page = pages.open("c")
        assert page is not None
        page.drop()
        pages.ask("d", "three", large(100))

    run(fill())


def test_a_page_that_does_not_come_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.web.chat.open_pages.SECONDS_TO_COME", 0.05)

    async def wait() -> tuple[int, bool]:
        pages = Pages(16, 8)
        pages.ask("a", "one", Asked(lambda: counting(1)))
        pages.ask("b", "one", Asked(lambda: counting(1)))
        opened = pages.open("b")
        await asyncio.sleep(0.2)
        return len(pages), opened is not None

    assert run(wait()) == (1, True)


def test_an_answer_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.web.chat.open_pages.SECONDS_TO_ANSWER", 0.1)

    async def read() -> list[Outputs | None]:
        return [state async for state in Asked(lambda: counting(10, pause=60)).states()]

    assert run(read()) == [(0,)]


def test_a_generator_is_closed_by_the_thread_that_advances_it() -> None:
    running, let_go, closed = threading.Event(), threading.Event(), threading.Event()

    def pieces() -> Generator[int, None, None]:
        try:
            running.set()
            let_go.wait(10)
            yield 1
            yield 2
        finally:
            closed.set()

    stepping = Stepping(pieces())
    thread = threading.Thread(target=stepping.step)
    thread.start()
    assert running.wait(10)
    stepping.end()
    assert not closed.is_set()
    let_go.set()
    thread.join()
    assert closed.is_set()
    assert stepping.step() is None


def test_a_generator_that_waits_is_closed_at_once() -> None:
    closed = []

    def pieces() -> Generator[int, None, None]:
        try:
            yield 1
            yield 2
        finally:
            closed.append(True)

    stepping = Stepping(pieces())
    assert stepping.step() == 1
    stepping.end()
    assert closed == [True]


def test_the_word_about_a_refused_question_stays(assistant: Assistant) -> None:
    """The page asks for an answer whether the question was taken or not."""
    handlers = Handlers(assistant, AnsweringLimit(4, 64))
    kept = handlers.seals.seal(Conversation())

    async def shown() -> list[Outputs]:
        answers = handlers.answer(kept, False, gr.Request(headers={}))
        return [state async for state in answers]

    assert run(shown()) == [NOTHING_NEW]
