"""The open-corpus test: of all validation paragraphs, is the right one first when read?"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from assistant.models.sentence_transformer import SentenceTransformerEncoder
from assistant.reading.weighing import Commonness, WeighingReader, logistic
from assistant.storage.stemming import Stemmer
from assistant.types import Reading as Read
from training.data import INFORMAL, Row
from training.features import Featurizer
from training.metrics import auroc
from training.negatives import BM25
from training.network import encoder_folder
from training.reading import Engine, Reading, Weights, read_pairs

DEPTH = 8
RRF_K = 10
"""Reciprocal rank fusion: a list adds 1 / (10 + rank) to its passages (Cormack et al. 2009)."""


@dataclass(frozen=True, slots=True)
class Fused:
    """A question's best passages, best first: places in the corpus, and fused scores."""

    places: tuple[int, ...]
    scores: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its fused list and the reading of each passage in it."""

    row: Row
    fused: Fused
    readings: tuple[Reading, ...]


def corpus_of(rows: Sequence[Row]) -> list[str]:
    """The distinct paragraphs, in the order of the rows."""
    return list(dict.fromkeys(row.context for row in rows))


def search(corpus: Sequence[str], questions: Sequence[str]) -> tuple[list[list[int]], list[Fused]]:
    """For each question the dense ranking of the whole corpus, and the fused list."""
    encoder = SentenceTransformer(str(encoder_folder()), device="cpu")
    passages = encoder.encode(list(corpus), normalize_embeddings=True)
    asked = encoder.encode(list(questions), normalize_embeddings=True)
    cosines: NDArray[np.float32] = np.asarray(asked) @ np.asarray(passages).T
    keyword = BM25(corpus)
    dense_rankings, fused = [], []
    for question, similar in zip(questions, cosines, strict=True):
        dense = [int(place) for place in np.argsort(-similar, kind="stable")]
        dense_rankings.append(dense)
        scores = dict.fromkeys(range(len(corpus)), 0.0)
        for ranking in (dense, keyword.ranking(question)):
            for rank, place in enumerate(ranking, 1):
                scores[place] += 1 / (RRF_K + rank)
        best = sorted(scores, key=lambda place: (-scores[place], place))[:DEPTH]
        fused.append(Fused(tuple(best), tuple(scores[place] for place in best)))
    return dense_rankings, fused


def other_questions(rows: Sequence[Row], count: int, seed: int) -> list[Row]:
    """Questions about other articles: answerable ones of the training split's Wikipedia rows."""
    known = [row for row in rows if row.answerable and row.source not in INFORMAL]
    return random.Random(seed).sample(known, count)


def ask(
    engine: Engine,
    featurizer: Featurizer,
    corpus: Sequence[str],
    rows: Sequence[Row],
    fused: Sequence[Fused],
    weights: Weights,
) -> list[Asked]:
    """Reads the fused list of every row's question."""
    pairs = [
        (row.question, corpus[place])
        for row, found in zip(rows, fused, strict=True)
        for place in found.places
    ]
    readings = iter(read_pairs(engine, featurizer, pairs, weights))
    return [
        Asked(row, found, tuple(next(readings) for _ in found.places))
        for row, found in zip(rows, fused, strict=True)
    ]


def first_right(
    asked: Sequence[Asked], corpus: Sequence[str], weights: Weights, fused_weight: float
) -> float:
    """The share of questions with their own paragraph first by logit + weight * fused score."""
    right = 0
    for one in asked:
        scores = [
            weights.logit(reading) + fused_weight * score
            for reading, score in zip(one.readings, one.fused.scores, strict=True)
        ]
        right += corpus[one.fused.places[int(np.argmax(scores))]] == one.row.context
    return right / len(asked)


def sureness(asked: Sequence[Asked], weights: Weights) -> list[float]:
    """For each question the logit of the passage that is likeliest to answer it."""
    return [max(weights.logit(reading) for reading in one.readings) for one in asked]


class _Kept:
    """A `Reader` that has read already: of each passage, the one reading that was kept."""

    threshold = 0.5

    def __init__(self, asked: Asked, weights: Weights) -> None:
        self._found = [
            [Read(one.start, one.end, logistic(weights.logit(one)))] for one in asked.readings
        ]

    def read(self, question: str, passages: Sequence[str]) -> list[list[Read]]:
        return self._found


def weighed(asked: Sequence[Asked], corpus: Sequence[str], weights: Weights) -> list[list[float]]:
    """What the product makes of the readings: for each question a probability a passage."""
    stemmer, encoder = Stemmer(), SentenceTransformerEncoder()
    counts = Counter(stem for stems in stemmer.stems(corpus) for stem in set(stems))
    common = Commonness(
        stemmer,
        lambda stems: {stem: counts[stem] for stem in stems if stem in counts},
        len(corpus),
    )
    return [
        [
            found[0].probability
            for found in WeighingReader(_Kept(one, weights), common, encoder).read(
                one.row.question, [corpus[place] for place in one.fused.places]
            )
        ]
        for one in asked
    ]


def weighed_figures(
    own: Sequence[Asked], other: Sequence[Asked], corpus: Sequence[str], weights: Weights
) -> dict[str, float]:
    """The same two figures with the product's weighing of the readings."""
    scores = weighed([*own, *other], corpus, weights)
    right = [
        corpus[one.fused.places[int(np.argmax(found))]] == one.row.context
        for one, found in zip(own, scores, strict=False)
    ]
    sure = [max(found) for found in scores]
    return {
        "weighed_first": float(np.mean(right)),
        "weighed_auroc_other_articles": auroc(sure[: len(own)], sure[len(own) :]),
    }


def figures(
    own: Sequence[Asked],
    other: Sequence[Asked],
    corpus: Sequence[str],
    weights: Weights,
) -> dict[str, float]:
    """What the issue asks of the open corpus, with the fused list alone beside it."""
    answerable = [one for one in own if one.row.answerable]
    inside = [one.row.context in [corpus[p] for p in one.fused.places] for one in answerable]
    found = [corpus[one.fused.places[0]] == one.row.context for one in answerable]
    sure = sureness(answerable, weights)
    adversarial = [one for one in own if not one.row.answerable]
    made = {
        "questions": float(len(answerable)),
        "fused_first": float(np.mean(found)),
        "fused_in_8": float(np.mean(inside)),
        "auroc_other_articles": auroc(sure, sureness(other, weights)),
    }
    if adversarial:
        made["auroc_adversarial"] = auroc(sure, sureness(adversarial, weights))
    for weight in (0.0, 5.0, 10.0, 20.0, 40.0):
        made[f"read_first_fused_weight_{weight:g}"] = first_right(
            answerable, corpus, weights, weight
        )
    return made | weighed_figures(answerable, other, corpus, weights)
