"""Draws how PostgreSQL grows as the store, from the figures that `benchmarks.scale` recorded.

Run: ``python -m benchmarks.scale_plot benchmarks/scale_figures.json docs/scale.svg``
"""

import json
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WIDTH, HEIGHT, MARGIN = 300, 220, 46
COLOURS = ("#1f6feb", "#9a6700")
PANELS = (
    (
        "Retrieval, milliseconds",
        (("retrieval_p50", "median"), ("retrieval_p95", "95th percentile")),
    ),
    ("Graph and switch, seconds", (("graph_and_switch_seconds", ""),)),
    ("Chunks written per second", (("written_per_second", ""),)),
    ("Megabytes", (("megabytes_on_disk", "on disk"), ("server_megabytes", "memory"))),
)


@dataclass(frozen=True)
class Axis:
    """A logarithmic axis over whole powers of ten, from one place to another."""

    low: int
    high: int
    start: float
    end: float

    @classmethod
    def over(cls, values: Sequence[float], start: float, end: float) -> "Axis":
        """Return the axis that has room for these values."""
        low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        return cls(low, max(high, low + 1), start, end)

    def place(self, value: float) -> float:
        """Return where a value is."""
        part = (math.log10(value) - self.low) / (self.high - self.low)
        return round(self.start + part * (self.end - self.start), 1)

    def ticks(self) -> list[int]:
        """Return the powers of ten."""
        return [10**power for power in range(self.low, self.high + 1)]


def panel(rows: Sequence[dict[str, Any]], title: str, lines: Sequence[tuple[str, str]]) -> str:
    """Return the drawing of some figures over the numbers of chunks."""
    sizes = [row["chunks"] for row in rows]
    across = Axis.over(sizes, MARGIN, WIDTH - 30)
    values = [row[name] for row in rows for name, _ in lines]
    up = Axis.over(values, HEIGHT - 34, 34)
    parts = [f'<text x="{MARGIN}" y="18" class="title">{title}</text>']
    for tick in across.ticks():
        x = across.place(tick)
        parts.append(f'<path d="M{x} {up.start}V{up.end}" class="grid"/>')
        parts.append(f'<text x="{x}" y="{up.start + 16}" class="middle">{tick:,}</text>')
    for tick in up.ticks():
        y = up.place(tick)
        parts.append(f'<path d="M{across.start} {y}H{across.end}" class="grid"/>')
        parts.append(f'<text x="{MARGIN - 6}" y="{y + 4}" class="end">{_short(tick)}</text>')
    for colour, (name, label) in zip(COLOURS, lines, strict=False):
        points = [(across.place(row["chunks"]), up.place(row[name])) for row in rows]
        drawn = " ".join(f"{x},{y}" for x, y in points)
        parts.append(f'<polyline points="{drawn}" stroke="{colour}"/>')
        parts += [f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in points]
        x, y = points[-1]
        is_highest = rows[-1][name] == max(rows[-1][other] for other, _ in lines)
        y += -8 if is_highest else 16
        parts.append(f'<text x="{x - 6}" y="{y}" class="end" style="fill: {colour}">{label}</text>')
    return "\n".join(parts)


def _short(tick: float) -> str:
    return f"{tick:,}"


def drawing(rows: Sequence[dict[str, Any]]) -> str:
    """Return all figures as one SVG, two beside each other."""
    panels = [
        f'<g transform="translate({place % 2 * WIDTH} {place // 2 * HEIGHT})">'
        f"\n{panel(rows, title, lines)}\n</g>"
        for place, (title, lines) in enumerate(PANELS)
    ]
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * WIDTH} {2 * HEIGHT}" role="img">
<title>Growth from {rows[0]["chunks"]:,} to {rows[-1]["chunks"]:,} chunks</title>
<style>
text {{ font: 11px sans-serif; fill: #444 }} .title {{ font-weight: bold; fill: #111 }}
.middle {{ text-anchor: middle }} .end {{ text-anchor: end }}
.grid {{ stroke: #ddd }} polyline {{ fill: none; stroke-width: 2 }}
</style>
<rect width="100%" height="100%" fill="#fff"/>
{chr(10).join(panels)}
</svg>
"""


def main() -> None:
    """Draw recorded figures."""
    figures, picture = map(Path, sys.argv[1:])
    picture.write_text(drawing(json.loads(figures.read_text())), encoding="utf-8")


if __name__ == "__main__":
    main()
