"""Stem texts as the catalog's keyword index does."""

import sqlite3
import threading
from collections.abc import Sequence
from functools import cached_property

from assistant.storage.schema import TOKENIZER
from assistant.text.surrogates import without_surrogates
from assistant.text.words import STOP_WORDS


class Stemmer:
    """Stem texts by SQLite's own tokenizer, so that they agree with the catalog's keyword index.

    An in-memory FTS5 table is the tokenizer, its vocabulary the result. Thread-safe.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        self._connection.text_factory = _decoded
        self._connection.executescript(
            f"CREATE VIRTUAL TABLE texts USING fts5(text, tokenize='{TOKENIZER}');"
            "CREATE VIRTUAL TABLE instances USING fts5vocab(texts, instance);"
        )

    @cached_property
    def stop_stems(self) -> frozenset[str]:
        """The stems of the function words."""
        return frozenset(stem for some in self.stems(sorted(STOP_WORDS)) for stem in some)

    def stems(self, texts: Sequence[str]) -> list[list[str]]:
        """Return the stems of each text in order."""
        found: list[list[str]] = [[] for _ in texts]
        with self._lock:
            try:
                self._connection.executemany(
                    "INSERT INTO texts(rowid, text) VALUES (?, ?)",
                    list(enumerate(map(without_surrogates, texts))),
                )
                rows = self._connection.execute(
                    'SELECT doc, term FROM instances ORDER BY doc, "offset"'
                ).fetchall()
            finally:
                self._connection.rollback()
        for text, term in rows:
            found[text].append(term)
        return found


def _decoded(stem: bytes) -> str:
    """Return a stem. FTS5 cuts words of more than 32,768 bytes, also in the middle of a letter."""
    return stem.decode("utf-8", "ignore")
