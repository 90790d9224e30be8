"""The application over the shared assistant, with other settings than it was opened with."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.testclient import TestClient

from assistant import Assistant
from tests.web.browsing import make_app


@contextmanager
def other_settings(assistant: Assistant, **settings: Any) -> Iterator[None]:
    """The assistant has these settings meanwhile."""
    before = assistant.settings
    assistant.settings = type(before)(**{**before.model_dump(), **settings})
    try:
        yield
    finally:
        assistant.settings = before


@contextmanager
def client_with(assistant: Assistant, **settings: Any) -> Iterator[TestClient]:
    """A client of the application, in this process; the assistant has its settings back after."""
    with other_settings(assistant, **settings):
        app = make_app(assistant)
    yield TestClient(
        app,
        base_url="http://localhost",
        raise_server_exceptions=False,
        client=("192.0.2.7", 50000),
    )


def sign_in(client: Any, password: str, then: str = "/") -> Any:
    """Fill in the form of the sign-in page and send it."""
    token = re.search(r'name="token" value="([\w-]+)"', client.get("/login").text)
    data = {"password": password, "then": then, "token": token[1] if token else ""}
    return client.post("/login", data=data)
