"""The texts that readers see: every surface has one file, and every text is used."""

import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

import assistant.web
from assistant.web.chat.page import EMBEDDED_STRINGS
from assistant.web.chat.page import SCRIPT_STRINGS as CHAT_STRINGS
from assistant.web.strings import LANGUAGE, load_strings
from assistant.web.widget import widget_pages

ROOM = Path(assistant.web.__file__).parent
SURFACES = ("chat", "widget", "insights")
_VALUE = re.compile(r"\{\w+\}")


def test_a_text_is_found_by_its_key_and_filled_in() -> None:
    assert load_strings("chat")("page", page=3) == "p. 3"


def test_an_unknown_key_and_a_missing_value_are_errors() -> None:
    with pytest.raises(KeyError):
        load_strings("chat")("no such key")
    with pytest.raises(KeyError):
        load_strings("chat")("page")


def test_a_value_is_no_pattern() -> None:
    assert load_strings("chat")("understood_as", question="{page}") == "Understood as: {page}"


@pytest.mark.parametrize("surface", SURFACES)
def test_every_language_has_every_key_with_its_values(surface: str) -> None:
    folder = ROOM / surface / "strings"
    english = json.loads((folder / "en.json").read_text(encoding="utf-8"))
    for path in folder.glob("*.json"):
        texts = json.loads(path.read_text(encoding="utf-8"))
        assert list(texts) == list(english), path.name
        assert all(text.strip() for text in texts.values())
        assert {key: set(_VALUE.findall(text)) for key, text in texts.items()} == {
            key: set(_VALUE.findall(text)) for key, text in english.items()
        }


def test_chat_and_widget_have_the_same_languages() -> None:
    assert load_strings("chat").languages == load_strings("widget").languages


def test_texts_are_those_of_the_language_of_the_request() -> None:
    token = LANGUAGE.set("de")
    try:
        assert load_strings("chat")("ask") == "Fragen"
        assert load_strings("widget")("copy") == "Kopieren"
    finally:
        LANGUAGE.reset(token)
    assert load_strings("chat")("ask") == "Ask"


@pytest.mark.parametrize(
    ("script", "keys"),
    [
        *((f"chat/static/{name}", keys) for name, keys in CHAT_STRINGS.items()),
        ("widget/static/probe.js", widget_pages.PROBE_STRINGS),
        ("widget/static/embedded.js", EMBEDDED_STRINGS),
        ("widget/static/demo.js", widget_pages.DEMO_STRINGS),
    ],
)
def test_a_script_gets_the_texts_that_it_shows(script: str, keys: Iterable[str]) -> None:
    code = (ROOM / script).read_text(encoding="utf-8")
    assert set(re.findall(r"\b(?:TEXTS|texts)\.(\w+)", code)) == set(keys)


def test_the_widgets_script_has_its_texts_in_the_order_in_which_it_names_them() -> None:
    script = widget_pages.widget_script()
    names = re.search(r"const \[([A-Z,]+)\]=LANGUAGES", script)
    assert names
    assert names[1].lower().split(",") == list(widget_pages.SCRIPT_STRINGS)
    assert '"de":["Der Assistent antwortet nicht. Neuer Versuch …","Schließen",' in script


def test_a_script_fills_in_values_itself() -> None:
    texts = json.loads(load_strings("widget").to_json(["answer_event"]))
    assert texts == {"answer_event": "“{question}”, {status}, {count} cited"}


@pytest.mark.parametrize("surface", SURFACES)
def test_every_key_is_used(surface: str) -> None:
    sources = [*ROOM.rglob("*.py"), *ROOM.rglob("templates/*.html")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    unused = {
        key
        for key in load_strings(surface).keys
        if f"{key!r}" not in code and f'"{key}"' not in code
    }
    assert unused == set()
