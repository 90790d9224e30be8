"""The figures of a reading model: SQuAD 2.0's exact match and F1, and the area under the ROC."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise(answer: str) -> str:
    """As SQuAD's official script: lower case, without punctuation, articles and extra spaces.

    >>> normalise("The  Rhine, in Germany.")
    'rhine in germany'
    """
    return " ".join(_ARTICLES.sub(" ", answer.lower().translate(_PUNCTUATION)).split())


def exact(answer: str, right: Sequence[str]) -> float:
    """1 if the answer equals a right one, else 0; if there are none, "" is right."""
    return float(any(normalise(answer) == normalise(one) for one in _or_empty(right)))


def f1(answer: str, right: Sequence[str]) -> float:
    """The best overlap of words with a right answer.

    >>> round(f1("the river Rhine", ["Rhine"]), 3)
    0.667
    """
    return max(_f1(normalise(answer).split(), normalise(one).split()) for one in _or_empty(right))


def _or_empty(right: Sequence[str]) -> list[str]:
    # The official script drops right answers of which normalising leaves nothing.
    return [one for one in right if normalise(one)] or [""]


def _f1(answer: list[str], right: list[str]) -> float:
    if not answer or not right:
        return float(answer == right)
    same = sum((Counter(answer) & Counter(right)).values())
    return 2 * same / (len(answer) + len(right)) if same else 0.0


def best_threshold(
    gains: NDArray[np.float64],
    answerable: NDArray[np.bool_],
    scores: NDArray[np.float64],
) -> tuple[float, float]:
    """The best mean of (gain where answered, 1 where rightly silent), and the score to answer from.

    `gains` is the exact match or F1 of the answer of each question, `scores` how sure the reader is
    that there is one. SQuAD 2.0's `find_best_thresh`.
    """
    order = np.argsort(-scores, kind="stable")
    silent = float((~answerable).sum())
    steps = np.where(answerable, gains, -1.0)[order]
    totals = silent + np.concatenate([[0.0], np.cumsum(steps)])
    best = int(np.argmax(totals))
    threshold = float(scores[order[best - 1]]) if best else float("inf")
    return float(totals[best]) / len(gains), threshold


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The chance that a positive scores above a negative; ties count half.

    >>> auroc([3, 2], [1, 2])
    0.875
    """
    scores = np.concatenate([np.asarray(positive, float), np.asarray(negative, float)])
    _, places, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]
    n, m = len(positive), len(negative)
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * m))
