"""Finds passages that are near to a question and do not answer it, by BM25 within its article."""

from __future__ import annotations

import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from training.data import INFORMAL, Row

_WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """Lower-case words, for BM25.

    >>> words("The Rhine, 1815")
    ['the', 'rhine', '1815']
    """
    return _WORD.findall(text.lower())


class BM25:
    """Okapi BM25 over a list of texts (Robertson and Zaragoza 2009), k1 = 1.2, b = 0.75."""

    def __init__(self, texts: Sequence[str], *, k1: float = 1.2, b: float = 0.75) -> None:
        counts = [Counter(words(text)) for text in texts]
        lengths = [sum(count.values()) for count in counts]
        mean = sum(lengths) / max(1, len(lengths))
        self.size = len(texts)
        found: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for index, count in enumerate(counts):
            norm = k1 * (1 - b + b * lengths[index] / mean)
            for word, times in count.items():
                found[word].append((index, times * (k1 + 1) / (times + norm)))
        self._postings = {word: _weighted(pairs, self.size) for word, pairs in found.items()}

    def scores(self, query: str) -> NDArray[np.float64]:
        """One score a text; 0 for texts that share no word with the query."""
        scores = np.zeros(self.size)
        for word in dict.fromkeys(words(query)):
            if word in self._postings:
                places, weights = self._postings[word]
                scores[places] += weights
        return scores

    def ranking(self, query: str) -> list[int]:
        """Indices of the texts, best first; ties keep the order of the texts."""
        return [int(place) for place in np.argsort(-self.scores(query), kind="stable")]


def _weighted(
    pairs: Sequence[tuple[int, float]], size: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The places of a word's texts, and what the word adds to the score of each."""
    idf = math.log(1 + (size - len(pairs) + 0.5) / (len(pairs) + 0.5))
    return (
        np.array([place for place, _ in pairs]),
        np.array([weight * idf for _, weight in pairs]),
    )


def hard_negatives(rows: Sequence[Row], *, per_question: int, seed: int) -> list[list[Row]]:
    """For each answerable row, other passages of its article: near, and without the answer.

    The first is the highest by BM25 of those that lack all the row's answers, the others are
    drawn from the five after it. Questions on Reddit posts and Amazon reviews ("What did the
    author buy?") get none: they mean one text, and others would answer them too.
    """
    articles: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        articles[row.title][row.context] = None
    indexes = {
        title: (list(contexts), BM25(list(contexts))) for title, contexts in articles.items()
    }
    draw = random.Random(seed)
    found: list[list[Row]] = []
    for row in rows:
        if not row.answerable or row.source in INFORMAL:
            found.append([])
            continue
        contexts, index = indexes[row.title]
        texts = [answer.lower() for answer in row.answers]
        ranked = [contexts[place] for place in index.ranking(row.question)[:12]]
        near = [
            context
            for context in ranked
            if context != row.context and not any(text in context.lower() for text in texts)
        ][:6]
        rest = near[1:]
        draw.shuffle(rest)
        chosen = (near[:1] + rest)[:per_question]
        found.append([replace(row, context=context, answers=(), spans=()) for context in chosen])
    return found
