"""The reading model's training on a few examples: what it is taught, and that it learns."""

import random
from dataclasses import replace

import pytest
import torch

from training.data import Row, occurrences
from training.features import Feature, Featurizer, load_tokenizer
from training.metrics import f1
from training.mixture import Mixture, epoch
from training.negatives import hard_negatives
from training.network import Reader, encoder_folder, new_reader
from training.train import (
    HOLD_OUT_SEED,
    Recipe,
    collate,
    hold_out,
    loss,
    parameter_groups,
    rate_share,
)

TOWNS = ("Arden", "Borva", "Calder", "Dunmore", "Elsby", "Farrow", "Garth", "Holm")


def row(number: int, title: str = "Towns", source: str = "squad2") -> Row:
    town = TOWNS[number % len(TOWNS)]
    context = f"The mill of {town} was built in {1800 + number} by the guild of weavers."
    answer = str(1800 + number)
    spans = tuple(occurrences(context, answer))
    return Row(
        str(number), source, title, f"When was {town}'s mill built?", context, (answer,), spans
    )


@pytest.fixture(scope="module")
def featurizer() -> Featurizer:
    return Featurizer(load_tokenizer(encoder_folder() / "tokenizer.json"))


@pytest.fixture(scope="module")
def reader() -> Reader:
    torch.manual_seed(1)
    return new_reader(0.0).train()


def text_of(featurizer: Featurizer, one: Row, made: Feature) -> str:
    """What the feature's first span says, by way of the offsets of its window."""
    (window,) = featurizer.windows(one.question, one.context)
    first, last = made.spans[0]
    start = window.offsets[first - made.passage_start][0]
    return one.context[start : window.offsets[last - made.passage_start][1]]


def test_a_feature_points_at_the_tokens_of_the_answer(featurizer: Featurizer) -> None:
    one = row(3)
    made = featurizer.feature(one, one.question, 256, random.Random(0))
    assert made is not None
    assert text_of(featurizer, one, made) == "1803"


def test_a_window_of_a_long_passage_is_chosen_that_holds_the_answer(featurizer: Featurizer) -> None:
    filler = "Nothing of note happened there for many years. " * 60
    context = filler + row(2).context
    long = replace(row(2), context=context, spans=tuple(occurrences(context, "1802")))
    for seed in range(5):
        made = featurizer.feature(long, long.question, 144, random.Random(seed))
        assert made is not None
        assert made.spans
        assert len(made.ids) <= 144


def test_hard_negatives_are_other_passages_of_the_article_without_the_answer() -> None:
    rows = [row(number) for number in range(8)] + [row(9, title="Other")]
    for one, found in zip(rows, hard_negatives(rows, per_question=3, seed=1), strict=True):
        contexts = {other.context for other in rows if other.title == one.title} - {one.context}
        assert {negative.context for negative in found} <= contexts
        assert all(one.answers[0] not in negative.context for negative in found)
        assert not any(negative.answerable for negative in found)


def test_an_epoch_is_the_same_for_the_same_seed_and_holds_negatives(featurizer: Featurizer) -> None:
    rows = [row(number) for number in range(8)]
    negatives = hard_negatives(rows, per_question=3, seed=1)
    mixture = Mixture(hard_negatives=4, contradicted=0, far_negatives=0)
    made = epoch(rows, negatives, featurizer, mixture, seed=5)
    assert made == epoch(rows, negatives, featurizer, mixture, seed=5)
    assert made != epoch(rows, negatives, featurizer, mixture, seed=6)
    assert sum(not one.spans for one in made) == 4
    assert sum(bool(one.spans) for one in made) == 8


def test_held_out_articles_are_in_no_other_row() -> None:
    rows = [
        row(number, title=f"{source} {number % 3}", source=source)
        for source in ("squad2", "squad1", "new_wiki", "reddit")
        for number in range(12)
    ]
    kept, held = hold_out(rows, HOLD_OUT_SEED)
    assert held
    assert not {one.title for one in kept} & {one.title for one in held}
    assert {one.source for one in held} == {"squad2", "squad1", "new_wiki"}


def test_the_rate_warms_up_stays_and_falls_to_nothing() -> None:
    recipe = Recipe(steps=100, warmup=10, decay_from=50)
    shares = [rate_share(step, recipe) for step in range(101)]
    assert shares[0] == 0.1
    assert shares[10:51] == [1.0] * 41
    assert shares[50:] == sorted(shares[50:], reverse=True)
    assert shares[100] == pytest.approx(0)


def test_a_few_steps_teach_where_the_answer_is_and_that_there_is_none(
    reader: Reader, featurizer: Featurizer
) -> None:
    recipe = Recipe(dropout=0.0, rate=3e-4, head_rate=2e-3)
    rows = [row(number) for number in range(4)]
    rows += [replace(row(n), context=row(n + 1).context, answers=(), spans=()) for n in range(4)]
    made = [featurizer.feature(one, one.question, 144, random.Random(0)) for one in rows]
    batch = collate([one for one in made if one is not None], torch.device("cpu"))
    optimizer = torch.optim.AdamW(parameter_groups(reader, recipe))
    losses = []
    for _ in range(25):
        value = loss(reader, batch, recipe)
        value.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        optimizer.zero_grad()
        losses.append(value.item())
    assert losses[-1] < losses[0] / 4
    span, null, answers, *_ = reader(batch.input_ids, batch.attention_mask, batch.token_type_ids)
    says = span.flatten(1).max(1).values > null
    assert says.tolist() == [True] * 4 + [False] * 4
    assert (answers > 0).tolist() == says.tolist()


def test_the_words_of_an_answer_are_compared_as_squad_compares_them() -> None:
    assert f1("the Rhine.", ["Rhine"]) == 1
    assert f1("", []) == 1
    assert f1("anything", []) == 0
    assert f1("upper Rhine valley", ["Rhine", "the upper Rhine"]) == pytest.approx(0.8)


def test_an_answer_longer_than_the_reader_looks_for_is_not_taught(featurizer: Featurizer) -> None:
    context = "The mill stood there " + "and it stood " * 40 + "until 1901."
    long = replace(row(1), context=context, answers=(context,), spans=((0, len(context)),))
    assert featurizer.feature(long, long.question, 256, random.Random(0)) is None
