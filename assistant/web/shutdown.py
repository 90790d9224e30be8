"""How the server ends: the questions in flight are finished, and open pages do not hold it up."""

import asyncio
import time

from assistant.web.concurrency import AnsweringLimit

SECONDS_TO_FINISH = 5
SECONDS_TO_CLOSE = 2
"""How long the connections have, after the questions, to close by themselves."""
_MOMENT = 0.5


class Ending:
    """What there is to do between the signal that ends the server and its end.

    ``idle`` ends the streams by which Gradio notices that a page was closed: one is open for each
    page, for as long as the page is.
    """

    def __init__(self, questions: AnsweringLimit, idle: asyncio.Event) -> None:
        self._questions = questions
        self._idle = idle

    async def finish(self) -> None:
        """Waits for the questions in flight, ends those that take too long, and idle streams."""
        deadline = time.monotonic() + SECONDS_TO_FINISH
        if self._questions.in_flight:
            while self._questions.in_flight and time.monotonic() < deadline:
                await asyncio.sleep(0.05)
            self._questions.stop()
            await asyncio.sleep(_MOMENT)  # the last words of answers are on their way to the pages
        self._idle.set()
