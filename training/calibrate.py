"""Fit how surely a window answers, on windows that retrieval brought, into `reader.json`.

Three things are fitted, one on top of the other:

- `calibration`: a logistic regression over `answers`, `margin` and the highest `evidence` of a
  window, the probability of the model alone;
- `weighing`: a logistic regression over its log odds and what is known from retrieval, see
  `assistant.reading.weighing`;
- `thresholds`: those of a certain and of a possible answer that cost least (`COSTS`), with at most
  `MOST_FALSE` of the unanswerable questions answered with certainty, or shown anything at all. The
  weight of a rival stays as it is: windows overlap, and another one may have the same answer.

Figures are measured across groups of documents: each group's probabilities come from weights that
were fitted on the other groups only. All is fitted on the written questions, whose documents are
like those of the product. Public ones are asked over an encyclopedia article, where every paragraph
is near: fitted on both, the error after 2,500 steps was 0.24 instead of 0.08 on written questions,
and 0.04 instead of 0.20 on public ones.
"""

from __future__ import annotations

import argparse
import json
import math
import pickle
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.models.bundled_reader import BundledReader
from assistant.reading.weighing import log_odds
from training.metrics import auroc
from training.reading import BIAS, Weights
from training.retrieved import Candidate, Question, ask_all

Floats: TypeAlias = NDArray[np.float64]
SCORES = ("answers", "margin", "evidence")
WEIGHED = ("reading", "coverage", "place")
COSTS = {
    "certain, wrong": 4.0,
    "possible, wrong": 1.0,
    "possible, right": 0.5,
    "refused, answerable": 2.0,
}
"""What an answer costs a reader; a certain right answer and a right refusal cost nothing."""
MOST_FALSE = {"certain": 0.06, "possible": 0.40}
"""The largest shares of unanswerable questions that may be shown an answer of each kind."""
FITTED_ON = "written"
_AS_GOOD = 1.01
FOLDS = 5
BINS = 10


def fit(
    readings: Sequence[Mapping[str, float]],
    labels: Sequence[bool],
    names: Sequence[str] = SCORES,
    *,
    ridge: float = 1e-3,
) -> Weights:
    """Return a logistic regression on the named scores, by Newton's method with a slight ridge."""
    inputs = np.array([[*(one[name] for name in names), 1.0] for one in readings])
    right = np.asarray(labels, float)
    weights: Floats = np.zeros(len(names) + 1)
    for _ in range(50):
        chance = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (chance - right) + ridge * weights
        bend = (inputs * (chance * (1 - chance))[:, None]).T @ inputs + ridge * np.eye(len(weights))
        step = np.linalg.solve(bend, slope)
        weights = weights - step
        if np.abs(step).max() < 1e-9:
            break
    return dict(zip([*names, BIAS], weights.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Fitted:
    """The two regressions, the second over the log odds of the first."""

    calibration: Weights
    weighing: Weights

    def chance(self, candidate: Candidate) -> float:
        """Return the probability that a window answers, as the product computes it."""
        scores = weighed_scores(candidate, self.calibration)
        logit = self.weighing[BIAS] + sum(self.weighing[name] * scores[name] for name in WEIGHED)
        return float(1 / (1 + np.exp(-logit)))


def weighed_scores(candidate: Candidate, calibration: Weights) -> dict[str, float]:
    """Return what the second regression weighs of a window."""
    logit = candidate.reading.logit(calibration)
    return {
        "reading": log_odds(float(1 / (1 + np.exp(-logit)))),
        "coverage": candidate.coverage,
        "place": math.log(candidate.place),
    }


def is_clear(question: Question, candidate: Candidate) -> bool:
    """Whether it is known if a window answers: the words of the answer may occur in others too."""
    text = candidate.row.context.casefold()
    return candidate.answers or not any(
        answer.casefold() in text for answer in question.row.answers
    )


def fit_on(questions: Sequence[Question]) -> Fitted:
    """Return the regressions over all windows that were read for the written questions."""
    read = [
        candidate
        for question in questions
        if question.group.startswith(FITTED_ON)
        for candidate in question.candidates
        if is_clear(question, candidate)
    ]
    labels = [candidate.answers for candidate in read]
    calibration = fit([candidate.reading.scores for candidate in read], labels)
    scores = [weighed_scores(candidate, calibration) for candidate in read]
    return Fitted(calibration, fit(scores, labels, WEIGHED))


def across_groups(questions: Sequence[Question]) -> list[list[float]]:
    """Return the probability of each window that was read, by weights of other groups only."""
    names = sorted({question.group for question in questions})
    fold = {name: number % FOLDS for number, name in enumerate(names)}
    fitted = [
        fit_on([question for question in questions if fold[question.group] != number])
        for number in range(FOLDS)
    ]
    return [
        [fitted[fold[question.group]].chance(one) for one in question.candidates]
        for question in questions
    ]


def thresholds(
    questions: Sequence[Question], chances: Sequence[Sequence[float]]
) -> dict[str, float]:
    """Return the two thresholds that cost least, within `MOST_FALSE`.

    The cost is flat: of the pairs that cost as much to one percent, the lowest is taken, since
    readers prefer a hedge to a refusal, and an answer to a hedge. Questions about other documents
    are left out.
    """
    kept = [
        (max(some), _is_right(question, some), question.answerable)
        for question, some in zip(questions, chances, strict=True)
        if question.kind != "elsewhere"
    ]
    tops, right, answerable = (np.array(column) for column in zip(*kept, strict=True))
    lowest = {
        kind: float(np.quantile(tops[~answerable], 1 - share)) for kind, share in MOST_FALSE.items()
    }
    steps = [round(step, 2) for step in np.arange(0.02, 0.99, 0.01)]
    pairs = [
        (certain, possible)
        for certain in steps
        for possible in steps
        if lowest["certain"] <= certain and lowest["possible"] <= possible <= certain
    ]
    costs = {pair: cost(tops, right, answerable, *pair) for pair in pairs}
    least = min(costs.values())
    as_good = [pair for pair in pairs if costs[pair] <= least * _AS_GOOD]
    certain, possible = min(as_good, key=lambda pair: (pair[1], pair[0]))
    return {"certain": certain, "possible": possible}


def cost(
    tops: Floats,
    right: NDArray[np.bool_],
    answerable: NDArray[np.bool_],
    certain: float,
    possible: float,
) -> float:
    """Return the mean cost of a question's likeliest window at two thresholds, see `COSTS`."""
    is_certain, is_shown = tops >= certain, tops >= possible
    unsure = is_shown & ~is_certain
    return float(
        (
            COSTS["certain, wrong"] * (is_certain & ~right)
            + COSTS["possible, wrong"] * (unsure & ~right)
            + COSTS["possible, right"] * (unsure & right)
            + COSTS["refused, answerable"] * (~is_shown & answerable)
        ).mean()
    )


def risk_and_coverage(
    questions: Sequence[Question], chances: Sequence[Sequence[float]], limits: Mapping[str, float]
) -> dict[str, float]:
    """Return what happens to questions at the thresholds, as shares of those with and without an answer."""
    kept = [pair for pair in zip(questions, chances, strict=True) if pair[0].kind != "elsewhere"]
    tops = np.array([max(some) for _, some in kept])
    right = np.array([_is_right(question, some) for question, some in kept])
    answerable = np.array([question.answerable for question, _ in kept])
    made = {}
    for name, limit in limits.items():
        shown = tops >= limit
        made[f"{name}, right"] = _share((shown & right)[answerable])
        made[f"{name}, wrong"] = _share((shown & ~right)[answerable])
        made[f"{name}, unanswerable shown"] = _share(shown[~answerable])
    return made


def calibration_error(chances: Sequence[float], labels: Sequence[bool], bins: int = BINS) -> float:
    """Return the expected calibration error: the mean gap of said and seen over equally full bins."""
    return float(
        sum(abs(said - seen) * size for said, seen, size in reliability(chances, labels, bins))
        / len(labels)
    )


def reliability(
    chances: Sequence[float], labels: Sequence[bool], bins: int = BINS
) -> list[tuple[float, float, int]]:
    """Return of equally full bins the mean probability, the share that is right, and the size."""
    said, right = np.asarray(chances), np.asarray(labels, float)
    parts = np.array_split(np.argsort(said, kind="stable"), bins)
    return [
        (float(said[part].mean()), float(right[part].mean()), len(part))
        for part in parts
        if len(part)
    ]


def figures(questions: Sequence[Question], chances: Sequence[Sequence[float]]) -> dict[str, object]:
    """Return how well windows are ordered and told apart; the last is for whole questions.

    `retrieved`: an answering window is among those that are read; `retrieved_first`: it is the
    first of them. `first`: the likeliest window answers. `auroc`: answerable against unanswerable
    questions by the likeliest window. `reliability`: said, seen and count, where a question's
    likeliest window counts as right if it answers.
    """
    asked = [question for question in questions if question.answerable]
    tops = [max(some) for some in chances]
    labels = [_is_right(*pair) for pair in zip(questions, chances, strict=True)]
    sure = [top for top, question in zip(tops, questions, strict=True) if question.answerable]
    made: dict[str, object] = {
        "questions": len(questions),
        "answerable": len(asked),
        "retrieved": _share(any(one.answers for one in q.candidates) for q in asked),
        "retrieved_first": _share(q.candidates[0].answers for q in asked),
        "first": _share(right for right, q in zip(labels, questions, strict=True) if q.answerable),
        "calibration_error": calibration_error(tops, labels),
        "reliability": reliability(tops, labels),
        "by_kind": by_kind(questions, tops, labels),
    }
    for name, is_elsewhere in (("auroc", False), ("auroc_elsewhere", True)):
        others = [
            top
            for top, question in zip(tops, questions, strict=True)
            if not question.answerable and (question.kind == "elsewhere") == is_elsewhere
        ]
        if others:
            made[name] = auroc(sure, others)
    return made


def by_kind(
    questions: Sequence[Question], tops: Sequence[float], labels: Sequence[bool]
) -> dict[str, dict[str, float]]:
    """Return for each kind of question how many, the share that is right, and the mean probability."""
    made = {}
    for kind in sorted({question.kind for question in questions}):
        here = [place for place, question in enumerate(questions) if question.kind == kind]
        made[kind] = {
            "questions": len(here),
            "first": _share(labels[place] for place in here),
            "probability": _share(tops[place] for place in here),
        }
    return made


def _share(values: Iterable[float]) -> float:
    return float(np.mean(list(values)))


def _is_right(question: Question, chances: Sequence[float]) -> bool:
    return question.answerable and question.candidates[int(np.argmax(chances))].answers


def _asked(reader: Path, data: Path, count: int, kept: Path | None) -> list[Question]:
    """Ask the questions, or return what is kept of an earlier time in a file of our own."""
    if kept and kept.exists():
        found: list[Question] = pickle.loads(kept.read_bytes())
        return found
    questions = ask_all(BundledReader(reader), data, count)
    if kept:
        kept.write_bytes(pickle.dumps(questions))
    return questions


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with both validations")
    parser.add_argument("--reader", type=Path, required=True, help="folder that export.py wrote")
    parser.add_argument("--questions", type=int, default=100_000, help="of each set, at most")
    parser.add_argument("--readings", type=Path, help="kept here, and taken from here if they are")
    parser.add_argument("--out", type=Path, help="where the figures are written as JSON")
    given = parser.parse_args()
    questions = _asked(given.reader, given.data, given.questions, given.readings)
    chances = across_groups(questions)
    path = given.reader / "reader.json"
    described = json.loads(path.read_text(encoding="utf-8"))
    fitted = fit_on(questions)
    written = [place for place, q in enumerate(questions) if q.group.startswith(FITTED_ON)]
    limits = thresholds([questions[p] for p in written], [chances[p] for p in written])
    made: dict[str, object] = {
        "calibration": fitted.calibration,
        "weighing": fitted.weighing,
        "thresholds": {**described.get("thresholds", {}), **limits},
    }
    described |= made
    for name in ("written", "public"):
        kept = [place for place, q in enumerate(questions) if q.group.startswith(name)]
        own = [questions[p] for p in kept], [chances[p] for p in kept]
        made[name] = {**figures(*own), "at_thresholds": risk_and_coverage(*own, limits)}
    text = json.dumps(made, indent=2)
    print(text)
    path.write_text(json.dumps(described, indent=2) + "\n", encoding="utf-8")
    if given.out:
        given.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
