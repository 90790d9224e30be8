"""Render a report as one self-contained page in which no text of documents or cases is markup."""

import base64
import hashlib
from collections import Counter
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assistant.evaluation.metrics.diagnosis import Stage
from assistant.evaluation.metrics.formulas import risk_coverage
from assistant.evaluation.metrics.measures import measure_named
from assistant.evaluation.metrics.summary import certain_confidences, shown_confidences
from assistant.evaluation.reports.phrasing import (
    GROUPS,
    interval_text,
    place_text,
    support_rows,
    value_text,
)
from assistant.evaluation.reports.plots import Plot, interval_bar, latency_histogram, risk_curve
from assistant.evaluation.reports.report import Report
from assistant.types import Status

_TEMPLATES = Path(__file__).parent / "templates"
_TILES = (
    "pass_rate",
    "right_with_certainty",
    "right_if_possible",
    "wrong_with_certainty",
    "false_answer_rate",
    "citation_recall",
    "hit_rate_at_8",
    "latency_p95",
)


def render_html(report: Report) -> str:
    """Return the page. Its content security policy allows only its own style and script, by hash."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["place"] = place_text
    environment.filters["value"] = value_text
    environment.filters["decimals"] = lambda number, digits: f"{number:.{digits}f}"
    style = (_TEMPLATES / "report.css").read_text(encoding="utf-8")
    script = (_TEMPLATES / "report.js").read_text(encoding="utf-8")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return environment.get_template("report.html").render(
        report=report,
        policy=policy,
        style=style,
        script=script,
        tiles=[_row(report, name) for name in _TILES if name in report.overall],
        groups={
            heading: [
                _row(report, name) for name in report.overall if measure_named(name).group == group
            ]
            for group, heading in GROUPS.items()
        },
        tags=[_tag(number, tag, report) for number, tag in enumerate(report.by_tag)],
        support=support_rows(report.support) if report.support else {},
        stages=_stages(report),
        latency=_latency(report),
        risks=_risks(report),
        possible=len(report.possible),
    )


def _risks(report: Report) -> dict[str, Plot]:
    """Return risk against coverage of both tiers by their headings, without empty ones."""
    seen = [result.observation for result in report.results]
    curves = {
        "Risk against coverage": risk_curve(risk_coverage(*certain_confidences(seen))),
        "Risk against coverage, with possible answers": risk_curve(
            risk_coverage(*shown_confidences(seen))
        ),
    }
    if not any(one.observation.status == Status.UNCERTAIN for one in report.results):
        curves.popitem()
    return {heading: plot for heading, plot in curves.items() if plot}


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _row(report: Report, name: str) -> dict[str, Any]:
    measure, figure = measure_named(name), report.overall[name]
    return {
        "name": name,
        "label": measure.label,
        "definition": measure.definition.replace("`", ""),
        "value": value_text(figure.value, measure.unit),
        "interval": interval_text(figure, measure),
        "count": figure.count,
    }


def _tag(number: int, tag: str, report: Report) -> dict[str, Any]:
    figure = report.by_tag[tag]["pass_rate"]
    return {
        "number": number,
        "tag": tag,
        "bar": interval_bar(figure),
        "value": value_text(figure.value, "share"),
        "interval": interval_text(figure, measure_named("pass_rate")),
        "count": figure.count,
    }


def _stages(report: Report) -> list[tuple[str, int]]:
    """Return how many cases failed at each stage, without stages where none did."""
    counts = Counter(one.diagnosis.stage for one in report.failed if one.diagnosis)
    return [(stage.value, counts[stage]) for stage in Stage if counts[stage]]


def _latency(report: Report) -> Plot | None:
    if "latency_p50" not in report.overall:
        return None
    seconds = [one.timings["total"] for one in report.results if "total" in one.timings]
    return latency_histogram(seconds, report.overall["latency_p50"], report.overall["latency_p95"])
