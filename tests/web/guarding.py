"""The application over the shared assistant, with other settings than it was opened with."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.testclient import TestClient

from assistant import Assistant
from assistant.web.app import create_app


@contextmanager
def client_with(assistant: Assistant, **settings: Any) -> Iterator[TestClient]:
    """A client of the application, in this process; the assistant has its settings back after."""
    before = assistant.settings
    assistant.settings = type(before)(**{**before.model_dump(), **settings})
    try:
        app = create_app(assistant=assistant)
    finally:
        assistant.settings = before
    gc.collect()  # what Gradio leaves behind is found here, and not in the test of another part
    yield TestClient(app, raise_server_exceptions=False, client=("192.0.2.7", 50000))
