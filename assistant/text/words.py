"""The words of a question that keyword search looks for, and stems as the catalog's index has them."""

import re
import sqlite3
import threading
from collections.abc import Sequence
from functools import cached_property

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_MOST_WORDS = 64

STOP_WORDS = frozenset(
    [
        "a",
        "about",
        "above",
        "after",
        "again",
        "all",
        "also",
        "am",
        "an",
        "and",
        "any",
        "are",
        "aren't",
        "as",
        "at",
        "be",
        "because",
        "been",
        "before",
        "being",
        "below",
        "between",
        "both",
        "but",
        "by",
        "can",
        "can't",
        "could",
        "couldn't",
        "did",
        "didn't",
        "do",
        "does",
        "doesn't",
        "doing",
        "don't",
        "down",
        "during",
        "each",
        "else",
        "ever",
        "few",
        "for",
        "from",
        "further",
        "get",
        "had",
        "hadn't",
        "has",
        "hasn't",
        "have",
        "haven't",
        "having",
        "he",
        "her",
        "here",
        "hers",
        "him",
        "his",
        "how",
        "i",
        "i'd",
        "i'll",
        "i'm",
        "i've",
        "if",
        "in",
        "into",
        "is",
        "isn't",
        "it",
        "it's",
        "its",
        "itself",
        "just",
        "let",
        "let's",
        "like",
        "me",
        "more",
        "most",
        "my",
        "no",
        "nor",
        "not",
        "now",
        "of",
        "off",
        "on",
        "once",
        "one",
        "only",
        "or",
        "other",
        "our",
        "ours",
        "out",
        "over",
        "own",
        "please",
        "s",
        "same",
        "shall",
        "she",
        "should",
        "so",
        "some",
        "such",
        "t",
        "tell",
        "than",
        "that",
        "that's",
        "the",
        "their",
        "theirs",
        "them",
        "then",
        "there",
        "there's",
        "these",
        "they",
        "they're",
        "this",
        "those",
        "through",
        "to",
        "too",
        "under",
        "until",
        "up",
        "upon",
        "us",
        "very",
        "was",
        "wasn't",
        "we",
        "were",
        "weren't",
        "what",
        "what's",
        "when",
        "when's",
        "where",
        "where's",
        "whether",
        "which",
        "while",
        "who",
        "who's",
        "whom",
        "whose",
        "why",
        "will",
        "with",
        "won't",
        "would",
        "wouldn't",
        "yes",
        "you",
        "your",
        "yours",
    ]
)
"""Function words of English: they say how a question asks, not what it is about."""


def words(text: str) -> list[str]:
    """The words of a text in order, as they stand."""
    return _WORD.findall(text)


def query_words(question: str) -> list[str]:
    """The distinct content words of a question; all its words if it has nothing else.

    At most 64, the first ones, so that a pasted page is still a query.
    """
    found = list(dict.fromkeys(word.casefold().replace("’", "'") for word in words(question)))
    content = [word for word in found if word not in STOP_WORDS]
    return (content or found)[:_MOST_WORDS]


class Stemmer:
    """Stems texts by SQLite's own tokenizer, so that they agree with the catalog's keyword index.

    An in-memory FTS5 table is the tokenizer, its vocabulary the result. Thread-safe.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        self._connection.executescript(
            "CREATE VIRTUAL TABLE texts USING fts5("
            " text, tokenize='porter unicode61 remove_diacritics 2');"
            "CREATE VIRTUAL TABLE instances USING fts5vocab(texts, instance);"
        )

    @cached_property
    def stop_stems(self) -> frozenset[str]:
        """The stems of the function words."""
        return frozenset(stem for some in self.stems(sorted(STOP_WORDS)) for stem in some)

    def stems(self, texts: Sequence[str]) -> list[list[str]]:
        """The stems of each text in order."""
        found: list[list[str]] = [[] for _ in texts]
        with self._lock:
            self._connection.executemany(
                "INSERT INTO texts(rowid, text) VALUES (?, ?)", list(enumerate(texts))
            )
            rows = self._connection.execute(
                'SELECT doc, term FROM instances ORDER BY doc, "offset"'
            ).fetchall()
            self._connection.rollback()
        for text, term in rows:
            found[text].append(term)
        return found
