"""Translate a message of the product's own, such as a notice of an answer or a refusal.

A catalog has the translation of each English sentence. ``{name}`` stands for a value in both. The
words of documents and readers are values, and stay as they are.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from assistant.web.strings import DEFAULT_LANGUAGE, LANGUAGE, Strings, load_strings

_VALUE = re.compile(r"\\\{(\w+)\\\}")


LONGEST = 2_000
"""Characters of the longest message that is looked up. The product's own are far shorter."""


@dataclass(frozen=True, slots=True)
class _Translation:
    """Patterns for an English sentence, alone and before other sentences, and its translation."""

    alone: re.Pattern[str]
    leading: re.Pattern[str]
    translation: str


def translated(message: str) -> str:
    """Return a message in the language of the request, or as it is where no catalog has it.

    >>> token = LANGUAGE.set("de")
    >>> translated("No passage says this.")
    'Keine Textstelle sagt das.'
    >>> LANGUAGE.reset(token)
    """
    known = _catalog(LANGUAGE.get())
    return (_in(known, message.strip()) if len(message) <= LONGEST else "") or message


def _in(known: tuple[_Translation, ...], message: str) -> str:
    """Return the translation of all sentences of a message, or nothing if one is unknown."""
    if whole := _alone(known, message, has_values=False):
        return whole
    for one in known:
        found = one.leading.fullmatch(message)
        if found and (rest := _in(known, found["rest"])):
            first = message[: found.start("rest")].rstrip()
            return f"{_alone(known, first) or first} {rest}"
    return _alone(known, message)


def _alone(known: tuple[_Translation, ...], message: str, *, has_values: bool = True) -> str:
    """Return the translation of a message that is one sentence of the catalog, with its values."""
    for one in known:
        if (has_values or not one.alone.groups) and (found := one.alone.fullmatch(message)):
            values = {name: _in(known, value) or value for name, value in found.groupdict().items()}
            return one.translation.format(**values)
    return ""


@cache
def messages() -> Strings:
    """Return the product's messages by language. Their keys are the English sentences."""
    shipped = {language: read_catalog(language) for language in load_strings("chat").languages}
    english = {sentence: sentence for catalog in shipped.values() for sentence in catalog}
    return Strings({**shipped, DEFAULT_LANGUAGE: english})


def use_own_messages(own: Mapping[str, dict[str, str]]) -> None:
    """Use the messages of an operator by language, besides those that are shipped."""
    messages().use(own)
    _catalog.cache_clear()


@cache
def _catalog(language: str) -> tuple[_Translation, ...]:
    """Return the entries of a language, those with the fewest values first."""
    changed = [
        (english, text)
        for english, text in messages().texts_in(language).items()
        if english != text
    ]
    entries = sorted(changed, key=lambda pair: pair[0].count("{"))
    return tuple(_translation(english, translation) for english, translation in entries)


def read_catalog(language: str) -> dict[str, str]:
    """Return the shipped translations of a language by English sentence, none for English itself."""
    file = resources.files("assistant.web.messages") / "strings" / f"{language}.json"
    return dict(json.loads(file.read_text("utf-8"))) if file.is_file() else {}


def _translation(english: str, translation: str) -> _Translation:
    sentence = _VALUE.sub(r"(?P<\1>.+?)", re.escape(english))
    leading = rf"{sentence}\s+(?P<rest>.+)"
    return _Translation(
        re.compile(sentence, re.DOTALL), re.compile(leading, re.DOTALL), translation
    )
