"""Weighs what a reading model found with what the passage has in common with the question.

A reading model looks at one passage and does not know how rare a word is: it may find a fine
answer about the wrong year or product. Of the likeliest readings it is also asked how near in
meaning their sentence is to the question, since the same thing may be said in other words. The
weights are fitted by ``training/weighing.py``.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant.protocols import Encoder, Reader
from assistant.storage.stemming import Stemmer
from assistant.text.sentences import sentences
from assistant.types import PassageReading, Reading, WindowText

_CERTAIN = 1e-6
_COMPARED = 4
"""Readings whose sentence is embedded: to embed all would take as long as to read."""


@dataclass(frozen=True, slots=True)
class ReadingWeights:
    """Coefficients of a logistic regression over what is known of a reading.

    ``reading`` is of the reader's log odds, ``coverage`` of the share of the question's weight
    that the passage has, ``unknown`` of the share that no chunk has, ``likeness`` of the cosine
    of the question and the sentence read.
    """

    bias: float
    reading: float
    coverage: float
    unknown: float
    likeness: float = 0.0

    def logit(self, reading: float, coverage: float, unknown: float, likeness: float) -> float:
        """The weighted sum; ``reading`` is a probability."""
        return (
            self.bias
            + self.reading * log_odds(reading)
            + self.coverage * coverage
            + self.unknown * unknown
            + self.likeness * likeness
        )


WEIGHTS = ReadingWeights(bias=-5.0, reading=1.836, coverage=3.105, unknown=1.0, likeness=3.5)
"""`reading` and `coverage` as fitted with version 1 of the reading model; the others between the fit
and what the product's own cases bear out, which have more paraphrases. The fit with version 2
(bias -4.8, reading 1.5, coverage 1.8, unknown 2.0, likeness 3.4) did no better on these."""


def logistic(logit: float) -> float:
    """The probability of a logit."""
    return 1.0 / (1.0 + math.exp(-logit))


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

    threshold = 0.25

    def __init__(
        self,
        reader: Reader,
        commonness: Commonness,
        encoder: Encoder,
        weights: ReadingWeights = WEIGHTS,
    ) -> None:
        self._reader, self._commonness, self._encoder = reader, commonness, encoder
        self._weights = weights

    def read(self, question: str, passages: Sequence[WindowText]) -> list[PassageReading]:
        """Return the other reader's spans with weighed probabilities, the most probable first."""
        wanted, unknown = self._commonness.weights(question)
        coverages = self._commonness.coverages(wanted, [passage.joined for passage in passages])
        found = self._reader.read(question, passages)
        logits = {
            (place, rank): self._weights.logit(span.probability, covered, unknown, 0.0)
            for place, (reading, covered) in enumerate(zip(found, coverages, strict=True))
            for rank, span in enumerate(reading.spans)
        }
        compared = sorted(logits, key=lambda at: -logits[at])[:_COMPARED]
        read = [
            sentence_around(passages[place].text, found[place].spans[rank])
            for place, rank in compared
        ]
        for at, cosine in zip(compared, likenesses(self._encoder, question, read), strict=True):
            logits[at] += self._weights.likeness * cosine
        return [
            PassageReading(
                tuple(
                    sorted(
                        (
                            Reading(span.start, span.end, logistic(logits[place, rank]))
                            for rank, span in enumerate(reading.spans)
                        ),
                        key=lambda span: -span.probability,
                    )
                ),
                reading.evidence,
            )
            for place, reading in enumerate(found)
        ]


def sentence_around(passage: str, reading: Reading) -> str:
    """The sentence or sentences of a passage that a reading lies in."""
    inside = [
        span for span in sentences(passage) if span.start < reading.end and reading.start < span.end
    ]
    if not inside:
        return passage[reading.start : reading.end]
    return passage[inside[0].start : inside[-1].end]


def likenesses(encoder: Encoder, question: str, texts: Sequence[str]) -> list[float]:
    """The cosine of the question with each text."""
    if not texts:
        return []
    asked, *vectors = encoder.encode([question, *texts])
    return [float(vector @ asked) for vector in vectors]
