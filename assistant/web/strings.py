"""The texts that readers see, one file per surface and language: ``strings/LANGUAGE.json``."""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from functools import cache
from importlib import resources

DEFAULT_LANGUAGE = "en"
LANGUAGE: ContextVar[str] = ContextVar("language", default=DEFAULT_LANGUAGE)
"""The language of the request that is being answered."""


class Strings:
    """The texts of one surface by language and key. ``{name}`` is a value to fill in.

    ``strings("page", page=3)`` returns plain text in the language of the request, to be escaped
    where it is shown. A surface without that language has its English texts.
    """

    def __init__(self, texts: Mapping[str, dict[str, str]]) -> None:
        self._shipped = texts
        self._by_language = texts

    def use(self, own: Mapping[str, dict[str, str]]) -> None:
        """Use the texts of an operator by language, besides those that are shipped."""
        english = self._shipped[DEFAULT_LANGUAGE]
        changed = {
            language: {**self._shipped.get(language, english), **texts}
            for language, texts in own.items()
        }
        self._by_language = {**self._shipped, **changed}

    @property
    def _texts(self) -> dict[str, str]:
        return self.texts_in(LANGUAGE.get())

    def texts_in(self, language: str) -> dict[str, str]:
        """Return the texts in a language by key, in English if there is no such language."""
        return self._by_language.get(language) or self._by_language[DEFAULT_LANGUAGE]

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of a key. Raise `KeyError` for an unknown key or a missing value."""
        return self._texts[key].format_map(values)

    def english(self, key: str) -> str:
        """Return the English text of a key, as it is shipped."""
        return self._shipped[DEFAULT_LANGUAGE][key]

    def by_language(self, keys: Sequence[str]) -> dict[str, list[str]]:
        """Return some texts in every language, English first."""
        languages = sorted(self._by_language, key=lambda one: (one != DEFAULT_LANGUAGE, one))
        return {one: [self._by_language[one][key] for key in keys] for one in languages}

    def to_json(self, keys: Iterable[str]) -> str:
        """Return some texts as a JSON object for a script, which fills in the values itself."""
        texts = self._texts
        return json.dumps({key: texts[key] for key in keys}, ensure_ascii=False)

    @property
    def keys(self) -> frozenset[str]:
        """Return the keys that a translation must have."""
        return frozenset(self._by_language[DEFAULT_LANGUAGE])

    @property
    def languages(self) -> frozenset[str]:
        """Return the languages that the surface has."""
        return frozenset(self._by_language)


@cache
def load_strings(surface: str) -> Strings:
    """Return the texts of a surface, such as ``"chat"`` or ``"widget"``."""
    folder = resources.files(f"assistant.web.{surface}") / "strings"
    return Strings(
        {
            file.name.removesuffix(".json"): json.loads(file.read_text("utf-8"))
            for file in folder.iterdir()
            if file.name.endswith(".json")
        }
    )
