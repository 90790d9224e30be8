"""Weighs what a reading model found with what the passage has in common with the question.

A reading model looks at one passage and does not know how rare a word is: it may find a fine
answer about the wrong year or product. The weights are fitted by ``training/weighing.py``.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant.retrieval.terms import Stemmer
from assistant.types import Reader, Reading

_CERTAIN = 1e-6


@dataclass(frozen=True, slots=True)
class Weights:
    """Coefficients of a logistic regression over the reader's logit, coverage and unknown share."""

    bias: float
    reading: float
    coverage: float
    unknown: float

    def probability(self, reading: float, coverage: float, unknown: float) -> float:
        """The logistic function of the weighted features; ``reading`` is a probability."""
        logit = (
            self.bias
            + self.reading * log_odds(reading)
            + self.coverage * coverage
            + self.unknown * unknown
        )
        return 1.0 / (1.0 + math.exp(-logit))


WEIGHTS = Weights(bias=-3.705, reading=1.836, coverage=3.105, unknown=1.731)


def log_odds(probability: float) -> float:
    """The logit of a probability, bounded near 0 and 1."""
    bounded = min(max(probability, _CERTAIN), 1.0 - _CERTAIN)
    return math.log(bounded / (1.0 - bounded))


class Commonness:
    """How much of a question's weight a text has: its words weigh by how rare they are.

    ``document_frequencies`` gives in how many of ``corpus_size`` chunks each stem occurs.
    """

    def __init__(
        self,
        stemmer: Stemmer,
        document_frequencies: Callable[[Iterable[str]], dict[str, int]],
        corpus_size: int,
    ) -> None:
        self._stemmer, self._frequencies = stemmer, document_frequencies
        self._corpus_size = corpus_size

    def weights(self, question: str) -> tuple[dict[str, float], float]:
        """Inverse document frequencies of the content stems; the share that no chunk has."""
        stems = list(dict.fromkeys(self._stemmer.stems([question])[0]))
        content = [stem for stem in stems if stem not in self._stemmer.stop_stems] or stems
        known = self._frequencies(content)
        wanted = {
            stem: math.log(1 + self._corpus_size / (known.get(stem, 0) + 0.5)) for stem in content
        }
        missing = sum(weight for stem, weight in wanted.items() if stem not in known)
        return wanted, missing / sum(wanted.values()) if wanted else 0.0

    def coverages(self, wanted: dict[str, float], texts: Sequence[str]) -> list[float]:
        """For each text the share of the wanted weight that it has; 0 where none is wanted."""
        return [coverage(wanted, found) for found in self._stemmer.stems(texts)]


def coverage(wanted: dict[str, float], found: Iterable[str]) -> float:
    """The share of the wanted stems' weight that occurs in ``found``; 0 where none is wanted."""
    total = sum(wanted.values())
    present = set(found)
    return sum(w for stem, w in wanted.items() if stem in present) / total if total else 0.0


class WeighingReader:
    """A `Reader` that weighs another one's readings with what question and passage share."""

    threshold = 0.18

    def __init__(self, reader: Reader, commonness: Commonness, weights: Weights = WEIGHTS) -> None:
        self._reader, self._commonness, self._weights = reader, commonness, weights

    def read(self, question: str, passages: Sequence[str]) -> list[list[Reading]]:
        """The other reader's spans with weighed probabilities, the most probable first."""
        wanted, unknown = self._commonness.weights(question)
        coverages = self._commonness.coverages(wanted, passages)
        return [
            [
                Reading(
                    reading.start,
                    reading.end,
                    self._weights.probability(reading.probability, covered, unknown),
                )
                for reading in readings
            ]
            for readings, covered in zip(
                self._reader.read(question, passages), coverages, strict=True
            )
        ]
