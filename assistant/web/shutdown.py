"""Shutting down: finish the questions in flight without waiting for open pages."""

import asyncio
import time

from assistant.web.concurrency import AnsweringLimit

SECONDS_TO_FINISH = 5
SECONDS_TO_CLOSE = 2
"""Time for connections to close by themselves after the last question."""
_MOMENT = 0.5


class Ending:
    """What remains to be done after the signal that stops the server."""

    def __init__(self, questions: AnsweringLimit) -> None:
        self._questions = questions

    async def finish(self) -> None:
        """Wait for the questions in flight, and stop slow ones."""
        deadline = time.monotonic() + SECONDS_TO_FINISH
        if self._questions.in_flight:
            while self._questions.in_flight and time.monotonic() < deadline:
                await asyncio.sleep(0.05)
            self._questions.stop()
            await asyncio.sleep(_MOMENT)  # lets the last pieces of answers reach their pages
