"""Lays out the report's plots in the units of their SVG; ``templates/plots.html`` draws them."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evaluation.metrics.summary import Figure
from assistant.evaluation.reports.phrasing import value_text

WIDTH, HEIGHT = 440, 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 14, 16, 40
_ROW = 16
_BINS = 24
_NARROWEST_INTERVAL = 0.6


@dataclass(frozen=True, slots=True)
class IntervalBar:
    """A share and its 95 % interval, in per cent of the bar's length."""

    value: float
    low: float
    width: float


@dataclass(frozen=True, slots=True)
class Label:
    """A text at a point; ``anchor`` is SVG's: start, middle or end."""

    x: float
    y: float
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A bar of a histogram."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot: its description, and what is drawn, from the back to the front.

    ``grid`` are heights of horizontal lines, ``marks`` the positions of vertical ones, and
    ``curve`` the points of a line of which the last has a dot.
    """

    description: str
    labels: tuple[Label, ...]
    grid: tuple[float, ...]
    bars: tuple[Rectangle, ...] = ()
    marks: tuple[float, ...] = ()
    curve: tuple[tuple[float, float], ...] = ()
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    top: int = _TOP
    bottom: int = HEIGHT - _BOTTOM


def interval_bar(figure: Figure) -> IntervalBar | None:
    """Return a share as a bar from 0 to 1; None for an undefined one."""
    if figure.value is None:
        return None
    low, high = figure.low or 0.0, figure.high or 0.0
    return IntervalBar(100 * figure.value, 100 * low, max(_NARROWEST_INTERVAL, 100 * (high - low)))


def latency_histogram(seconds: Sequence[float], p50: Figure, p95: Figure) -> Plot | None:
    """Return how many answers took how long, with the two percentiles; None without answers."""
    if not seconds or p50.value is None or p95.value is None:
        return None
    longest = max(seconds) or 1.0
    counts = [0] * _BINS
    for duration in seconds:
        counts[min(_BINS - 1, int(_BINS * duration / longest))] += 1
    median, high = (value_text(figure.value, "seconds") for figure in (p50, p95))
    across = [(share, value_text(share * longest, "seconds")) for share in (0.5, 1.0)]
    marks = (_x(min(1.0, p50.value / longest)), _x(min(1.0, p95.value / longest)))
    top = _TOP + 2 * _ROW  # the labels of both marks are above the bars
    return Plot(
        f"Latency of {len(seconds)} answers: p50 {median}, p95 {high}",
        (
            *_axis_labels(
                [(0.0, "0"), *across],
                [(0.0, "0"), (1.0, str(max(counts)))],
                "time to answer",
                top,
            ),
            _mark_label(marks[0], f"p50 {median}", row=0),
            _mark_label(marks[1], f"p95 {high}", row=1),
        ),
        (_y(0.0), _y(1.0, top)),
        bars=tuple(_bars(counts, top)),
        marks=marks,
    )


def risk_curve(points: Sequence[tuple[float, float]]) -> Plot | None:
    """Return risk against coverage as a line; None without answers that have a confidence."""
    if not points:
        return None
    highest = max(0.1, max(risk for _, risk in points))
    scale = next(top for top in (0.1, 0.2, 0.5, 1.0) if highest <= top)
    heights = (0.0, 0.5, 1.0)
    return Plot(
        f"Risk against coverage of {len(points)} answers; "
        f"{points[-1][1]:.1%} wrong when all are kept",
        _axis_labels(
            [(share, f"{share:.0%}") for share in (0.0, 0.25, 0.5, 0.75, 1.0)],
            [(share, f"{share * scale:.0%}") for share in heights],
            "answers kept, the most confident first",
        ),
        tuple(map(_y, heights)),
        curve=tuple((_x(coverage), _y(risk / scale)) for coverage, risk in points),
    )


def _x(share: float) -> float:
    return _LEFT + share * (WIDTH - _LEFT - _RIGHT)


def _y(share: float, top: float = _TOP) -> float:
    return HEIGHT - _BOTTOM - share * (HEIGHT - top - _BOTTOM)


def _bars(counts: Sequence[int], top: float) -> list[Rectangle]:
    step = (WIDTH - _LEFT - _RIGHT) / len(counts)
    return [
        Rectangle(
            _LEFT + place * step + 0.75,
            _y(count / max(counts), top),
            step - 1.5,
            _y(0) - _y(count / max(counts), top),
        )
        for place, count in enumerate(counts)
        if count
    ]


def _axis_labels(
    across: Sequence[tuple[float, str]],
    up: Sequence[tuple[float, str]],
    title: str,
    top: float = _TOP,
) -> tuple[Label, ...]:
    return (
        *(Label(_LEFT - 6, _y(share, top) + 4, "end", text) for share, text in up),
        *(
            Label(_x(share), HEIGHT - _BOTTOM + 16, "end" if share == 1 else "middle", text)
            for share, text in across
        ),
        Label((_LEFT + WIDTH - _RIGHT) / 2, HEIGHT - 6, "middle", title),
    )


def _mark_label(x: float, text: str, row: int) -> Label:
    is_right = x > _x(0.6)
    return Label(
        x - 5 if is_right else x + 5, _TOP + 10 + _ROW * row, "end" if is_right else "start", text
    )
