"""Run the application: take the port first, and give the address once it listens."""

import asyncio
import errno
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn

from assistant.errors import PortInUseError, SettingsError
from assistant.interrupts import interruptible
from assistant.settings import Settings
from assistant.web.connections import Connections
from assistant.web.middleware.limits import MAX_HEAD_BYTES
from assistant.web.middleware.request_log import configure_log
from assistant.web.shutdown import (
    SECONDS_TO_CLOSE,
    SECONDS_TO_END,
    SECONDS_TO_FINISH,
    Ending,
    end_process_after,
)

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from assistant.assistant import Assistant

BACKLOG = 2048
SECONDS_TO_SWITCH = 0.0005
"""How long a thread that computes keeps the interpreter while others wait for it.

With Python's 5 ms the event loop waited for each of the threads that read, and 99 of 100 looks at
``/healthz`` took up to 199 ms under eight clients that ask without a pause. Under the load of
``python -m benchmarks.siege`` they now take 88 ms at most (two idle cores, Python 3.11).
"""
TAKEN = (errno.EADDRINUSE, errno.EACCES)  # Windows answers EACCES for a port in use


@dataclass(frozen=True, slots=True)
class Listening:
    """The address to open in a browser, and a warning if anyone can reach it, else an empty text."""

    address: str
    warning: str


class Server(uvicorn.Server):
    """uvicorn that says when it listens, and finishes questions before it stops."""

    def __init__(
        self,
        config: uvicorn.Config,
        ending: Ending | None,
        on_listening: Callable[[socket.socket], None] | None = None,
    ) -> None:
        super().__init__(config)
        self._ending = ending
        self._on_listening = on_listening
        self.ends_process = False
        """Whether signals end the process, whatever is still running."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop at the first signal, and stop at once at the second."""
        if self.ends_process:
            end_process_after(0 if self.should_exit else SECONDS_TO_END, 128 + sig)
        self.force_exit = self.should_exit
        super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and say so."""
        await super().startup(sockets=sockets)
        if self.started and sockets and self._on_listening:
            self._on_listening(sockets[0])

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish the answers in flight, then close the connections."""
        if self._ending is None:
            await super().shutdown(sockets)
            return
        finishing = asyncio.create_task(self._ending.finish())
        try:
            await super().shutdown(sockets)
        finally:
            finishing.cancel()
            self._ending.stop()


def run_server(
    assistant: "Assistant",
    host: str,
    port: int,
    *,
    notify: Callable[[Listening], None] | None = None,
    ends_process: bool = False,
) -> None:
    """Serve the chat until Ctrl-C or SIGTERM. Port 0 takes a free port.

    ``notify`` is called with the address once the server listens.
    A second signal stops the answers in flight. With ``ends_process``, the first signal ends the
    process within ten seconds and a second signal at once, whatever is still running.

    Raise `PortInUseError` if the port is in use, and `SettingsError` if this machine does not
    have the address.
    """
    listening = listen(host, port)
    try:
        with interruptible() if ends_process else nullcontext():
            from assistant.web.app import create_app  # takes seconds: only once the port is ours

            configure_log(assistant.settings)
            app = create_app(assistant=assistant)
        announce = partial(_announce, notify, assistant.settings) if notify else None
        server = make_server(app, app.state.ending, assistant.settings.trusted_proxies, announce)
        server.ends_process = ends_process
        # uvicorn shuts down cleanly and then raises the signal again, which is of no use here
        with _switching_often(), _ignoring_sigterm(), suppress(KeyboardInterrupt):
            server.run(sockets=[listening])
    finally:
        listening.close()


def _announce(
    notify: Callable[[Listening], None], settings: Settings, listening: socket.socket
) -> None:
    notify(Listening(address_of(listening), warning(settings, listening)))


def warning(settings: Settings, listening: socket.socket) -> str:
    """Return a warning if anyone on the network can read the documents, else an empty text."""
    host = listening.getsockname()[0].partition("%")[0]
    guarded = settings.chat_password or settings.api_tokens or settings.rate_limit
    if guarded or ip_address(host).is_loopback:
        return ""
    return (
        f"Warning: other machines can reach {host}, and access is not restricted. Anyone who can "
        "reach it can ask questions and read all documents. Set ASSISTANT_CHAT_PASSWORD, "
        "ASSISTANT_API_TOKENS and ASSISTANT_RATE_LIMIT, or serve on 127.0.0.1."
    )


def make_server(
    app: "ASGIApp",
    ending: Ending | None = None,
    proxies: Sequence[str] = (),
    on_listening: Callable[[socket.socket], None] | None = None,
) -> Server:
    """Return a server for the application, to run on sockets that already listen.

    ``proxies`` are the trusted reverse proxies, which may open more connections than a client.
    """
    return Server(
        uvicorn.Config(
            app,
            http=Connections(proxies).protocol(),  # type: ignore[arg-type]  # it is only called
            h11_max_incomplete_event_size=MAX_HEAD_BYTES,
            ws="none",
            log_level="warning",
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,  # the application has its own setting for trusted proxies
            timeout_graceful_shutdown=SECONDS_TO_FINISH + SECONDS_TO_CLOSE,
        ),
        ending,
        on_listening,
    )


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raise `PortInUseError` if another program has the port."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise SettingsError(f"Cannot listen on {host!r}: {error.strerror}.") from error
    listening = socket.socket(family, kind, protocol)
    if hasattr(signal, "SIGKILL"):  # on Windows this option would let two programs share a port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        if error.errno in TAKEN:
            other = port + 1 if port < 65535 else port - 1
            raise PortInUseError(
                f"Port {port} on {host} is in use or not permitted. "
                f"Choose another port: assistant serve --port {other}"
            ) from error
        raise SettingsError(f"Cannot listen on {host}, port {port}: {error.strerror}.") from error
    return listening


def address_of(listening: socket.socket) -> str:
    """Return the address to open in a browser on this machine."""
    host, port = listening.getsockname()[:2]
    if ip_address(host.partition("%")[0]).is_unspecified:
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def _switching_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(SECONDS_TO_SWITCH)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


@contextmanager
def _ignoring_sigterm() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
