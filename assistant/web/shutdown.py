"""Shutting down: finish the questions in flight without waiting for open pages."""

import asyncio
import logging
import os
import threading
import time
from typing import NoReturn

from assistant.web.concurrency import AnsweringLimit

LOGGER = logging.getLogger(__name__)
SECONDS_TO_END = 9.5
"""Time from the first signal to the end of the process, whatever is still running."""
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
            self.stop()
            await asyncio.sleep(_MOMENT)  # lets the last pieces of answers reach their pages

    def stop(self) -> None:
        """Stop the work on all questions at once."""
        self._questions.stop()


def end_process_after(seconds: float, exit_code: int) -> None:
    """End the process after a time if it is still running then, whatever its threads do.

    Threads cannot be ended from outside, and Python waits for them at its end. Nothing is lost: the
    index and the feedback are whole whenever a process ends.
    """
    if not seconds:
        _end(exit_code)
    ending = threading.Timer(seconds, _end, (exit_code,))
    ending.daemon = True
    ending.start()


def _end(exit_code: int) -> NoReturn:
    LOGGER.warning("stopped before all work was finished")
    os._exit(exit_code)
