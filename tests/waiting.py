"""Wait for what another process or thread does, and for what several threads do at once."""

import threading
import time
from collections.abc import Callable

import httpx


def wait_for(is_so: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something is so. Raise `TimeoutError` if it takes too long."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError("it did not happen")
        time.sleep(0.05)


def wait_until_ready(port: int) -> None:
    """Wait until a server on this machine can answer."""

    def is_ready() -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    wait_for(is_ready, 120)


def errors_at_once(count: int, act: Callable[[], None]) -> list[BaseException]:
    """Do something in several threads at once, and return the errors."""
    failed: list[BaseException] = []

    def attempt() -> None:
        try:
            act()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=attempt) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed
