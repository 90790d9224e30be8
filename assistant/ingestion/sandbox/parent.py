"""Have files parsed in a process of its own, so that no file takes more time and memory than it may.

The process is started for the first file that needs it and parses one after the other; one that
does not answer in time is ended, and the next file gets a new one.
"""

import base64
import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from assistant.ingestion.formats import Extracted, UnreadableFileError
from assistant.ingestion.formats.drawn_page import DrawnPage, PlacedLine, PlacedWord

_WORKER = "assistant.ingestion.sandbox.worker"
_SECONDS_TO_START = 60.0
_GOES_ON = b'{"goes_on": true}\n'
_FILES_BY_ONE_PROCESS = 200
"""Then a new one begins with memory that is not in pieces."""


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What the reading of one file may take: seconds, megabytes of memory, characters of text."""

    seconds: float
    megabytes: int
    characters: int


class ParsingProcess:
    """Parse files elsewhere. Use it in a ``with`` block, from one thread.

    With the name of a ``recogniser``, the text in pictures is recognised, each picture within the
    limits.
    """

    def __init__(self, limits: ReadingLimits, recogniser: str = "") -> None:
        self._limits, self._recogniser = limits, recogniser
        self._process: subprocess.Popen[bytes] | None = None
        self._files = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def extract(self, media_type: str, content: bytes) -> Extracted:
        """Return the text of a file. Raise `UnreadableFileError` with the reason if there is none."""
        answer = self._answer({"media_type": media_type}, content)
        return Extracted(
            answer["text"],
            answer["title"],
            tuple(answer["page_starts"]),
            tuple((offset, place, line) for offset, place, line in answer["origins"]),
            tuple((offset, name) for offset, name in answer["places"]),
            tuple(answer["notes"]),
            tuple(answer["decisions"]),
            answer["pictures"],
            tuple(map(tuple, answer["boxes"])),
            tuple((start, end, name) for start, end, name in answer["styles"]),
        )

    def draw(self, media_type: str, content: bytes, number: int, text: str) -> DrawnPage:
        """Return a page of a PDF or a picture with the places of its text.

        Raise `UnreadableFileError` with the reason if it cannot be drawn.
        """
        wanted: dict[str, str | int] = {"media_type": media_type, "page": number, "text": text}
        answer = self._answer(wanted, content)
        lines = (
            PlacedLine(**{**line, "words": tuple(PlacedWord(**word) for word in line["words"])})
            for line in answer["lines"]
        )
        return DrawnPage(
            base64.b64decode(answer["image"]),
            answer["width"],
            answer["height"],
            answer["natural_width"],
            tuple(lines),
        )

    def _answer(self, wanted: dict[str, str | int], content: bytes) -> dict[str, Any]:
        process = self._running()
        request = {
            **wanted,
            "bytes": len(content),
            "seconds": self._limits.seconds,
            "characters": self._limits.characters,
        }
        message = json.dumps(request).encode("ascii") + b"\n" + content
        answer, in_time = exchange(process, message, self._limits.seconds)
        if answer is None or "out_of_memory" in answer:
            reason = self._why_ended(in_time)
            self.close()
            raise UnreadableFileError(reason)
        if "unreadable" in answer:
            raise UnreadableFileError(str(answer["unreadable"]))
        return answer

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]
        process.wait()

    def _running(self) -> subprocess.Popen[bytes]:
        self._files += 1
        if self._process is not None and self._files % _FILES_BY_ONE_PROCESS == 0:
            self.close()
        if self._process is None:
            self._process = _start(self._limits.megabytes, self._recogniser)
            answer, _ = exchange(self._process, b"", _SECONDS_TO_START)
            if answer is None:
                self.close()
                raise UnreadableFileError("the process that would read it did not start")
        return self._process

    def _why_ended(self, in_time: bool) -> str:
        if not in_time:
            return f"reading it takes longer than {self._limits.seconds:g} s (max_reading_seconds)"
        assert self._process is not None
        with suppress(subprocess.TimeoutExpired):
            code = self._process.wait(timeout=1)
            if -code == getattr(signal, "SIGXCPU", None):
                return (
                    f"reading it takes longer than {self._limits.seconds:g} s (max_reading_seconds)"
                )
        return (
            f"reading it takes more than {self._limits.megabytes:,} MB of memory "
            "(max_reading_megabytes), or it is broken in a way that ends the parser"
        )


def _start(megabytes: int, recogniser: str) -> subprocess.Popen[bytes]:
    package = str(Path(__file__).parents[3])
    paths = [package, *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(  # noqa: S603  # this very Python, with our own module
        # -P: no module is taken from the working directory
        [sys.executable, "-P", "-m", _WORKER, str(megabytes), recogniser],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        start_new_session=True,  # Ctrl-C is for us; we end the process ourselves
    )


def exchange(
    process: subprocess.Popen[bytes], message: bytes, seconds: float
) -> tuple[dict[str, Any] | None, bool]:
    """Send a message and return the answer, None if the process ended, and whether that was in time.

    A process that goes on to the next picture of a file has as much time again.
    """
    assert process.stdin is not None
    assert process.stdout is not None
    late = threading.Event()

    def end() -> None:
        late.set()
        process.kill()

    line, to_send = _GOES_ON, message
    while line == _GOES_ON:
        watchdog = threading.Timer(seconds, end)
        watchdog.daemon = True
        watchdog.start()
        try:
            process.stdin.write(to_send)
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = b""
        finally:
            watchdog.cancel()
        to_send = b""
    return (json.loads(line) if line.endswith(b"\n") else None), not late.is_set()
