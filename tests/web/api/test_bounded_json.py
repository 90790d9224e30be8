"""Bodies with too many objects or keys are refused before they are checked."""

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
    assert client.post("/size", json=[{}] * MAX_OBJECTS).json() == MAX_OBJECTS
    assert client.post("/size", json=[{}] * (MAX_OBJECTS + 1)).status_code == 422
    keys = {str(key): 0 for key in range(MAX_KEYS)}
    assert client.post("/size", json=keys).json() == MAX_KEYS
    assert client.post("/size", json={**keys, "more": 0}).status_code == 422
