"""Other sites' pages: what the browser lets them do is what the owner allowed."""

import pytest
from httpx2 import Headers

from assistant import Assistant
from tests.web.guarding import client_with

SITE = "https://site.example"
PATHS = ["/api/v1/ask", "/v1/chat/completions", "/gradio_api/queue/join", "/source", "/"]


@pytest.mark.parametrize("host", ["docs.example", "localhost"])
def test_no_other_site_may_read_anything_unless_it_is_allowed(
    assistant: Assistant, host: str
) -> None:
    with client_with(assistant, hosts="docs.example, localhost") as client:
        for path in PATHS:
            for origin in (SITE, "http://localhost:3000", "null"):
                headers = {"origin": origin, "host": host}
                assert not _permits(client.get(path, headers=headers).headers)
                asked = {**headers, "access-control-request-method": "POST"}
                preflight = client.options(path, headers=asked)
                assert preflight.status_code == 400
                assert "access-control-allow-origin" not in preflight.headers


def test_an_allowed_site_may_call_the_api(assistant: Assistant) -> None:
    with client_with(assistant, allowed_origins=SITE) as client:
        preflight = client.options(
            "/api/v1/ask",
            headers={
                "origin": SITE,
                "access-control-request-method": "POST",
                "access-control-request-headers": "authorization,content-type",
            },
        )
        assert preflight.status_code == 200
        assert preflight.headers["access-control-allow-origin"] == SITE
        assert "authorization" in preflight.headers["access-control-allow-headers"]
        assert "access-control-allow-credentials" not in preflight.headers
        answer = client.get("/api/v1/nothing", headers={"origin": SITE})
        assert answer.headers["access-control-allow-origin"] == SITE
        assert "x-request-id" in answer.headers["access-control-expose-headers"]
        assert not _permits(
            client.get("/api/v1/nothing", headers={"origin": SITE + ".evil"}).headers
        )


def _permits(headers: Headers) -> bool:
    return any(
        name in headers
        for name in ("access-control-allow-origin", "access-control-allow-credentials")
    )
