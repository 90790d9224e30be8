import json
from pathlib import Path

import pytest

import assistant.web.chat
from assistant.web.strings import load_strings

ROOM = Path(assistant.web.chat.__file__).parent


def test_a_text_is_found_by_its_key_and_filled_in() -> None:
    assert load_strings("chat")("page", page=3) == "p. 3"


def test_an_unknown_key_and_a_missing_value_are_errors() -> None:
    with pytest.raises(KeyError):
        load_strings("chat")("no such key")
    with pytest.raises(KeyError):
        load_strings("chat")("page")


def test_a_value_is_no_pattern() -> None:
    assert load_strings("chat")("understood_as", question="{page}") == "Understood as: {page}"


@pytest.mark.parametrize("path", sorted(ROOM.glob("strings/*.json")), ids=lambda path: path.stem)
def test_every_language_has_every_key(path: Path) -> None:
    texts = json.loads(path.read_text(encoding="utf-8"))
    assert set(texts) == load_strings("chat").keys
    assert all(text.strip() for text in texts.values())


def test_every_key_is_used() -> None:
    sources = [*ROOM.parent.rglob("*.py"), *ROOM.parent.rglob("templates/*.html")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    unused = {
        key
        for key in load_strings("chat").keys
        if f"{key!r}" not in code and f'"{key}"' not in code
    }
    assert unused == set()
