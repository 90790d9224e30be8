"""Plots are laid out within their frame, by hand-computable numbers."""

import pytest

from assistant.evaluation.metrics.summary import Figure
from assistant.evaluation.reports.plots import (
    HEIGHT,
    WIDTH,
    Plot,
    interval_bar,
    latency_histogram,
    risk_curve,
)

UNDEFINED = Figure(None, None, None, 0)


def at(value: float) -> Figure:
    return Figure(value, value, value, 1)


def texts(plot: Plot) -> list[str]:
    return [label.text for label in plot.labels]


def test_a_bar_is_in_per_cent_and_its_interval_wide_enough_to_be_seen() -> None:
    bar = interval_bar(Figure(0.5, 0.25, 0.75, 4))
    assert bar
    assert (bar.value, bar.low, bar.width) == (50, 25, 50)
    narrow = interval_bar(at(1.0))
    assert narrow
    assert narrow.width == pytest.approx(0.6)
    assert interval_bar(UNDEFINED) is None


def test_a_histogram_has_a_bar_for_each_bin_that_is_not_empty() -> None:
    plot = latency_histogram([0.1, 0.1, 1.0], at(0.1), at(1.0))
    assert plot
    low, high = plot.bars
    assert low.height == pytest.approx(2 * high.height)
    assert plot.description == "Latency of 3 answers: p50 100 ms, p95 1.00 s"
    assert {"2", "500 ms", "1.00 s", "p50 100 ms", "p95 1.00 s"} <= set(texts(plot))
    assert latency_histogram([], at(1.0), at(1.0)) is None
    assert latency_histogram([1.0], UNDEFINED, UNDEFINED) is None


def test_a_curve_is_scaled_to_the_highest_risk() -> None:
    plot = risk_curve([(0.5, 0.0), (1.0, 0.15)])
    assert plot
    (first_x, first_y), (last_x, last_y) = plot.curve
    assert first_y == max(plot.grid)
    assert last_y == pytest.approx(min(plot.grid) + 0.25 * (max(plot.grid) - min(plot.grid)))
    assert first_x < last_x == plot.right
    assert "20%" in texts(plot)
    assert "15.0% wrong" in plot.description
    assert risk_curve([]) is None


def test_everything_stands_within_the_frame() -> None:
    for plot in (latency_histogram([3.0] * 9, at(3.0), at(9.0)), risk_curve([(1.0, 1.0)])):
        assert plot
        assert all(0 <= label.x <= WIDTH and 0 <= label.y <= HEIGHT for label in plot.labels)
        assert all(plot.left <= x <= plot.right for x in plot.marks)
        assert all(plot.left <= bar.x and bar.x + bar.width <= plot.right for bar in plot.bars)


@pytest.mark.parametrize("seconds", [[0.2] * 9, [0.1, 0.2, 0.2, 1.0], [1.0, 1.0, 0.1]])
def test_the_labels_of_the_percentiles_stand_above_all_bars(seconds: list[float]) -> None:
    plot = latency_histogram(seconds, at(sorted(seconds)[len(seconds) // 2]), at(max(seconds)))
    assert plot
    labels = [label for label in plot.labels if label.text.startswith("p")]
    assert len({label.y for label in labels}) == 2
    assert max(label.y for label in labels) < min(bar.y for bar in plot.bars)
