"""Bearer tokens: with them the API is for those who have one, and the chat stays open."""

from collections.abc import Iterator

import pytest
from pydantic import SecretStr
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from assistant import Assistant
from assistant.web.middleware.bearer_tokens import BearerTokens
from tests.web.guarding import client_with

ONE, TWO = "first-token-0123456789", "second-token-0123456789"
API = ["/api/v1/documents", "/v1/models"]


@pytest.fixture(scope="module")
def client(assistant: Assistant) -> Iterator[TestClient]:
    """A client of an API that two tokens open."""
    with client_with(assistant, api_tokens=f"{ONE},{TWO}") as opened:
        yield opened


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        f"Basic {ONE}",
        f"Bearer {ONE}x",
        f"Bearer {ONE[:-1]}",
        "Bearer ÿ",
    ],
)
def test_the_api_refuses_who_has_no_token(client: TestClient, header: str | None) -> None:
    headers = {} if header is None else {"authorization": header.encode("latin-1")}
    for path in [*API, "/api/v1/nothing"]:
        refused = client.get(path, headers=headers)  # type: ignore[arg-type]
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"].startswith("Bearer")
        assert ONE not in refused.text
    assert client.get("/source").status_code == 200


def test_each_of_several_tokens_opens_the_api(client: TestClient) -> None:
    for token in (ONE, TWO):
        for scheme in ("Bearer", "bearer"):
            headers = {"authorization": f"{scheme} {token}"}
            assert client.get("/api/v1/nothing", headers=headers).status_code == 404


def test_what_is_no_api_needs_no_token() -> None:
    passed: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        passed.append(scope["path"])
        await PlainTextResponse("")(scope, receive, send)

    guarded = TestClient(BearerTokens(app, [SecretStr(ONE)], has_password=True))
    for path in ("/", "/source", "/api/v1/ask", "/v1/models"):
        guarded.get(path)
    assert passed == ["/", "/source"]


def test_a_chat_password_without_tokens_turns_the_api_off(assistant: Assistant) -> None:
    with client_with(assistant, chat_password="open sesame") as client:
        for path in API:
            refused = client.get(path)
            assert refused.status_code == 403
            assert "ASSISTANT_API_TOKENS" in refused.text
