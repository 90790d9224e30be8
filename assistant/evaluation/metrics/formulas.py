"""The formulas of the metrics, over plain values; no model judges anything here.

Shares are between 0 and 1. An undefined value (no case, no citation, no evidence) is None, and is
left out of means instead of counting as 0 or 1.
"""

import math
import re
import string
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.evaluation.metrics.evidence import DocumentSpan, Need, cites, is_evidence

BOOTSTRAP_SAMPLES = 1000
CONFIDENCE = 0.95
_SEED = 2018

Relevance = Sequence[frozenset[int]]
"""For each retrieved chunk, best first, the positions of the needs that it covers."""


def mean(values: Sequence[float | None]) -> float | None:
    """``Σ xᵢ / n`` over the defined values; None without any."""
    defined = [value for value in values if value is not None]
    return math.fsum(defined) / len(defined) if defined else None


def hit_at_k(relevance: Relevance, k: int) -> float:
    """1 if any of the first k chunks covers evidence, else 0; its mean is the hit rate@k.

    Hit rate, also success@k: the share of questions with a relevant result among the first k
    (Manning, Raghavan, Schütze: Introduction to Information Retrieval, 2008, chapter 8). A chunk
    is relevant if it contains at least half of an evidence span.
    """
    return float(any(relevance[:k]))


def recall_at_k(relevance: Relevance, needs: int, k: int) -> float | None:
    """``|needs covered by the first k chunks| / |needs|``; None without needs.

    Recall@k (Manning et al. 2008, section 8.3) over pieces of evidence instead of chunks: a need
    counts once, however many chunks contain it, so that the value does not depend on the chunking.
    """
    if not needs:
        return None
    return len(frozenset[int]().union(*relevance[:k])) / needs


def reciprocal_rank(relevance: Relevance) -> float:
    """``1 / rank`` of the first chunk that covers evidence, 0 without one; its mean is the MRR.

    Mean reciprocal rank (Voorhees: The TREC-8 Question Answering Track Report, 1999).
    """
    return next((1 / rank for rank, needs in enumerate(relevance, 1) if needs), 0.0)


def ndcg_at_k(relevance: Relevance, needs: int, k: int = 10) -> float | None:
    """``DCG / IDCG`` with ``DCG = Σ_r gain_r / log₂(1 + r)`` for ranks r up to k; None without needs.

    Normalised discounted cumulative gain (Järvelin, Kekäläinen: Cumulated Gain-Based Evaluation
    of IR Techniques, 2002). The gain of a rank is the number of needs that are covered there for
    the first time; the ideal list has the same gains in descending order and, after them, a gain
    of 1 for each need that was not covered. So two evidence spans in one chunk can reach 1, and a
    chunk that repeats evidence gains nothing.
    """
    if not needs:
        return None
    seen: set[int] = set()
    gains: list[int] = []
    for covered in relevance[:k]:
        gains.append(len(covered - seen))
        seen |= covered
    ideal = sorted(gains, reverse=True)
    ideal = [gain for gain in ideal if gain] + [1] * (needs - len(seen))
    return _discounted(gains) / _discounted(ideal[:k])


def _discounted(gains: Sequence[int]) -> float:
    return math.fsum(gain / math.log2(1 + rank) for rank, gain in enumerate(gains, 1))


def normalize_answer(text: str) -> str:
    """Lower case, without punctuation, the articles a, an, the, and superfluous white space.

    The normalisation of SQuAD's evaluation script (Rajpurkar et al.: SQuAD, 2016).
    """
    lowered = text.lower().translate(_NO_PUNCTUATION)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", lowered).split())


_NO_PUNCTUATION = str.maketrans("", "", string.punctuation + "‘’“”„«»–—…")


def exact_match(prediction: str, references: Sequence[str]) -> float | None:
    """1 if prediction and any reference are equal once normalised, else 0; None without references.

    Exact match as SQuAD defines it: the maximum over the references (Rajpurkar et al. 2016).
    """
    if not references:
        return None
    given = normalize_answer(prediction)
    return float(any(given == normalize_answer(reference) for reference in references))


def token_f1(prediction: str, references: Sequence[str]) -> float | None:
    """``2 P R / (P + R)`` over normalised tokens, the best of the references; None without any.

    ``P`` and ``R`` are the shares of the prediction's and the reference's tokens that both hold,
    as multisets (Rajpurkar et al. 2016). Where either has no tokens it is 1 if both have none,
    else 0 (Rajpurkar et al.: Know What You Don't Know, 2018).
    """
    if not references:
        return None
    return max(_token_f1(prediction, reference) for reference in references)


def _token_f1(prediction: str, reference: str) -> float:
    given, wanted = normalize_answer(prediction).split(), normalize_answer(reference).split()
    if not given or not wanted:
        return float(given == wanted)
    shared = (Counter(given) & Counter(wanted)).total()
    return 2 * shared / (len(given) + len(wanted))


def citation_recall(cited: Sequence[DocumentSpan], needs: Sequence[Need]) -> float | None:
    """``|needs that a citation matches| / |needs|``; None without needs.

    ALCE (Gao et al.: Enabling Large Language Models to Generate Text with Citations, 2023) asks
    of each statement whether its citations entail it, and has a language model decide. Here the
    editor has named the passages that the right answer rests on, so recall asks whether they are
    cited: overlap instead of entailment. A citation matches evidence if the two share at least
    half of the shorter.
    """
    if not needs:
        return None
    met = sum(1 for need in needs if any(cites(one, span) for one in cited for span in need))
    return met / len(needs)


def citation_precision(cited: Sequence[DocumentSpan], needs: Sequence[Need]) -> float | None:
    """``|citations that match evidence| / |citations|``; None without citations or needs.

    ALCE (Gao et al. 2023) counts a citation as precise when the statement needs it. Here it is
    precise when it overlaps with a passage that the editor named (see `citation_recall`). Where
    other passages support the answer too, the value is a lower bound.
    """
    if not cited or not needs:
        return None
    return sum(1 for one in cited if is_evidence(one, needs)) / len(cited)


def precision_terms(unanswerable: bool, abstained: bool) -> tuple[int, int] | None:
    """Numerator and denominator of abstention precision, ``TP / (TP + FP)``.

    An abstention is the positive class; it is right (TP) if the documents do not answer. None for
    a question that was answered. Precision and
    recall of unanswerable questions as in SQuAD 2.0 (Rajpurkar et al. 2018).
    """
    return (int(unanswerable), 1) if abstained else None


def recall_terms(unanswerable: bool, abstained: bool) -> tuple[int, int] | None:
    """Numerator and denominator of abstention recall, ``TP / (TP + FN)``.

    Over the questions that the documents do not answer; None for the others. See
    `precision_terms`.
    """
    return (int(abstained), 1) if unanswerable else None


def f1_terms(unanswerable: bool, abstained: bool) -> tuple[int, int] | None:
    """Numerator and denominator of abstention F1, ``2 TP / (2 TP + FP + FN)``.

    The harmonic mean of precision and recall (van Rijsbergen: Information Retrieval, 1979); None
    for an answerable question that was answered, which is in no term.
    """
    if not unanswerable and not abstained:
        return None
    both = unanswerable and abstained
    return 2 * int(both), 2 if both else 1


def false_answer_terms(unanswerable: bool, answered: bool) -> tuple[int, int] | None:
    """Numerator and denominator of the false-answer rate, ``|answered| / |unanswerable|``.

    The share of the questions that the documents do not answer but that were answered.
    """
    return (int(answered), 1) if unanswerable else None


def false_abstention_terms(unanswerable: bool, answered: bool) -> tuple[int, int] | None:
    """Numerator and denominator of the false-abstention rate, ``|not answered| / |answerable|``."""
    return None if unanswerable else (int(not answered), 1)


def coverage_terms(stated: bool, right: bool) -> tuple[int, int]:
    """Numerator and denominator of the coverage, ``|stated| / |questions|``.

    Coverage and risk as in El-Yaniv, Wiener: On the Foundations of Noise-free Selective
    Classification, 2010.
    """
    return int(stated), 1


def risk_terms(stated: bool, right: bool) -> tuple[int, int] | None:
    """Numerator and denominator of the risk, ``|wrong| / |stated|``; None if nothing is stated.

    Whatever is stated to a question that the documents do not answer is wrong.
    """
    return (int(not right), 1) if stated else None


def ratio(terms: Sequence[tuple[float, float] | None]) -> float | None:
    """``Σ numerators / Σ denominators``; None if the denominators sum to 0."""
    defined = [pair for pair in terms if pair is not None]
    denominator = math.fsum(below for _, below in defined)
    return math.fsum(above for above, _ in defined) / denominator if denominator else None


def risk_coverage(
    confidences: Sequence[float], correct: Sequence[bool]
) -> list[tuple[float, float]]:
    """Points (coverage, risk) of answering only the k most confident questions, k from 1 to n.

    ``coverage = k / n``, ``risk = wrong among the first k / k`` (El-Yaniv, Wiener: On the
    Foundations of Noise-free Selective Classification, 2010). Equal confidences have no
    order, so the wrong answers among them are spread evenly. Empty without answers.
    """
    order = sorted(range(len(confidences)), key=lambda place: -confidences[place])
    points: list[tuple[float, float]] = []
    wrong = 0.0
    while len(points) < len(order):
        level = confidences[order[len(points)]]
        tied = [place for place in order[len(points) :] if confidences[place] == level]
        share = sum(not correct[place] for place in tied) / len(tied)
        for _ in tied:
            wrong += share
            kept = len(points) + 1
            points.append((kept / len(order), wrong / kept))
    return points


def area_under_risk_coverage(confidences: Sequence[float], correct: Sequence[bool]) -> float | None:
    """``Σ_k risk_k / n``, the mean risk over all coverages; None without answers, 0 is best.

    AURC (Geifman, Uziel, El-Yaniv: Bias-Reduced Uncertainty Estimation for Deep Neural
    Classifiers, 2019).
    """
    return mean([risk for _, risk in risk_coverage(confidences, correct)])


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value below which ``share`` of all lie, interpolated linearly; None without values.

    Definition 7 of Hyndman, Fan: Sample Quantiles in Statistical Packages, 1996.
    """
    return float(np.quantile(values, share)) if values else None


def resamples(count: int, samples: int = BOOTSTRAP_SAMPLES) -> NDArray[np.intp]:
    """Return positions drawn with replacement, shape ``(samples, count)``, the same in every run."""
    return np.random.default_rng(_SEED).integers(0, count, size=(samples, count))


def interval(statistics: NDArray[np.float64]) -> tuple[float, float] | None:
    """The 95 % percentile interval of bootstrap statistics; undefined ones (nan) are left out.

    Efron, Tibshirani: An Introduction to the Bootstrap, 1993, chapter 13. Cases are
    resampled. None if no statistic is defined.
    """
    defined = statistics[~np.isnan(statistics)]
    if not defined.size:
        return None
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(defined, [tail, 1 - tail])
    return float(low), float(high)
