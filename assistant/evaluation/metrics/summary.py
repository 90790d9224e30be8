"""The figures of a set of cases: each metric's value, its 95 % bootstrap interval and its count."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.evaluation.metrics import formulas as metrics
from assistant.evaluation.metrics.measures import RATIOS, RISK, SHOWN_RISK, Measure
from assistant.evaluation.metrics.observation import Observation


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric's value over a set, its 95 % interval, and over how many cases; None: undefined."""

    value: float | None
    low: float | None
    high: float | None
    count: int


Summary = dict[str, Figure]
"""Figures by the metric's name, in the order of `MEASURES`, then latencies by stage."""


Confidences = tuple[list[float], list[bool]]
"""The confidences of answers, and whether each answer is right."""


def certain_confidences(observations: Sequence[Observation]) -> Confidences:
    """Return the confidences of the answers given with certainty, and whether each passed."""
    return _confidences([(seen.confidence, seen.passed) for seen in observations if seen.answered])


def shown_confidences(observations: Sequence[Observation]) -> Confidences:
    """Return the confidences of all answers, certain or possible, and whether each is right."""
    return _confidences([(seen.confidence, seen.right) for seen in observations if seen.shown])


def _confidences(pairs: Sequence[tuple[float | None, bool]]) -> Confidences:
    known = [(confidence, right) for confidence, right in pairs if confidence is not None]
    return [confidence for confidence, _ in known], [right for _, right in known]


def summarize(observations: Sequence[Observation]) -> Summary:
    """Return every metric over a set of cases."""
    summary = {measure.name: _ratio_figure(measure, observations) for measure in RATIOS}
    summary[RISK.name] = _risk_figure(*certain_confidences(observations))
    summary[SHOWN_RISK.name] = _risk_figure(*shown_confidences(observations))
    stages = dict.fromkeys(stage for seen in observations for stage in seen.timings)
    for stage in sorted(stages, key=lambda name: name != "total"):
        seconds = [seen.timings[stage] for seen in observations if stage in seen.timings]
        for share in (50, 95):
            name = f"latency_p{share}" + ("" if stage == "total" else f"_{stage}")
            summary[name] = _latency_figure(seconds, share / 100)
    return summary


def _ratio_figure(measure: Measure, observations: Sequence[Observation]) -> Figure:
    terms = [pair for pair in map(measure.terms, observations) if pair is not None]
    value = metrics.ratio(terms)
    if value is None:
        return Figure(None, None, None, 0)
    pairs = np.asarray(terms, dtype=np.float64)
    sums = pairs[metrics.resamples(len(terms))].sum(axis=1)
    return _figure(value, sums[:, 0] / sums[:, 1], len(terms))


def _risk_figure(sure: Sequence[float], right: Sequence[bool]) -> Figure:
    value = metrics.area_under_risk_coverage(sure, right)
    if value is None:
        return Figure(None, None, None, 0)
    drawn = metrics.resamples(len(sure))
    order = np.argsort(-np.asarray(sure)[drawn], axis=1, kind="stable")
    wrong = np.take_along_axis(~np.asarray(right)[drawn], order, axis=1)
    risks = np.cumsum(wrong, axis=1) / np.arange(1, len(sure) + 1)
    return _figure(value, risks.mean(axis=1), len(sure))


def _latency_figure(seconds: Sequence[float], share: float) -> Figure:
    value = metrics.percentile(seconds, share)
    if value is None:
        return Figure(None, None, None, 0)
    drawn = np.asarray(seconds)[metrics.resamples(len(seconds))]
    return _figure(value, np.quantile(drawn, share, axis=1), len(seconds))


def _figure(value: float, statistics: NDArray[np.float64], count: int) -> Figure:
    low, high = metrics.interval(statistics) or (None, None)
    return Figure(value, low, high, count)
