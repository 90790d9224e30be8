"""Bodies with too many objects or keys are refused before they are checked."""

import time
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Body, FastAPI
from starlette.testclient import TestClient

from assistant.web.api.bounded_json import MAX_KEYS, MAX_OBJECTS, BoundedRoute


@pytest.fixture
def client() -> TestClient:
    router = APIRouter(route_class=BoundedRoute)

    @router.post("/size")
    def size(body: Annotated[Any, Body()]) -> int:
        return len(body)

    app = FastAPI()
    app.include_router(router)
    return TestClient(app)


def test_objects_and_keys_are_counted(client: TestClient) -> None:
    assert client.post("/size", json=[[{}] * 1990, 1]).json() == 2
    assert client.post("/size", json=[{}] * MAX_OBJECTS).json() == MAX_OBJECTS
    assert client.post("/size", json=[{}] * (MAX_OBJECTS + 1)).status_code == 422
    keys = {str(key): 0 for key in range(MAX_KEYS)}
    assert client.post("/size", json=keys).json() == MAX_KEYS
    assert client.post("/size", json={**keys, "more": 0}).status_code == 422


@pytest.mark.parametrize("item", [1, [], "x", {"a": [1]}])
def test_list_items_are_counted_wherever_they_are(client: TestClient, item: Any) -> None:
    for body in ([item] * 5000, {"a": {"b": [item] * 5000}}, [[item] * 3000] * 2):
        assert client.post("/size", json=body).status_code == 422


@pytest.mark.parametrize("part", [b"[],", b'"a":1,', b"{},", b"1,"])
def test_a_large_body_of_nothing_is_refused_quickly(client: TestClient, part: bytes) -> None:
    body = (b"{" if b":" in part else b"[") + part * (4_000_000 // len(part))
    body = body.rstrip(b",") + (b"}" if b":" in part else b"]")
    headers = {"content-type": "application/json"}
    started = time.process_time()
    assert client.post("/size", content=body, headers=headers).status_code == 422
    assert time.process_time() - started < 0.5
