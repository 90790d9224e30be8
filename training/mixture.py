"""Draws the features of an epoch: answerable rows, unanswerable ones, negatives and variants."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from training.data import INFORMAL, Row
from training.features import MAX_LENGTH, Feature, Featurizer
from training.questions import contradict, vary_question
from training.synonyms import Thesaurus


@dataclass(frozen=True, slots=True)
class Mixture:
    """How an epoch is drawn; every figure is a count or a share of its kind."""

    adversarial_repeats: int = 2
    informal_share: float = 0.45
    hard_negatives: int = 8_000
    contradicted: int = 2_000
    far_negatives: int = 1_000
    varied_share: float = 0.25
    reworded_share: float = 0.25
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
    chosen += contradicted(rows, mixture.contradicted, draw)
    draw.shuffle(chosen)
    made = []
    for row in chosen:
        question = row.question
        if thesaurus is not None and draw.random() < mixture.reworded_share:
            question = thesaurus.reword(question, draw)
        if draw.random() < mixture.varied_share:
            question = vary_question(question, draw)
        short = draw.random() < mixture.short_share
        length = mixture.short_length if short else MAX_LENGTH
        one = featurizer.feature(row, question, length, draw)
        if one is not None:
            made.append(one)
    return made


def contradicted(rows: Sequence[Row], count: int, draw: random.Random) -> list[Row]:
    """Unanswerable rows made of answerable ones about articles, at most `count`."""
    made: list[Row] = []
    known = [row for row in rows if row.answerable and row.source not in INFORMAL]
    for row in draw.sample(known, len(known)):
        question = contradict(row, draw)
        if question is not None:
            made.append(replace(row, question=question, answers=(), spans=()))
        if len(made) >= count:
            break
    return made
