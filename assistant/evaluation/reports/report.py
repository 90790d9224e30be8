"""The report on an evaluation: results, figures overall, by tag and by file, and thresholds."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from assistant import __version__
from assistant.evaluation.evaluated_assistant import EvaluatedAssistant
from assistant.evaluation.metrics.measures import Measure, measure_named
from assistant.evaluation.metrics.summary import Figure, Summary, summarize
from assistant.evaluation.reports.results import CaseResult, Excerpt
from assistant.evaluation.support.support_report import SupportReport
from assistant.types import GENERATIVE

FORMAT = 1
"""The version of the JSON report."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus that questions were asked about."""

    folder: str
    documents: int
    chunks: int
    embedding_model: str


@dataclass(frozen=True, slots=True)
class Environment:
    """What was evaluated, and when (ISO 8601, UTC)."""

    version: str
    engine: str
    created: str
    corpora: tuple[Corpus, ...]


@dataclass(frozen=True, slots=True)
class ThresholdCheck:
    """A bound on a figure, and whether it is met; an undefined figure meets none.

    ``scope`` is the file whose cases the figure covers; empty for all.
    """

    scope: str
    metric: str
    bound: float
    value: float | None
    holds: bool

    @property
    def measure(self) -> Measure:
        """The metric that is bounded."""
        return measure_named(self.metric)

    def __str__(self) -> str:
        limit = "at least" if self.measure.more_is_better else "at most"
        value = "not measured by any case" if self.value is None else f"{self.value:.4g}"
        scope = f"{self.scope}: " if self.scope else ""
        return f"{scope}{self.metric} is {value}, and must be {limit} {self.bound:.4g}"


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that an evaluation found."""

    results: tuple[CaseResult, ...]
    overall: Summary
    by_tag: dict[str, Summary]
    by_file: dict[str, Summary]
    thresholds: tuple[ThresholdCheck, ...]
    environment: Environment
    support: SupportReport | None = None

    @property
    def failed(self) -> tuple[CaseResult, ...]:
        """The cases that did not pass, including those that raised an error."""
        return tuple(result for result in self.results if not result.passed)

    @property
    def possible(self) -> tuple[CaseResult, ...]:
        """The cases that failed only because the right answer was shown as possible."""
        return tuple(result for result in self.failed if result.is_possible)

    @property
    def holds(self) -> bool:
        """Whether all thresholds are met; true without any."""
        return all(check.holds for check in self.thresholds)

    def __getitem__(self, metric: str) -> Figure:
        return self.overall[metric]

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON-ready values."""
        return {
            "format": FORMAT,
            "environment": asdict(self.environment),
            "cases": len(self.results),
            "failed": len(self.failed),
            "possible": len(self.possible),
            "holds": self.holds,
            "thresholds": [asdict(check) for check in self.thresholds],
            "overall": _figures_json(self.overall),
            "by_tag": {tag: _figures_json(summary) for tag, summary in self.by_tag.items()},
            "by_file": {file: _figures_json(summary) for file, summary in self.by_file.items()},
            "support": self.support.to_dict() if self.support else None,
            "results": [_result_json(result) for result in self.results],
        }

    def to_json(self) -> str:
        """Return the report as JSON text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def report_on(
    results: Sequence[CaseResult],
    thresholds: Mapping[str, Mapping[str, float]],
    environment: Environment,
    support: SupportReport | None = None,
) -> Report:
    """Return the report on results; thresholds are by file, "" for all files together."""
    by_file = _grouped(results, lambda result: [result.case.file] if result.case.file else [])
    overall = summarize([result.observation for result in results])
    checks = [
        _check(scope, metric, bound, by_file.get(scope, {}) if scope else overall)
        for scope, bounds in thresholds.items()
        for metric, bound in bounds.items()
    ]
    return Report(
        tuple(results),
        overall,
        dict(sorted(_grouped(results, lambda result: result.case.tags).items())),
        by_file,
        tuple(checks),
        environment,
        support,
    )


def describe(assistants: Iterable[EvaluatedAssistant], engine: str) -> Environment:
    """Return what is evaluated, with the current time; name the language model with the engine."""
    assistants = tuple(assistants)
    found = [assistant.status() for assistant in assistants]
    models = {assistant.settings.chat_model for assistant in assistants} - {None}
    if engine == GENERATIVE and models:
        engine = f"{engine} ({', '.join(sorted(str(model) for model in models))})"
    return Environment(
        __version__,
        engine,
        datetime.now(UTC).isoformat(timespec="seconds"),
        tuple(
            Corpus(status.corpus, status.documents, status.chunks, status.embedding_model)
            for status in found
        ),
    )


def check_threshold(metric: str, bound: float, summary: Summary, scope: str = "") -> ThresholdCheck:
    """Return whether a figure meets a bound: at least the bound, or at most if less is better."""
    return _check(scope, metric, bound, summary)


def _check(scope: str, metric: str, bound: float, summary: Summary) -> ThresholdCheck:
    figure = summary.get(metric)
    value = figure.value if figure else None
    if value is None:
        return ThresholdCheck(scope, metric, bound, None, False)
    holds = value >= bound if measure_named(metric).more_is_better else value <= bound
    return ThresholdCheck(scope, metric, bound, value, holds)


def _grouped(results: Sequence[CaseResult], keys: Any) -> dict[str, Summary]:
    groups: dict[str, list[CaseResult]] = {}
    for result in results:
        for key in dict.fromkeys(keys(result)):
            groups.setdefault(key, []).append(result)
    return {
        key: summarize([result.observation for result in group]) for key, group in groups.items()
    }


def _figures_json(summary: Summary) -> dict[str, Any]:
    return {name: asdict(figure) for name, figure in summary.items()}


def _result_json(result: CaseResult) -> dict[str, Any]:
    return {
        "file": result.case.file,
        "id": result.case.name,
        "questions": list(result.case.questions),
        "tags": list(result.case.tags),
        "note": result.case.note,
        "expect": result.case.expect.model_dump(mode="json", exclude_unset=True),
        "passed": result.passed,
        "error": result.error or None,
        "diagnosis": asdict(result.diagnosis) if result.diagnosis else None,
        "checks": [asdict(check) for check in result.checks],
        "answer": result.answer.to_dict() if result.answer else None,
        "evidence": [
            {"need": one.need, "cited": one.cited, **_place_json(one.excerpt)}
            for one in result.evidence
        ],
        "retrieved": [
            {
                "rank": hit.rank,
                "score": hit.score,
                "dense_rank": hit.dense_rank,
                "keyword_rank": hit.keyword_rank,
                "covers": list(hit.covers),
                "read": hit.read,
                **_place_json(hit.excerpt),
            }
            for hit in result.retrieved
        ],
    }


def _place_json(excerpt: Excerpt) -> dict[str, Any]:
    return {
        "document_id": excerpt.document_id,
        "source": excerpt.source,
        "start": excerpt.start,
        "end": excerpt.end,
        "line": excerpt.line,
        "text": excerpt.text,
    }
