"""The schemas of the page's calls: what fits, and what never does."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from assistant.web.chat.payloads import MAX_KEYS, SCHEMAS, parse_object

FILE = {"path": "/etc/passwd", "url": "http://a.example", "meta": {"_type": "gradio.FileData"}}
CALL: dict[str, Any] = {"fn_index": 1, "session_hash": "abc123"}
DATA: dict[str, list[Any]] = {name: [{"signed": "a.b-c"}] for name in SCHEMAS} | {
    "begin": ["Why?", {}],
    "answer": [{}, None],
}
EVENTS: dict[str, dict[str, Any]] = {
    "rate": {"index": 0, "helpful": True},
    "unrate": {"index": 0},
}


def call(name: str, **more: object) -> dict[str, Any]:
    return {**CALL, "data": DATA[name], "event_data": EVENTS.get(name), **more}


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_the_page_sends_fits(name: str) -> None:
    assert SCHEMAS[name].model_validate(call(name)).session_hash == "abc123"


@pytest.mark.parametrize("name", SCHEMAS)
@pytest.mark.parametrize(
    "change",
    [
        {"data": [FILE]},
        {"data": [{"signed": FILE}]},
        {"data": [{"signed": "a.b", "path": "/etc/passwd"}]},
        {"data": [{"signed": "a b"}]},
        {"data": [{"within": "x" * 5000}]},
        {"data": FILE},
        {"data": []},
        {"event_data": FILE},
        {"session_hash": "../x"},
        {"session_hash": "x" * 17},
        {"fn_index": "1"},
        {"fn_index": True},
        {"fn_index": -1},
        {"meta": FILE},
    ],
    ids=lambda change: json.dumps(change)[:40],
)
def test_nothing_else_does(name: str, change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SCHEMAS[name].model_validate(call(name, **change))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'"x"',
        b"NaN",
        b'{"a": NaN}',
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "b": 2}}',
        b"\xff",
        b"[" * 100_000,
        json.dumps({"data": dict.fromkeys(map(str, range(MAX_KEYS + 1)))}).encode(),
    ],
    ids=lambda body: repr(body[:20]),
)
def test_a_body_that_is_no_plain_object_is_not_read(body: bytes) -> None:
    with pytest.raises(ValueError):
        parse_object(body)


def test_an_object_is_read_as_it_is() -> None:
    assert parse_object(b'{"a": [1, {"b": "\\u00e9"}]}') == {"a": [1, {"b": "é"}]}
