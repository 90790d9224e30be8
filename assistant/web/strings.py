"""The texts that readers see, one file per surface and language: ``strings/LANGUAGE.json``."""

import json
from collections.abc import Iterable
from functools import cache
from importlib import resources

DEFAULT_LANGUAGE = "en"


class Strings:
    """The texts of one surface in one language, by key. ``{name}`` is a value to fill in.

    ``strings("page", page=3)`` returns plain text, to be escaped where it is shown.
    """

    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of a key. Raise `KeyError` for an unknown key or a missing value."""
        return self._texts[key].format_map(values)

    def to_json(self, keys: Iterable[str]) -> str:
        """Return some texts as a JSON object for a script, which fills in the values itself."""
        return json.dumps({key: self._texts[key] for key in keys}, ensure_ascii=False)

    @property
    def keys(self) -> frozenset[str]:
        """Return the keys that a translation must have."""
        return frozenset(self._texts)


@cache
def load_strings(surface: str, language: str = DEFAULT_LANGUAGE) -> Strings:
    """Return the texts of a surface, ``"chat"`` or ``"widget"``, in a language."""
    folder = resources.files(f"assistant.web.{surface}") / "strings"
    return Strings(json.loads((folder / f"{language}.json").read_text("utf-8")))
