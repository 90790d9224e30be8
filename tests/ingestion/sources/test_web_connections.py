"""Connections to a real server on this machine."""

import time

import httpcore
import pytest

from assistant.ingestion.sources.web_connections import CheckedBackend
from tests.ingestion.sources.site import Site


def test_the_next_address_is_tried_if_the_first_does_not_answer(site: Site) -> None:
    backend = CheckedBackend(True, lambda host, port: ["127.0.0.2", "127.0.0.1"])
    backend.deadline = time.monotonic() + 5
    stream = backend.connect_tcp("site.example", site.port, timeout=2)
    stream.write(b"GET / HTTP/1.0\r\n\r\n", 2)
    assert stream.read(12, 2) == b"HTTP/1.0 404"
    stream.close()


def test_nothing_is_read_past_the_deadline(site: Site) -> None:
    backend = CheckedBackend(True, lambda host, port: ["127.0.0.1"])
    backend.deadline = time.monotonic() + 0.2
    stream = backend.connect_tcp("site.example", site.port, timeout=2)
    with pytest.raises(httpcore.ReadTimeout):
        stream.read(1, timeout=10)
    with pytest.raises(httpcore.ReadTimeout):
        stream.read(1, timeout=10)
    stream.close()
