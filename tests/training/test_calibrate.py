"""The probability that a window answers, fitted and measured on scores that are given."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import numpy as np
import pytest

from tests.training import late
from tests.training.tiny import row
from training.data import Row


def reading(**scores: float) -> late.reading.Reading:
    return late.reading.Reading(0, 1, {"margin": 0.0, "evidence": 0.0, **scores})


def question(
    number: int, answers: bool, best: float, group: str = "written 1"
) -> late.retrieved.Question:
    """Two windows; the first answers if the question is answerable, and has the score `best`."""
    one = row(number)
    asked = one if answers else row(number + 1)
    right = late.retrieved.Candidate(asked if answers else _without(asked), reading(answers=best))
    other = late.retrieved.Candidate(_without(row(number + 2)), reading(answers=-1.0))
    return late.retrieved.Question(
        asked if answers else _without(asked), group, "fact", (right, other)
    )


def _without(one: Row) -> Row:
    return replace(one, answers=(), spans=())


def test_the_fit_finds_the_weights_that_labels_were_drawn_from() -> None:
    draw = random.Random(1)
    scores = [{"answers": draw.gauss(0, 2), "margin": draw.gauss(0, 1)} for _ in range(4000)]
    truth = {"answers": 1.5, "margin": -0.5, "bias": -1.0}
    logits = [1.5 * one["answers"] - 0.5 * one["margin"] - 1.0 for one in scores]
    labels = [draw.random() < 1 / (1 + math.exp(-logit)) for logit in logits]
    assert late.calibrate.fit(scores, labels, ["answers", "margin"]) == pytest.approx(
        truth, abs=0.2
    )


def test_the_second_regression_weighs_the_log_odds_of_the_first() -> None:
    fitted = late.calibrate.Fitted(
        {"answers": 1.0, "bias": 0.5},
        {"reading": 2.0, "coverage": -1.0, "place": -1.0, "bias": 0.0},
    )
    candidate = replace(question(0, True, 1.5).candidates[0], place=2, coverage=0.5)
    logit = 2.0 * (1.5 + 0.5) - 0.5 - math.log(2)
    assert fitted.chance(candidate) == pytest.approx(1 / (1 + math.exp(-logit)))


def test_each_outcome_costs_what_is_stated() -> None:
    tops, right = np.array([0.9, 0.9, 0.5, 0.5, 0.1]), np.array([True, False, True, False, True])
    answerable = np.array([True, True, True, False, True])
    total = 0.0 + 4.0 + 0.5 + 1.0 + 2.0
    assert late.calibrate.cost(tops, right, answerable, 0.8, 0.3) == pytest.approx(total / 5)


def test_the_thresholds_cost_least_within_the_shares_that_may_be_shown() -> None:
    answered = [question(n, True, 2.0) for n in range(20)]
    others = [question(n, False, 2.0) for n in range(20)]
    clear = late.calibrate.thresholds([*answered, *others], [[0.9, 0.0]] * 20 + [[0.05, 0.0]] * 20)
    assert clear["possible"] <= clear["certain"] <= 0.9
    assert clear["possible"] > 0.05
    mixed = [[0.4, 0.0]] * 20 + [[0.3 + 0.02 * n, 0.0] for n in range(20)]
    found = late.calibrate.thresholds([*answered, *others], mixed)
    tops = np.array([some[0] for some in mixed[20:]])
    assert (tops >= found["certain"]).mean() <= late.calibrate.MOST_FALSE["certain"]
    assert (tops >= found["possible"]).mean() <= late.calibrate.MOST_FALSE["possible"]


def test_risk_and_coverage_are_shares_of_the_questions_with_and_without_an_answer() -> None:
    questions = [question(0, True, 2.0), question(1, True, 2.0), question(2, False, 2.0)]
    chances = [[0.9, 0.1], [0.2, 0.3], [0.6, 0.1]]
    assert late.calibrate.risk_and_coverage(questions, chances, {"certain": 0.5}) == {
        "certain, right": 0.5,
        "certain, wrong": 0.0,
        "certain, unanswerable shown": 1.0,
    }


def test_what_is_said_as_often_as_it_is_seen_has_no_error() -> None:
    chances = [0.25] * 400 + [0.75] * 400
    labels = [n % 4 == 0 for n in range(400)] + [n % 4 != 0 for n in range(400)]
    assert late.calibrate.calibration_error(chances, labels, 2) == pytest.approx(0)
    assert late.calibrate.calibration_error([1.0] * 800, labels, 2) == pytest.approx(0.5)
    assert late.calibrate.reliability(chances, labels, 2) == [(0.25, 0.25, 400), (0.75, 0.75, 400)]


def test_no_group_is_measured_by_weights_that_were_fitted_on_it() -> None:
    # In one group the score means the opposite of what it means in all others.
    others = [
        question(n, n % 2 == 0, 3.0 if n % 2 == 0 else -3.0, f"written {n % 4 + 1}")
        for n in range(40)
    ]
    odd = [question(n, n % 2 == 0, -3.0 if n % 2 == 0 else 3.0, "written 0") for n in range(10)]
    found = late.calibrate.across_groups([*odd, *others])
    assert all(some[0] < 0.5 for one, some in zip(odd, found, strict=False) if one.answerable)
    assert all(
        some[0] > 0.5 for one, some in zip(others, found[10:], strict=True) if one.answerable
    )


def test_a_window_with_the_words_of_the_answer_in_another_place_is_not_fitted_on() -> None:
    asked = question(0, True, 1.0)
    right, other = asked.candidates
    repeated = replace(other, row=replace(other.row, context="Rebuilt in 1800."))
    assert late.calibrate.is_clear(asked, right)
    assert late.calibrate.is_clear(asked, other)
    assert not late.calibrate.is_clear(asked, repeated)


def test_the_figures_compare_what_is_retrieved_with_what_is_read() -> None:
    questions = [question(0, True, 2.0), question(1, False, -2.0), question(2, True, -2.0)]
    asked = questions[0]
    questions[0] = replace(asked, candidates=asked.candidates[::-1])
    made = late.calibrate.figures(questions, [[0.1, 0.9], [0.2, 0.1], [0.3, 0.4]])
    assert (made["questions"], made["answerable"]) == (3, 2)
    assert made["retrieved"] == made["auroc"] == 1.0
    assert made["retrieved_first"] == 0.5, (
        "retrieval has the other window of the first question first"
    )
    assert made["first"] == 0.5, "reading has the other window of the last question first"
