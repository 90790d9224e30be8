"""The metrics: their names, their labels, and what each case adds to them."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.evaluation.metrics import formulas as metrics
from assistant.evaluation.metrics.observation import Observation
from assistant.types import Status

LATENCY_NAME = re.compile(r"^latency_p(50|95)_\w+$")
DEPTHS = (1, 3, 8)
"""The k of hit rate@k and recall@k."""

RETRIEVED = 10
"""The least number of chunks to retrieve for each case: nDCG looks at ten."""


Terms = tuple[float, float] | None
"""Numerator and denominator that a case adds to a ratio of sums; None if it has no part."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric: its name in files, its label, whether more is better, and where it is defined."""

    name: str
    label: str
    group: str
    definition: str
    terms: Callable[[Observation], Terms]
    more_is_better: bool = True
    unit: str = "share"


def _value(value: float | None) -> Terms:
    """The terms of a mean: the value, once."""
    return None if value is None else (value, 1)


def _retrieval(formula: Callable[[Observation], float | None]) -> Callable[[Observation], Terms]:
    return lambda seen: _value(formula(seen)) if seen.needs else None


def _abstention(
    formula: Callable[[bool, bool], tuple[int, int] | None], of: Callable[[Observation], bool]
) -> Callable[[Observation], Terms]:
    return lambda seen: formula(seen.unanswerable, of(seen)) if seen.judged_for_abstention else None


def _tier(
    formula: Callable[[bool, bool], tuple[int, int] | None],
    stated: Callable[[Observation], bool],
) -> Callable[[Observation], Terms]:
    """Return the terms of a measure of what is stated in a tier, over cases that name a result."""
    return lambda seen: (
        formula(stated(seen), seen.right if seen.answerable else False)
        if seen.judged_for_abstention
        else None
    )


def _right(stated: Callable[[Observation], bool]) -> Callable[[Observation], Terms]:
    return lambda seen: (seen.right and stated(seen), 1) if seen.answerable else None


def _certain(seen: Observation) -> bool:
    return seen.answered


def _shown(seen: Observation) -> bool:
    return seen.shown


def _doc(formula: Callable[..., object]) -> str:
    return " ".join((formula.__doc__ or "").split())


def _at_k(k: int) -> list[Measure]:
    return [
        Measure(
            f"hit_rate_at_{k}",
            f"Hit rate@{k}",
            "retrieval",
            _doc(metrics.hit_at_k),
            _retrieval(lambda seen: metrics.hit_at_k(seen.relevance, k)),
        ),
        Measure(
            f"recall_at_{k}",
            f"Recall@{k}",
            "retrieval",
            _doc(metrics.recall_at_k),
            _retrieval(lambda seen: metrics.recall_at_k(seen.relevance, len(seen.needs), k)),
        ),
    ]


TIERS = (
    Measure(
        "right_with_certainty",
        "Right, with certainty",
        "certainty",
        "The share of questions to be answered that got a right answer, given with certainty. "
        "Right means that all expectations are met except that of the status.",
        _right(_certain),
    ),
    Measure(
        "right_if_possible",
        "Right, certain or possible",
        "certainty",
        "The share of questions to be answered that got a right answer, given with certainty or "
        "shown as possible.",
        _right(_shown),
    ),
    Measure(
        "wrong_with_certainty",
        "Wrong, with certainty",
        "certainty",
        "The share of questions to be answered that got a wrong answer, given with certainty.",
        lambda seen: (seen.answered and not seen.right, 1) if seen.answerable else None,
        more_is_better=False,
    ),
    Measure(
        "certain_coverage",
        "Coverage, certain",
        "certainty",
        _doc(metrics.coverage_terms) + " Stated means given with certainty.",
        _tier(metrics.coverage_terms, _certain),
    ),
    Measure(
        "certain_risk",
        "Risk, certain",
        "certainty",
        _doc(metrics.risk_terms) + " Stated means given with certainty.",
        _tier(metrics.risk_terms, _certain),
        more_is_better=False,
    ),
    Measure(
        "shown_coverage",
        "Coverage, certain or possible",
        "certainty",
        _doc(metrics.coverage_terms) + " Stated means given with certainty or shown as possible.",
        _tier(metrics.coverage_terms, _shown),
    ),
    Measure(
        "shown_risk",
        "Risk, certain or possible",
        "certainty",
        _doc(metrics.risk_terms) + " Stated means given with certainty or shown as possible.",
        _tier(metrics.risk_terms, _shown),
        more_is_better=False,
    ),
)
"""What is right and wrong in the two tiers: given with certainty, and shown as possible."""

RATIOS = (
    Measure(
        "pass_rate",
        "Cases passed",
        "cases",
        "passed / cases: the share of cases of which all expectations are met.",
        lambda seen: (seen.passed, 1),
    ),
    Measure(
        "answer_accuracy",
        "Answer accuracy",
        "answer",
        "The share of answers, given with certainty, that have all words they must (contains, "
        "contains_any) and none they must not (excludes), over the cases to be answered that "
        "name any.",
        lambda seen: _value(seen.correct),
    ),
    Measure(
        "exact_match",
        "Exact match",
        "answer",
        _doc(metrics.exact_match),
        lambda seen: _value(metrics.exact_match(seen.prediction, seen.references)),
    ),
    Measure(
        "token_f1",
        "Token F1",
        "answer",
        _doc(metrics.token_f1),
        lambda seen: _value(metrics.token_f1(seen.prediction, seen.references)),
    ),
    Measure(
        "citation_recall",
        "Citation recall",
        "citation",
        _doc(metrics.citation_recall),
        lambda seen: _value(metrics.citation_recall(seen.cited, seen.needs)),
    ),
    Measure(
        "citation_precision",
        "Citation precision",
        "citation",
        _doc(metrics.citation_precision),
        lambda seen: _value(metrics.citation_precision(seen.cited, seen.needs)),
    ),
    Measure(
        "verbatim_quotes",
        "Verbatim quotes",
        "citation",
        "verbatim / quotes: the share of quotes that are their document's text at their offsets. "
        "Must be 1.",
        lambda seen: (seen.verbatim_quotes, seen.quotes) if seen.quotes else None,
    ),
    Measure(
        "uncited_statements",
        "Uncited statements",
        "citation",
        "uncited / statements: the share of statements without a citation. Must be 0.",
        lambda seen: (seen.uncited_statements, seen.statements) if seen.statements else None,
        more_is_better=False,
    ),
    *TIERS,
    *(measure for k in DEPTHS for measure in _at_k(k)),
    Measure(
        "mean_reciprocal_rank",
        "Mean reciprocal rank",
        "retrieval",
        _doc(metrics.reciprocal_rank),
        _retrieval(lambda seen: metrics.reciprocal_rank(seen.relevance)),
    ),
    Measure(
        "ndcg_at_10",
        "nDCG@10",
        "retrieval",
        _doc(metrics.ndcg_at_k),
        _retrieval(lambda seen: metrics.ndcg_at_k(seen.relevance, len(seen.needs), 10)),
    ),
    Measure(
        "abstention_precision",
        "Abstention precision",
        "abstention",
        _doc(metrics.precision_terms),
        _abstention(metrics.precision_terms, lambda seen: seen.abstained),
    ),
    Measure(
        "abstention_recall",
        "Abstention recall",
        "abstention",
        _doc(metrics.recall_terms),
        _abstention(metrics.recall_terms, lambda seen: seen.abstained),
    ),
    Measure(
        "abstention_f1",
        "Abstention F1",
        "abstention",
        _doc(metrics.f1_terms),
        _abstention(metrics.f1_terms, lambda seen: seen.abstained),
    ),
    Measure(
        "false_answer_rate",
        "False-answer rate",
        "abstention",
        _doc(metrics.false_answer_terms) + " Answered means with certainty.",
        _abstention(
            metrics.false_answer_terms,
            lambda seen: not (seen.abstained or seen.status == Status.UNCERTAIN),
        ),
        more_is_better=False,
    ),
    Measure(
        "false_showing_rate",
        "Unanswerable shown anything",
        "abstention",
        "shown / unanswerable: the share of the questions that the documents do not answer for "
        "which something was shown, as an answer or as a possible one.",
        _abstention(metrics.false_answer_terms, lambda seen: not seen.abstained),
        more_is_better=False,
    ),
    Measure(
        "false_abstention_rate",
        "False-abstention rate",
        "abstention",
        _doc(metrics.false_abstention_terms) + " A possible answer counts as an answer.",
        _abstention(metrics.false_abstention_terms, lambda seen: seen.shown),
        more_is_better=False,
    ),
)
RISK = Measure(
    "area_under_risk_coverage",
    "Area under risk–coverage",
    "certainty",
    _doc(metrics.area_under_risk_coverage) + " Over the answers given with certainty.",
    lambda seen: None,
    more_is_better=False,
    unit="area",
)
SHOWN_RISK = Measure(
    "area_under_risk_coverage_shown",
    "Area under risk–coverage, with possible answers",
    "certainty",
    _doc(metrics.area_under_risk_coverage) + " Over all answers, certain or possible.",
    lambda seen: None,
    more_is_better=False,
    unit="area",
)
_LATENCIES = tuple(
    Measure(
        f"latency_p{share}",
        f"Latency p{share}",
        "cost",
        _doc(metrics.percentile),
        lambda seen: None,
        more_is_better=False,
        unit="seconds",
    )
    for share in (50, 95)
)
MEASURES: dict[str, Measure] = {
    measure.name: measure for measure in (*RATIOS, RISK, SHOWN_RISK, *_LATENCIES)
}
"""All metrics by name; latencies by stage are named ``latency_p95_<stage>``."""


def is_measure(name: str) -> bool:
    """Return whether a metric has this name."""
    return name in MEASURES or LATENCY_NAME.match(name) is not None


def measure_named(name: str) -> Measure:
    """Return a metric by its name, including latencies by stage. Raises `KeyError` if unknown."""
    if name in MEASURES or not LATENCY_NAME.match(name):
        return MEASURES[name]
    _, share, stage = name.split("_", 2)
    return Measure(
        name, f"Latency {share}, {stage}", "cost", "", lambda seen: None, False, "seconds"
    )
