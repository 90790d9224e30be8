"""Find the questions to begin with after documents were added or removed, while no reader waits."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from threading import Event
from typing import Protocol

from assistant.errors import AssistantError
from assistant.web.concurrency import AnsweringLimit

MOST_DOCUMENTS = 10
"""The most of the documents added last whose questions are found ahead."""
PAUSE = 0.2
"""Seconds between two looks at whether a reader waits."""


class Beginnings(Protocol):
    """What finds the questions to begin with in a document or folder, or in all documents."""

    def beginning(self, within: str, stopped: Event) -> Iterator[list[str]]:
        """Yield the questions, once."""
        ...


class SuggestingAhead:
    """Looks for questions in all documents and in those that were added last.

    It works while no question is in flight, and gives way to one that comes.
    """

    def __init__(self, beginnings: Beginnings, questions: AnsweringLimit) -> None:
        self._beginnings = beginnings
        self._questions = questions
        self._added: list[str] = []
        self._task: asyncio.Task[None] | None = None

    def find(self, added: Sequence[str] = ()) -> None:
        """Look in the background, in the event loop that calls this. Earlier work ends."""
        self._added = list(dict.fromkeys((*added, *self._added)))[:MOST_DOCUMENTS]
        if self._task is not None:
            self._task.cancel()
        self._task = asyncio.create_task(self._find_all(("", *self._added)))

    async def _find_all(self, parts: Sequence[str]) -> None:
        for part in parts:
            with suppress(AssistantError):  # a reader who asks is told
                while not await self._find(part):
                    pass

    async def _find(self, part: str) -> bool:
        """Return whether the questions were found, or False after giving way."""
        while self._questions.in_flight:
            await asyncio.sleep(PAUSE)
        answer = partial(self._beginnings.beginning, part)
        finding = asyncio.create_task(self._questions.last(answer))
        try:
            while not finding.done() and self._questions.in_flight <= 1:
                await asyncio.wait({finding}, timeout=PAUSE)
            if finding.done():
                finding.result()
            return finding.done()
        finally:
            finding.cancel()
