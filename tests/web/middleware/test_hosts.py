"""Which names are ours."""

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from assistant.web.middleware.hosts import KnownHosts


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("docs.example", 200),
        ("DOCS.example.:8080", 200),
        ("a.wild.example", 200),
        ("wild.example", 400),
        ("docs.example.evil", 400),
        ("[::1]:80", 200),
        ("::1", 400),
        ("192.0.2.9", 400),
        ("\x1b[2Jevil", 400),
    ],
)
def test_a_host_is_compared_as_a_name(host: str, status: int) -> None:
    app = KnownHosts(PlainTextResponse("ours"), ["docs.example", "*.wild.example", "::1"])
    answer = TestClient(app).get("/", headers={"host": host})
    assert answer.status_code == status
    assert "\x1b" not in answer.text


def test_the_address_of_the_connection_is_ours() -> None:
    app = KnownHosts(PlainTextResponse("ours"), [])
    assert TestClient(app, base_url="http://192.0.2.1").get("/").status_code == 200
    assert TestClient(app, base_url="http://evil.example").get("/").status_code == 400
