"""The reading model's training on a few examples: what it is taught, and that it learns."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from tests.training import late
from tests.training.tiny import row, tiny_reader
from training.data import CONTRADICTED, NOT_SAID, SUPPORTED, Row, occurrences
from training.documents import asked_over, groups
from training.metrics import f1
from training.negatives import hard_negatives
from training.sets import halves, statement


@pytest.fixture(scope="module")
def featurizer() -> late.features.Featurizer:
    return late.features.Featurizer(
        late.features.load_tokenizer(late.network.encoder_folder() / "tokenizer.json")
    )


def made(
    featurizer: late.features.Featurizer, one: Row, length: int = 256, seed: int = 0
) -> late.features.Feature:
    found = featurizer.feature(one, one.question, length, random.Random(seed))
    assert found is not None
    return found


def text_of(featurizer: late.features.Featurizer, one: Row, feature: late.features.Feature) -> str:
    """What the feature's first span says, by way of the offsets of its window."""
    (window,) = featurizer.windows(one.question, one.context, header=one.header)
    return one.context[slice(*window.characters(*feature.spans[0]))]


def test_a_feature_points_at_the_tokens_of_the_answer(featurizer: late.features.Featurizer) -> None:
    one = row(3)
    assert text_of(featurizer, one, made(featurizer, one)) == "1803"


def test_the_header_is_read_before_the_passage_and_is_no_part_of_it(
    featurizer: late.features.Featurizer,
) -> None:
    with_header, without = made(featurizer, row(3)), made(featurizer, replace(row(3), header=""))
    assert with_header.passage_start == without.passage_start + 2  # "Towns" and its [SEP]
    assert with_header.ids[with_header.passage_start :] == without.ids[without.passage_start :]


def test_the_sentence_of_the_answer_is_evidence_and_the_others_are_not(
    featurizer: late.features.Featurizer,
) -> None:
    context = "Rain fell for days. The mill was built in 1803. Nobody came."
    one = replace(row(3), context=context, spans=tuple(occurrences(context, "1803")))
    marks = made(featurizer, one).evidence
    assert marks is not None
    (window,) = featurizer.windows(one.question, context, header=one.header)
    marked = [context[slice(*span)] for span, m in zip(window.offsets, marks, strict=True) if m]
    assert marked == ["The", "mill", "was", "built", "in", "1803", "."]


def test_without_an_answer_no_sentence_is_evidence(featurizer: late.features.Featurizer) -> None:
    one = replace(row(3), answers=(), spans=())
    found = made(featurizer, one)
    assert found.evidence is not None
    assert not any(found.evidence)
    assert found.verdict is False
    assert found.points


def test_an_answer_that_is_no_span_teaches_the_verdict_alone(
    featurizer: late.features.Featurizer,
) -> None:
    found = made(featurizer, replace(row(3), answers=("yes",), spans=(), points=False))
    assert (found.verdict, found.points, found.evidence) == (True, False, None)


def test_a_window_of_a_long_passage_is_chosen_that_holds_the_answer(
    featurizer: late.features.Featurizer,
) -> None:
    filler = "Nothing of note happened there for many years. " * 60
    context = filler + row(2).context
    long = replace(row(2), context=context, spans=tuple(occurrences(context, "1802")))
    for seed in range(5):
        found = made(featurizer, long, 144, seed)
        assert found.spans
        assert len(found.ids) <= 144


def test_an_answer_longer_than_the_reader_looks_for_is_not_taught_as_a_span(
    featurizer: late.features.Featurizer,
) -> None:
    context = "The mill stood there " + "and it stood " * 40 + "until 1901."
    long = replace(row(1), context=context, answers=(context,), spans=((0, len(context)),))
    found = made(featurizer, long)
    assert not found.points
    assert found.verdict is True


def test_hard_negatives_are_other_passages_of_the_article_without_the_answer() -> None:
    rows = [row(number) for number in range(8)] + [row(9, title="Other")]
    for one, found in zip(rows, hard_negatives(rows, per_question=3, seed=1), strict=True):
        contexts = {other.context for other in rows if other.title == one.title} - {one.context}
        assert {negative.context for negative in found} <= contexts
        assert all(one.answers[0] not in negative.context for negative in found)
        assert not any(negative.answerable for negative in found)


def test_retrieval_brings_the_window_that_answers_and_its_neighbours() -> None:
    from assistant.models.bundled_encoder import BundledEncoder

    rows = [replace(row(number), header="") for number in range(6)]
    foreign = replace(row(7), answers=(), spans=())
    *asked, other = asked_over(rows, BundledEncoder(), 128, 1, near=3, asked=[*rows, foreign])
    for one, found in zip(rows, asked, strict=True):
        assert [window.context for window in found.answering] == [one.context]
        assert found.answering[0].header == "Towns"
        assert found.answering[0].evidence == ((0, len(one.context)),)
        assert len(found.windows) == 3
    assert not any(window.spans for window in other.windows)


def test_the_siblings_of_a_family_are_asked_about_together() -> None:
    rows = [replace(row(n), source=f"family {n // 3}: kettles") for n in range(30)]
    for group in groups(
        [replace(one, context=f"{n} {one.context}") for n, one in enumerate(rows)], 1
    ):
        for family in {one.source for one in group}:
            assert sum(one.source == family for one in group) == 3


def test_half_of_the_statements_are_held_out_by_passage() -> None:
    rows = [statement(f"Text {n // 2}.", f"Claim {n}.", SUPPORTED, "") for n in range(20)]
    learnt, held = halves(rows, seed=1)
    assert len(learnt) == len(held) == 10
    assert not {one.context for one in learnt} & {one.context for one in held}


def test_an_epoch_is_the_same_for_the_same_seed_and_holds_every_kind(
    featurizer: late.features.Featurizer,
) -> None:
    rows = [row(number) for number in range(8)]
    found = hard_negatives(rows, per_question=3, seed=1)
    material = late.mixture.Material(
        squad=rows,
        public=[],
        negatives=list(zip(rows, found, strict=True)),
        yes_no=[replace(rows[0], answers=("yes",), spans=(), points=False)],
        written=[],
        statements=[statement("It rained.", "It was wet.", SUPPORTED, "")],
        written_statements=[],
    )
    mixture = late.mixture.Mixture(
        public_share=1.0, hard_negatives=4, contradicted=0, far_negatives=0
    )
    first = late.mixture.epoch(material, featurizer, mixture, seed=5)
    assert first == late.mixture.epoch(material, featurizer, mixture, seed=5)
    assert first != late.mixture.epoch(material, featurizer, mixture, seed=6)
    assert sum(one.label is not None for one in first) == 1
    assert sum(one.verdict is False for one in first) == 4
    assert sum(bool(one.spans) for one in first) == 8


def test_the_rate_warms_up_stays_and_falls_to_nothing() -> None:
    recipe = late.train.Recipe(steps=100, warmup=10, decay_from=50)
    shares = [late.train.rate_share(step, recipe) for step in range(101)]
    assert shares[0] == 0.1
    assert shares[10:51] == [1.0] * 41
    assert shares[50:] == sorted(shares[50:], reverse=True)
    assert shares[100] == pytest.approx(0)


def test_a_few_steps_teach_answers_evidence_and_statements(
    featurizer: late.features.Featurizer,
) -> None:
    rows = [row(number) for number in range(4)]
    rows += [replace(row(n), context=row(n + 1).context, answers=(), spans=()) for n in range(4)]
    rows += [
        statement(row(5).context, text, label, "")
        for text, label in (
            ("It was built by weavers.", SUPPORTED),
            ("No mill ever stood there.", CONTRADICTED),
            ("Harbours freeze in winter.", NOT_SAID),
        )
    ]
    reader = tiny_reader()
    recipe = late.train.Recipe(dropout=0.0, rate=2e-3, head_rate=1e-2)
    batch = late.train.collate([made(featurizer, one) for one in rows])
    optimizer = late.torch.optim.AdamW(late.train.parameter_groups(reader, recipe))
    losses = []
    for _ in range(55):
        scores = reader(batch.input_ids, batch.attention_mask, batch.token_type_ids)
        value = late.train.loss(scores, batch, recipe)
        value.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        optimizer.zero_grad()
        losses.append(value.item())
    assert losses[-1] < losses[0] / 4
    scores = reader(batch.input_ids, batch.attention_mask, batch.token_type_ids)
    says = scores.span.flatten(1).max(1).values > scores.null
    assert says[:8].tolist() == [True] * 4 + [False] * 4
    assert (scores.answers[:8] > 0).tolist() == [True] * 4 + [False] * 4
    assert scores.support[8:].argmax(1).tolist() == [SUPPORTED, CONTRADICTED, NOT_SAID]


def test_the_words_of_an_answer_are_compared_as_squad_compares_them() -> None:
    assert f1("the Rhine.", ["Rhine"]) == 1
    assert f1("", []) == 1
    assert f1("anything", []) == 0
    assert f1("upper Rhine valley", ["Rhine", "the upper Rhine"]) == pytest.approx(0.8)
