"""Draws the report's plots as SVG; text goes through escaping, colours come from the page's style."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from assistant.evaluation.metrics.summary import Figure
from assistant.evaluation.reports.phrasing import value_text

WIDTH, HEIGHT = 440, 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 14, 16, 40
_BINS = 24


def interval_bar(figure: Figure) -> Markup:
    """A share as a bar from 0 to 1, its 95 % interval as a line over it."""
    if figure.value is None:
        return Markup("")
    low, high = figure.low or 0.0, figure.high or 0.0
    return Markup(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" width="100" height="8" rx="1"/>'
        '<rect class="fill" width="{:.2f}" height="8" rx="1"/>'
        '<rect class="whisker" x="{:.2f}" y="3" width="{:.2f}" height="2"/></svg>'
    ).format(100 * figure.value, 100 * low, max(0.6, 100 * (high - low)))


def latency_histogram(seconds: Sequence[float], p50: Figure, p95: Figure) -> Markup:
    """How many answers took how long, with the two percentiles; empty without answers."""
    if not seconds or p50.value is None or p95.value is None:
        return Markup("")
    longest = max(seconds) or 1.0
    counts = [0] * _BINS
    for one in seconds:
        counts[min(_BINS - 1, int(_BINS * one / longest))] += 1
    step = (WIDTH - _LEFT - _RIGHT) / _BINS
    bars = [
        Markup('<rect class="fill" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
            _LEFT + place * step + 0.75, _y(count / max(counts)), step - 1.5, _height(count, counts)
        )
        for place, count in enumerate(counts)
        if count
    ]
    marks = [
        _mark(p50.value / longest, f"p50 {value_text(p50.value, 'seconds')}", 0),
        _mark(p95.value / longest, f"p95 {value_text(p95.value, 'seconds')}", 1),
    ]
    axis = _axes(
        [
            (0.0, "0"),
            (0.5, value_text(longest / 2, "seconds")),
            (1.0, value_text(longest, "seconds")),
        ],
        [(0.0, "0"), (1.0, str(max(counts)))],
        "time to answer",
    )
    label = f"Latency of {len(seconds)} answers: p50 {value_text(p50.value, 'seconds')}, p95 {value_text(p95.value, 'seconds')}"
    return _svg(label, [*axis, *bars, *marks])


def risk_curve(points: Sequence[tuple[float, float]]) -> Markup:
    """Risk against coverage as a line; empty without answers that carry a confidence."""
    if not points:
        return Markup("")
    highest = max(0.1, max(risk for _, risk in points))
    scale = next(top for top in (0.1, 0.2, 0.5, 1.0) if highest <= top)
    path = " ".join(
        f"{'L' if place else 'M'}{_x(coverage):.1f} {_y(risk / scale):.1f}"
        for place, (coverage, risk) in enumerate(points)
    )
    axis = _axes(
        [(share, f"{share:.0%}") for share in (0.0, 0.25, 0.5, 0.75, 1.0)],
        [(share, f"{share * scale:.0%}") for share in (0.0, 0.5, 1.0)],
        "answers kept, the most confident first",
    )
    line = Markup('<path class="line" d="{}"/>').format(path)
    last = Markup('<circle class="dot" cx="{:.1f}" cy="{:.1f}" r="3.5"/>').format(
        _x(points[-1][0]), _y(points[-1][1] / scale)
    )
    label = f"Risk against coverage of {len(points)} answers; {points[-1][1]:.1%} wrong when all are kept"
    return _svg(label, [*axis, line, last])


def _svg(label: str, parts: Iterable[Markup]) -> Markup:
    return Markup(
        '<svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    ).format(WIDTH, HEIGHT, label, Markup("").join(parts))


def _x(share: float) -> float:
    return _LEFT + share * (WIDTH - _LEFT - _RIGHT)


def _y(share: float) -> float:
    return HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM)


def _height(count: int, counts: Sequence[int]) -> float:
    return _y(0) - _y(count / max(counts))


def _axes(
    across: Sequence[tuple[float, str]], up: Sequence[tuple[float, str]], title: str
) -> list[Markup]:
    parts = [
        Markup('<line class="grid" x1="{0}" x2="{1}" y1="{2:.1f}" y2="{2:.1f}"/>').format(
            _LEFT, WIDTH - _RIGHT, _y(share)
        )
        + _text(_LEFT - 6, _y(share) + 4, "end", label)
        for share, label in up
    ]
    parts += [
        _text(_x(share), HEIGHT - _BOTTOM + 16, "end" if share == 1 else "middle", label)
        for share, label in across
    ]
    return [*parts, _text((_LEFT + WIDTH - _RIGHT) / 2, HEIGHT - 6, "middle", title)]


def _mark(share: float, label: str, row: int) -> Markup:
    anchor = "end" if share > 0.6 else "start"
    x, y = _x(min(1.0, share)), _TOP + 10 + 16 * row
    line = Markup('<line class="mark" x1="{0:.1f}" x2="{0:.1f}" y1="{1}" y2="{2:.1f}"/>')
    return line.format(x, _TOP, _y(0)) + _text(x + (-5 if anchor == "end" else 5), y, anchor, label)


def _text(x: float, y: float, anchor: str, label: str) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(
        x, y, anchor, label
    )
