"""The texts of an operator: files that change the texts of the pages, or add a language.

Each file is named after its language, as in ``ar.json``, and has an object for each surface:
``{"chat": {"ask": "…"}, "widget": {…}}``. The surface ``messages`` has the English sentences of
answers and errors as keys. Texts that it lacks stay as they are shipped, and are
English in a new language. A language that is read from right to left has the text ``direction``.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from string import Formatter

from assistant.errors import SettingsError
from assistant.web.messages.translating import messages, use_own_messages
from assistant.web.strings import Strings, load_strings

PAGES = ("chat", "widget", "insights")
SURFACES = (*PAGES, "messages")
DIRECTIONS = ("ltr", "rtl")
_LANGUAGE = re.compile(r"[a-z]{2}")
Texts = dict[str, dict[str, str]]


def use_own_texts(folder: Path | None) -> None:
    """Use the texts of a folder besides those that are shipped, or these alone.

    Raise `SettingsError` for a folder or file that cannot be used.
    """
    files = [] if folder is None else _files(folder)
    own = {path.stem: _read(path) for path in files}
    for surface in PAGES:
        load_strings(surface).use(_of_surface(own, surface))
    use_own_messages(_of_surface(own, "messages"))


def _of_surface(own: Mapping[str, Texts], surface: str) -> Texts:
    return {language: texts.get(surface, {}) for language, texts in own.items()}


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise SettingsError(
            f"There is no folder {folder} (ASSISTANT_TEXTS). Create it, or unset it."
        )
    return sorted(folder.glob("*.json"))


def _read(path: Path) -> Texts:
    """Return the texts of a file by surface, checked."""
    if not _LANGUAGE.fullmatch(path.stem):
        raise SettingsError(
            f"{path}: name the file after its language in two letters, as in ar.json."
        )
    try:
        texts = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise SettingsError(f"{path} cannot be read as JSON: {error}.") from error
    if not isinstance(texts, dict) or not texts.keys() <= set(SURFACES):
        raise SettingsError(f"{path}: give an object for each of: {', '.join(SURFACES)}.")
    for surface, own in texts.items():
        shipped = load_strings(surface) if surface in PAGES else messages()
        _check(own, shipped, f"{path}: {surface}")
    return texts


def _check(own: object, shipped: Strings, where: str) -> None:
    """Raise `SettingsError` unless these are texts that the surface shows, with its values."""
    if not isinstance(own, dict):
        raise SettingsError(f"{where} is not an object of texts.")
    for key, text in own.items():
        if key not in shipped.keys:
            raise SettingsError(f"{where} has no text {key!r}.")
        if not isinstance(text, str) or not text.strip():
            raise SettingsError(f"{where}, {key}: give a text.")
        if not _values(text) <= _values(shipped.english(key)):
            values = ", ".join(sorted(_values(shipped.english(key)))) or "none"
            raise SettingsError(
                f"{where}, {key}: it may have only these values in braces: {values}."
            )
    if own.get("direction", "ltr") not in DIRECTIONS:
        raise SettingsError(f"{where}, direction: give one of: {', '.join(DIRECTIONS)}.")


def _values(text: str) -> set[str]:
    """Return the names of the values in a text, or the text itself if its braces are wrong."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return {text}
