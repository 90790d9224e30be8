"""Look at ``/healthz`` again and again until standard input ends, and print the seconds as JSON.

Run: ``python -m benchmarks.probing ADDRESS SECONDS_BETWEEN < /dev/null``
"""

import json
import sys
import threading
import time
from contextlib import suppress

import httpx


def main() -> None:
    """Probe until standard input ends, at least once."""
    address, between = sys.argv[1], float(sys.argv[2])
    over = threading.Event()
    threading.Thread(target=_wait, args=(over,), daemon=True).start()
    transport = httpx.HTTPTransport(local_address="127.0.3.1")
    waits: list[float] = []
    with httpx.Client(transport=transport, base_url=address, timeout=60) as http:
        while not waits or not over.wait(between):
            started = time.monotonic()
            with suppress(httpx.TransportError):
                http.get("/healthz")
            waits.append(time.monotonic() - started)
    print(json.dumps(waits))


def _wait(over: threading.Event) -> None:
    sys.stdin.read()
    over.set()


if __name__ == "__main__":
    main()
