"""Questions to begin with are found after an upload, and while no reader waits."""

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import httpx
import pytest

from assistant import Assistant, Encoder, Settings
from assistant.web.chat.suggesting_ahead import MOST_DOCUMENTS, SuggestingAhead
from assistant.web.concurrency import AnsweringLimit
from tests.in_thread import run
from tests.web.browsing import served
from tests.web.guarding import sign_in

PASSWORD = "open – sesame"
LIFT = b"The Harbour Lift was opened in 1954. The Old Mill was built in 1911."


class SlowBeginnings:
    """Looks as long as nothing stops it, until there is no hurry."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.stopped = 0
        self.quick = Event()

    def beginning(self, within: str, stopped: Event) -> Iterator[list[str]]:
        self.parts.append(within)
        while not (stopped.is_set() or self.quick.is_set()):
            time.sleep(0.01)
        self.stopped += stopped.is_set()
        yield []


def test_it_gives_way_to_a_question_and_goes_on_after_it() -> None:
    slow = SlowBeginnings()

    async def look() -> None:
        questions = AnsweringLimit(1, 4)
        ahead = SuggestingAhead(slow, questions)
        ahead.find(["uploads/a.txt"])
        await until(lambda: slow.parts == [""])
        with questions.place():
            await until(lambda: slow.stopped == 1)
            await asyncio.sleep(0.5)
            assert slow.parts == [""]
        slow.quick.set()
        await until(lambda: slow.parts == ["", "", "uploads/a.txt"])
        ahead.find([f"uploads/{number}" for number in range(MOST_DOCUMENTS)])
        await until(lambda: len(slow.parts) == 3 + 1 + MOST_DOCUMENTS)

    run(look())


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.02)


def test_the_questions_of_an_upload_are_known_before_a_reader_asks_for_them(
    tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "corpus").mkdir()
    settings = Settings(
        corpus=tmp_path / "corpus",
        index=tmp_path / "index",
        uploads=True,
        chat_password=PASSWORD,
    )
    with (
        Assistant(settings, encoder) as assistant,
        served(assistant) as address,
        httpx.Client(base_url=address, timeout=30) as client,
    ):
        looked: list[object] = []
        suggest = assistant.suggest

        def counted(*arguments: object, **more: object) -> list[str]:
            found = suggest(*arguments, **more)  # type: ignore[arg-type]
            looked.append(more.get("within"))
            return found

        monkeypatch.setattr(assistant, "suggest", counted)
        sign_in(client, PASSWORD)
        assert client.put("/uploads/lift.txt", content=LIFT).status_code == 201
        deadline = time.monotonic() + 30
        while len(looked) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert looked == [None, "uploads/lift.txt"]
        asked = {"signed": "", "within": "uploads/lift.txt"}
        given = client.post("/suggestions", json=asked).json()["questions"]
        assert "When was the Harbour Lift opened?" in given
        assert "When was the Harbour Lift opened?" in assistant.starting_questions(find=False)
        assert len(looked) == 2
