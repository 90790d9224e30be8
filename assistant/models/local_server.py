"""A language model in a file, run by llama.cpp in a child process that is started when needed."""

import json
import secrets
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import ChatModelError
from assistant.extras import check_extra
from assistant.models.machine import processors

_PROGRAM = "assistant.models.llama_process"
_SECONDS_TO_LOAD = 300.0
_SECONDS_TO_END = 5.0
_SECONDS_BEFORE_ANOTHER_TRY = 30.0
_MOST_THREADS = 16
_MEGABYTES_BESIDE = 3072
"""For the state of a conversation and for computing. The weights may be copied once, too."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a running model is asked, over OpenAI's protocol, and with which key."""

    base_url: str
    key: str


class LocalServer:
    """Runs a model's file; thread-safe. ``context`` is the longest prompt with its answer, in tokens."""

    def __init__(self, weights: Path, context: int, seconds: float = _SECONDS_TO_LOAD) -> None:
        self._weights, self._context, self._seconds = weights, context, seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._endpoint: Endpoint | None = None
        self._failed = -_SECONDS_BEFORE_ANOTHER_TRY

    @property
    def is_running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def endpoint(self) -> Endpoint:
        """Return where the model is asked, and start its process if it does not run.

        Raise `ChatModelError` if it does not start, and for a while after that without trying,
        and `MissingExtraError` without llama.cpp.
        """
        with self._lock:
            if self._endpoint and self.is_running:
                return self._endpoint
            check_extra("local")
            if time.monotonic() - self._failed < _SECONDS_BEFORE_ANOTHER_TRY:
                raise ChatModelError("The language model on this machine could not be started.")
            try:
                self._endpoint = self._start()
            except ChatModelError:
                self._failed = time.monotonic()
                self._end()
                raise
            return self._endpoint

    def close(self) -> None:
        """End the process. A later question starts it again."""
        with self._lock:
            self._end()

    def _start(self) -> Endpoint:
        self._end()
        key = secrets.token_urlsafe(16)
        options = {
            "weights": str(self._weights),
            "context": self._context,
            "threads": min(_MOST_THREADS, processors()),
            "key": key,
            "megabytes": (self._weights.stat().st_size >> 20) + _MEGABYTES_BESIDE,
        }
        process = subprocess.Popen(  # noqa: S603  # a program of our own
            [sys.executable, "-m", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,  # Ctrl-C is for this program, which then ends the other one
        )
        self._process = process
        line = self._first_line(process, json.dumps(options))
        if not line:
            raise ChatModelError(
                f"The language model {self._weights.name} could not be loaded. It may need more "
                "memory than there is, or be no model that llama.cpp knows."
            )
        return Endpoint(f"{json.loads(line)['address']}/v1", key)

    def _first_line(self, process: "subprocess.Popen[str]", options: str) -> str:
        """Return what the process writes once the model is loaded; nothing if it ends or is late."""
        assert process.stdin is not None
        assert process.stdout is not None
        late = threading.Timer(self._seconds, process.kill)
        late.start()
        try:
            process.stdin.write(options + "\n")
            process.stdin.flush()
            return process.stdout.readline()
        except OSError:  # it ended before it read them
            return ""
        finally:
            late.cancel()

    def _end(self) -> None:
        process, self._process, self._endpoint = self._process, None, None
        if process is None:
            return
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.close()
            process.wait(_SECONDS_TO_END)
        except (OSError, subprocess.TimeoutExpired):
            process.kill()
            process.wait()
        process.stdout.close()
