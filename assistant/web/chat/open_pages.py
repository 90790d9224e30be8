"""The pages that are waiting for answers, with limits on their number, size and time.

A page is known from its question until its stream of answers ends. It holds only the question and
the newest state of its answer. Afterwards nothing of it remains.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from assistant.errors import ServerBusyError
from assistant.web.chat.handlers import NOTHING_NEW, Outputs
from assistant.web.strings import load_strings

FEWEST_PAGES = 16
QUESTIONS_OF_A_PAGE = 4
"""A page has one question. Earlier ones stay until the stream has reported them as dropped."""
SECONDS_TO_COME = 30.0
"""Time within which a page must open its stream of answers after a question."""
SECONDS_TO_ANSWER = 2 * 3600.0
SECONDS_BETWEEN_SIGNS = 15.0
"""Time between signs of life. A proxy may end a stream that is silent for a minute."""
MOST_CHARACTERS = 32_000_000
"""Limit for the pages of one client. All pages together may hold twice as much."""
TEXTS = load_strings("chat")


def most_waiting(in_flight: int) -> tuple[int, int]:
    """Return how many pages may wait in all, and of one client, where so many questions may."""
    limit = max(FEWEST_PAGES, 2 * in_flight)
    return limit, limit // 2


class Asked:
    """A question of a page, and the newest state of its answer that was not sent yet.

    A slow reader skips states, each of which is complete. ``characters`` is the size of what the
    page sent with the question. Without a ``name``, the question gets an id of its own.
    """

    def __init__(
        self,
        answer: Callable[[], AsyncGenerator[Outputs, None]],
        characters: int = 0,
        name: str = "",
    ) -> None:
        self.id = name or secrets.token_hex(16)
        self.is_dropped = False
        self.characters = characters
        self._answer: Callable[[], AsyncGenerator[Outputs, None]] | None = answer
        self._newest: Outputs | None = None
        self._changed = asyncio.Event()
        self._work: asyncio.Task[None] | None = None

    def drop(self) -> None:
        """Stop the work on the question, and release what came with it."""
        self.is_dropped = True
        self.characters = 0
        self._answer = None
        if self._work is not None:
            self._work.cancel()

    async def states(self) -> AsyncGenerator[Outputs | None, None]:
        """Yield the states of the answer, and None as a sign of life if nothing is new.

        Raise what answering raised. Closing this generator stops the work.
        """
        if self._answer is None:
            return
        work = self._work = asyncio.create_task(self._keep_newest(self._answer()))
        work.add_done_callback(lambda _: self._changed.set())
        too_late = asyncio.get_running_loop().call_later(SECONDS_TO_ANSWER, self.drop)
        try:
            while not work.done() or self._newest is not None:
                if not await self._has_changed():
                    yield None
                elif self._newest is not None:
                    newest, self._newest = self._newest, None
                    yield newest
            if not work.cancelled():
                work.result()
        finally:
            too_late.cancel()
            work.cancel()

    async def _keep_newest(self, answer: AsyncGenerator[Outputs, None]) -> None:
        async with aclosing(answer) as states:
            async for state in states:
                if state is not NOTHING_NEW:
                    self._newest = state
                    self._changed.set()

    async def _has_changed(self) -> bool:
        try:
            await asyncio.wait_for(self._changed.wait(), SECONDS_BETWEEN_SIGNS)
        except TimeoutError:
            return False
        self._changed.clear()
        return True


class Page:
    """A page that is waiting, and the client that it counts for."""

    def __init__(self, client: str) -> None:
        self.client = client
        self.is_streaming = False
        self.asked: deque[Asked] = deque()
        self.absent: asyncio.TimerHandle | None = None
        """The timer that forgets the page if it does not open its stream."""

    @property
    def characters(self) -> int:
        """Return the size of what the page sent."""
        return sum(asked.characters for asked in self.asked)

    def drop(self) -> None:
        """Stop the work on all questions of the page."""
        for asked in self.asked:
            asked.drop()


class Pages:
    """The pages that are waiting, by the names that they choose.

    At most ``in_all`` pages, and ``by_client`` pages of a single client, may wait.
    """

    def __init__(self, in_all: int, by_client: int) -> None:
        self._in_all = in_all
        self._by_client = by_client
        self._pages: dict[str, Page] = {}

    def __len__(self) -> int:
        return len(self._pages)

    def ask(self, name: str, client: str, asked: Asked) -> None:
        """Accept a question of a page, in place of its current question.

        Raise `ServerBusyError` if too many pages are waiting.
        """
        self._check(client, asked.characters)
        page = self._pages.get(name) or self._add(name, client)
        if len(page.asked) >= QUESTIONS_OF_A_PAGE:
            raise ServerBusyError(TEXTS("too_fast"))
        page.drop()
        page.asked.append(asked)

    def open(self, name: str) -> Page | None:
        """Return a page to stream to, or None if it is not waiting or already has a stream."""
        page = self._pages.get(name)
        if page is None or page.is_streaming:
            return None
        page.is_streaming = True
        if page.absent is not None:
            page.absent.cancel()
        return page

    def close(self, name: str, page: Page) -> None:
        """Forget a page, and stop the work for it."""
        if self._pages.get(name) is page:
            del self._pages[name]
        page.drop()

    def drop(self, name: str, question: str) -> None:
        """Stop the work on a question of a page. Ignore an unknown question, which has ended."""
        page = self._pages.get(name)
        for asked in page.asked if page else ():
            if asked.id == question:
                asked.drop()

    def _add(self, name: str, client: str) -> Page:
        of_client = sum(page.client == client for page in self._pages.values())
        if len(self) >= self._in_all or of_client >= self._by_client:
            raise ServerBusyError(TEXTS("too_many_pages"))
        page = self._pages[name] = Page(client)
        loop = asyncio.get_running_loop()
        page.absent = loop.call_later(SECONDS_TO_COME, self.close, name, page)
        return page

    def _check(self, client: str, characters: int) -> None:
        """Raise `ServerBusyError` if the pages would hold too many characters."""
        pages = self._pages.values()
        of_client = sum(page.characters for page in pages if page.client == client)
        in_all = sum(page.characters for page in pages)
        if of_client + characters > MOST_CHARACTERS or in_all + characters > 2 * MOST_CHARACTERS:
            raise ServerBusyError(TEXTS("too_many_pages"))
