"""Draws the features of an epoch: answerable rows, unanswerable ones, negatives and variants."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from training.data import INFORMAL, Row
from training.features import MAX_LENGTH, Feature, Featurizer
from training.passages import thin, without_answer
from training.questions import contradict, vary_question
from training.synonyms import Thesaurus


@dataclass(frozen=True, slots=True)
class Mixture:
    """How an epoch is drawn; every figure is a count or a share of its kind."""

    adversarial_repeats: int = 2
    informal_share: float = 0.45
    hard_negatives: int = 6_000
    contradicted: int = 2_500
    unanswered: int = 3_000
    far_negatives: int = 500
    varied_share: float = 0.25
    reworded_share: float = 0.25
    thinned_share: float = 0.3
    masked_share: float = 0.3
    masked_tokens: float = 0.1
    short_share: float = 0.6
    short_length: int = 144


def epoch(
    rows: Sequence[Row],
    negatives: Sequence[Sequence[Row]],
    featurizer: Featurizer,
    mixture: Mixture,
    seed: int,
    thesaurus: Thesaurus | None = None,
) -> list[Feature]:
    """The features of one epoch in a random order, the same for the same seed.

    `negatives[i]` are the hard negatives of `rows[i]`. Unanswerable rows and their answerable
    neighbours of SQuAD 2.0 are what teaches to abstain; the former are repeated.
    """
    draw = random.Random(seed)
    chosen: list[Row] = []
    for row in rows:
        if row.source in INFORMAL and draw.random() >= mixture.informal_share:
            continue
        chosen.extend([row] * (1 if row.answerable else mixture.adversarial_repeats))
    with_negatives = [place for place, found in enumerate(negatives) if found]
    draw.shuffle(with_negatives)
    chosen += [draw.choice(negatives[place]) for place in with_negatives[: mixture.hard_negatives]]
    for _ in range(mixture.far_negatives):
        row, other = draw.choice(rows), draw.choice(rows)
        if row.title != other.title and not any(text in other.context for text in row.answers):
            chosen.append(replace(row, context=other.context, answers=(), spans=()))
    chosen += altered(rows, lambda row: contradicted(row, draw), mixture.contradicted, draw)
    chosen += altered(rows, without_answer, mixture.unanswered, draw)
    draw.shuffle(chosen)
    made = []
    for drawn in chosen:
        row = thin(drawn, draw) if draw.random() < mixture.thinned_share else drawn
        question = row.question
        if thesaurus is not None and draw.random() < mixture.reworded_share:
            question = thesaurus.reword(question, draw)
        if draw.random() < mixture.varied_share:
            question = vary_question(question, draw)
        short = draw.random() < mixture.short_share
        length = mixture.short_length if short else MAX_LENGTH
        one = featurizer.feature(row, question, length, draw)
        if one is None:
            continue
        if draw.random() < mixture.masked_share:
            one = featurizer.masked(one, mixture.masked_tokens, draw)
        made.append(one)
    return made


def altered(
    rows: Sequence[Row], alter: Callable[[Row], Row | None], count: int, draw: random.Random
) -> list[Row]:
    """Answerable rows about articles, each altered to be unanswerable; at most `count`."""
    known = [row for row in rows if row.answerable and row.source not in INFORMAL]
    made = (alter(row) for row in draw.sample(known, len(known)))
    return list(islice((row for row in made if row is not None), count))


def contradicted(row: Row, draw: random.Random) -> Row | None:
    """The row with its question changed so that its passage no longer answers; None if none fits."""
    question = contradict(row, draw)
    return None if question is None else replace(row, question=question, answers=(), spans=())
