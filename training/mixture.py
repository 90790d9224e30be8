"""Draw the rows of an epoch from all sets: answers, near misses, variants and statements."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from training.data import INFORMAL, Row
from training.documents import Asked
from training.features import MAX_LENGTH, MAX_STATEMENT_LENGTH, Feature, Featurizer
from training.questions import contradict, vary_question
from training.sets import PublicSet


@dataclass(frozen=True, slots=True)
class Mixture:
    """How an epoch is drawn; every figure is a count or a share of its kind."""

    written_others: int = 3
    written_none: int = 3
    public_share: float = 0.6
    informal_share: float = 0.3
    adversarial_repeats: int = 2
    hard_negatives: int = 8_000
    contradicted: int = 1_500
    far_negatives: int = 500
    statements: int = 4_000
    varied_share: float = 0.2
    headless_share: float = 0.15
    short_share: float = 0.6
    short_length: int = 160


LAST = Mixture(
    written_others=4, written_none=4, public_share=0.3, hard_negatives=4_000, contradicted=1_000
)
"""What is read while the rate falls: more of what is like the product's own documents."""


@dataclass(frozen=True, slots=True)
class Material:
    """All that an epoch is drawn from; ``negatives[i]`` are near misses of ``squad[i]``."""

    squad: Sequence[Row]
    public: Sequence[tuple[PublicSet, Sequence[Row]]]
    negatives: Sequence[tuple[Row, Sequence[Row]]]
    yes_no: Sequence[Row]
    written: Sequence[Asked]
    statements: Sequence[Row]
    written_statements: Sequence[Row]


def epoch(
    material: Material,
    featurizer: Featurizer,
    mixture: Mixture,
    seed: int,
    reword: Callable[[str, random.Random], str] | None = None,
) -> list[Feature]:
    """Return the features of one epoch in a random order, the same for the same seed."""
    draw = random.Random(seed)
    rows = [
        *written_rows(material.written, mixture, draw),
        *public_rows(material, mixture, draw),
        *draw.sample(list(material.statements), min(mixture.statements, len(material.statements))),
        *material.written_statements,
    ]
    draw.shuffle(rows)
    made = []
    for row in rows:
        found = _feature(row, featurizer, mixture, draw, reword)
        if found is not None:
            made.append(found)
    return made


def _feature(
    row: Row,
    featurizer: Featurizer,
    mixture: Mixture,
    draw: random.Random,
    reword: Callable[[str, random.Random], str] | None,
) -> Feature | None:
    if draw.random() < mixture.headless_share:
        row = replace(row, header="")
    if row.label is not None:
        return featurizer.feature(row, row.question, MAX_STATEMENT_LENGTH, draw)
    question = row.question
    if reword is not None and draw.random() < mixture.varied_share:
        question = reword(question, draw)
    if draw.random() < mixture.varied_share:
        question = vary_question(question, draw)
    short = draw.random() < mixture.short_share and row.points
    return featurizer.feature(row, question, mixture.short_length if short else MAX_LENGTH, draw)


def written_rows(asked: Sequence[Asked], mixture: Mixture, draw: random.Random) -> list[Row]:
    """Return one answering window of each written question, and some that retrieval brings beside it."""
    rows: list[Row] = []
    for one in asked:
        if one.answering:
            rows.append(draw.choice(one.answering))
        wanted = mixture.written_others if one.row.answers else mixture.written_none
        # the nearer, the likelier: those are what the product reads first
        nearest = one.others[: 2 * wanted + 2]
        rows += draw.sample(nearest, min(wanted, len(nearest)))
    return rows


def public_rows(material: Material, mixture: Mixture, draw: random.Random) -> list[Row]:
    """Return the rows of the public sets in their shares, with near and far misses."""
    rows: list[Row] = []
    for row in material.squad:
        if row.source in INFORMAL and draw.random() >= mixture.informal_share:
            continue
        rows += [row] * (1 if row.answerable else mixture.adversarial_repeats)
    for chosen, some in material.public:
        rows += [row for row in some if draw.random() < chosen.share]
    rows += material.yes_no
    rows = draw.sample(rows, int(len(rows) * mixture.public_share))
    pairs = draw.sample(
        list(material.negatives), min(mixture.hard_negatives, len(material.negatives))
    )
    rows += [draw.choice(list(near)) for _, near in pairs]
    rows += far_negatives(material.squad, mixture.far_negatives, draw)
    return rows + contradicted(material.squad, mixture.contradicted, draw)


def far_negatives(rows: Sequence[Row], count: int, draw: random.Random) -> list[Row]:
    """Return questions over passages of other articles."""
    made: list[Row] = []
    while len(made) < count:
        row, other = draw.choice(rows), draw.choice(rows)
        if row.title != other.title and not any(text in other.context for text in row.answers):
            made.append(
                replace(row, context=other.context, header=other.header, answers=(), spans=())
            )
    return made


def contradicted(rows: Sequence[Row], count: int, draw: random.Random) -> list[Row]:
    """Return unanswerable rows made of answerable ones about articles, at most `count`."""
    made: list[Row] = []
    known = [row for row in rows if row.answerable and row.source not in INFORMAL]
    for row in draw.sample(known, len(known)):
        question = contradict(row, draw)
        if question is not None:
            made.append(replace(row, question=question, answers=(), spans=()))
        if len(made) >= count:
            break
    return made
