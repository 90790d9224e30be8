"""Have pages drawn in a process of its own, one at a time, and keep the last ones.

What a hostile file can do is bounded: by the limits of that process, by the number of readers who may
wait for it, and by the memory of what is kept. A page that cannot be drawn is not tried again at once.
"""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.drawn_page import DrawnPage, lines_in_boxes
from assistant.ingestion.sandbox.parent import ParsingProcess, ReadingLimits
from assistant.types import Document
from assistant.web.documents.originals import open_original

if TYPE_CHECKING:
    from assistant.assistant import Assistant

_KEPT_BYTES = 32 << 20
_BYTES_OF_A_WORD = 400
_SECONDS = 20.0
_SECONDS_TO_WAIT = 15.0
_SECONDS_IDLE = 60.0
_SECONDS_REFUSED = 120.0
_MOST_WAITING = 4

Key = tuple[str, int, str]
"""The hash of a file, the number of a page, and the text that was read from it."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A page, or why it cannot be drawn, and until when that is not tried again."""

    page: DrawnPage | None
    reason: str = ""
    until: float = 0.0

    @property
    def holds(self) -> bool:
        return self.page is not None or time.monotonic() < self.until

    @property
    def size(self) -> int:
        if self.page is None:
            return _BYTES_OF_A_WORD
        words = sum(len(line.words) for line in self.page.lines)
        return len(self.page.image) + _BYTES_OF_A_WORD * (words + 1)


class PageDrawer:
    """Draws the pages of documents as they were indexed."""

    def __init__(self, assistant: "Assistant", *, kept_bytes: int = _KEPT_BYTES) -> None:
        settings = assistant.settings
        self._corpus, self._kept_bytes = settings.corpus, kept_bytes
        seconds = min(_SECONDS, settings.max_reading_seconds)
        self._limits = ReadingLimits(
            seconds, settings.max_reading_megabytes, settings.max_file_bytes
        )
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()
        self._places = threading.BoundedSemaphore(_MOST_WAITING)
        self._drawing = threading.Lock()
        self._process: ParsingProcess | None = None
        self._resting: threading.Timer | None = None

    def draw(self, document: Document, number: int) -> DrawnPage | None:
        """Return a page, counted from 1, with the places of its text, or None if the file has changed.

        Raise `UnreadableFileError` if the page cannot be drawn, or too many are waited for.
        """
        start, end = borders_of(document, number)
        key = (document.sha256, number, document.text[start:end])
        found = self._kept.get(key)
        if found is None or not found.holds:
            found = self._draw_in_turn(document, number, key)
        if found is not None and found.page is None:
            raise UnreadableFileError(found.reason)
        return found.page if found else None

    def _draw_in_turn(self, document: Document, number: int, key: Key) -> _Kept | None:
        file = open_original(self._corpus, document)
        if file is None:
            return None
        with file, _OnlyDrawer(self._places, self._drawing):
            found = self._kept.get(key)
            if found is None or not found.holds:
                found = self._drawn(document, number, file.read())
            self._keep(key, found)
            return found

    def _keep(self, key: Key, found: _Kept) -> None:
        """Keep a page, and forget the oldest ones for which there is no room."""
        self._kept[key] = found
        self._kept.move_to_end(key)
        size = sum(kept.size for kept in self._kept.values())
        while size > self._kept_bytes and len(self._kept) > 1:
            size -= self._kept.popitem(last=False)[1].size

    def _drawn(self, document: Document, number: int, content: bytes) -> _Kept:
        start, end = borders_of(document, number)
        text = document.text[start:end]
        try:
            page = self._own_process().draw(document.media_type, content, number, text)
        except UnreadableFileError as error:
            return _Kept(None, str(error), time.monotonic() + _SECONDS_REFUSED)
        boxes = [
            (first - start, last - start, left, top, right, bottom)
            for first, last, left, top, right, bottom in document.boxes
            if start <= first < end
        ]
        if boxes:
            lines = tuple(lines_in_boxes(boxes, text, page.width, page.height))
            page = replace(page, lines=lines)
        return _Kept(page)

    def _own_process(self) -> ParsingProcess:
        """Return a process that is ended when no page was drawn for a while."""
        if self._resting:
            self._resting.cancel()
        self._process = self._process or ParsingProcess(self._limits)
        self._resting = threading.Timer(_SECONDS_IDLE, self.close)
        self._resting.daemon = True
        self._resting.start()
        return self._process

    def close(self) -> None:
        """End the process, if there is one."""
        with self._drawing:
            if self._process:
                self._process.close()
            self._process = None


class _OnlyDrawer:
    """The only one to draw, for the length of a ``with`` block."""

    def __init__(self, places: threading.BoundedSemaphore, drawing: threading.Lock) -> None:
        self._places, self._drawing = places, drawing

    def __enter__(self) -> None:
        if not self._places.acquire(blocking=False):
            raise UnreadableFileError("too many pages are being drawn; try again")
        if not self._drawing.acquire(timeout=_SECONDS_TO_WAIT):
            self._places.release()
            raise UnreadableFileError("too many pages are being drawn; try again")

    def __exit__(self, *_: object) -> None:
        self._drawing.release()
        self._places.release()


def borders_of(document: Document, number: int) -> tuple[int, int]:
    """Return the offsets at which the text of a page, counted from 1, begins and ends."""
    start, end, *_ = (*document.page_starts[number - 1 :], len(document.text))
    return start, end
