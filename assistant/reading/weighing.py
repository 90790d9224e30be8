"""Weigh what a reading model finds in a passage with what is known from retrieval.

A reading model looks at one passage. It does not know how rare a word is, or how well the passage
was found. The weights are fitted by
``training/calibrate.py``.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant.protocols import Reader
from assistant.storage.stemming import Stemmer
from assistant.types import PassageReading, Reading, Thresholds, WindowText

_BOUND = 1e-6
_NO_RIVAL = 0.1
"""Another passage that is less likely than this casts no doubt on an answer."""


@dataclass(frozen=True, slots=True)
class ReadingWeights:
    """Coefficients of a logistic regression over what is known of a reading.

    ``reading`` is of the reader's log odds, ``coverage`` of the share of the question's weight
    that the passage has, ``place`` of the logarithm of the passage's place among those retrieved,
    from 1. More common words make an answer less likely at the same log odds: readers overrate them.
    """

    bias: float
    reading: float
    coverage: float
    place: float

    def logit(self, reading: float, coverage: float, place: int) -> float:
        """Return the weighted sum. ``reading`` is a probability, ``place`` counts from 1."""
        return (
            self.bias
            + self.reading * log_odds(reading)
            + self.coverage * coverage
            + self.place * math.log(place)
        )


def logistic(logit: float) -> float:
    """The probability of a logit."""
    return 1.0 / (1.0 + math.exp(-logit))


def log_odds(probability: float) -> float:
    """The logit of a probability, bounded near 0 and 1."""
    bounded = min(max(probability, _BOUND), 1.0 - _BOUND)
    return math.log(bounded / (1.0 - bounded))


def certain_beside(rival: float, certain: float, weight: float) -> float:
    """Return the lowest probability of a certain answer beside a rival of another probability.

    ``certain`` is the lowest without one, ``weight`` that of `Thresholds.rival`.

    >>> certain_beside(0.01, 0.73, 0.36), round(certain_beside(0.73, 0.73, 0.36), 2)
    (0.73, 0.9)
    """
    above = log_odds(rival) - log_odds(_NO_RIVAL)
    return certain if above <= 0 else logistic(log_odds(certain) + weight * above)


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
    """A `Reader` that weighs the readings of another with what is known from retrieval.

    The passages must be given in the order in which they were retrieved, the best first.
    """

    def __init__(self, reader: Reader, commonness: Commonness, weights: ReadingWeights) -> None:
        self._reader, self._commonness, self._weights = reader, commonness, weights

    @property
    def thresholds(self) -> Thresholds:
        """The other reader's thresholds, which are of weighed probabilities."""
        return self._reader.thresholds

    def read(self, question: str, passages: Sequence[WindowText]) -> list[PassageReading]:
        """Return the other reader's readings, the spans with weighed probabilities."""
        wanted, _ = self._commonness.weights(question)
        coverages = self._commonness.coverages(wanted, [passage.joined for passage in passages])
        return [
            PassageReading(
                tuple(self._weighed(span, covered, place) for span in reading.spans),
                reading.evidence,
            )
            for place, (reading, covered) in enumerate(
                zip(self._reader.read(question, passages), coverages, strict=True), 1
            )
        ]

    def _weighed(self, span: Reading, coverage: float, place: int) -> Reading:
        logit = self._weights.logit(span.probability, coverage, place)
        return Reading(span.start, span.end, logistic(logit))
