"""The reader that needs no trained reading model: sentences scored by embeddings and keywords.

It tells what a sentence is about, not whether it answers; its probability is a logistic
regression over the features below, fitted by ``training/similarity.py``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.protocols import Encoder
from assistant.reading.weighing import Commonness, coverage, logistic
from assistant.storage.stemming import Stemmer
from assistant.text.sentences import sentences
from assistant.text.spans import Span
from assistant.types import PassageReading, Reading, Thresholds, WindowText

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_NUMBER_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|"
    "millions?|billions?|half|twice|once|several|first|second|third"
)
_NAME = r"(?<=[a-z,;”’)\d] )(?:the )?[A-Z][\w’'-]+"
_KINDS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(asks, re.IGNORECASE), re.compile(answers))
    for asks, answers in (
        (
            r"\b(?:when|(?:what|which) (?:year|date|day|month|century|decade|time)|since when|how long ago)\b",
            rf"\b(?:1\d|20)\d\d\b|(?i:\b(?:{_MONTHS}|century|decade|ago|last year|yesterday|today|monday|tuesday|"
            r"wednesday|thursday|friday|saturday|sunday)\b)",
        ),
        (
            r"\b(?:how (?:many|much|old|long|far|high|large|big|tall|often|fast)|what (?:number|percentage|share|amount|price)|what does .* cost)\b",
            rf"\d|(?i:\b(?:{_NUMBER_WORDS})\b)",
        ),
        (r"\b(?:who|whom|whose)\b", _NAME),
        (
            r"\b(?:where|(?:what|which) (?:city|country|place|town|region|province|state|location))\b",
            r"(?i:\b(?:in|at|to|from|near|on|of|across|within)\b) (?:the |east |west |north |south )*[A-Z]",
        ),
        (
            r"\bwhy\b",
            r"(?i:\b(?:because|since|due to|as a result|in order to|so that|therefore|reason|thanks to|"
            r"owing to|to (?:meet|make|help|avoid|ensure|prevent|protect|promote|keep))\b)",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class SimilarityWeights:
    """Coefficients of the logistic regression, one for each feature of `features`."""

    bias: float
    cosine: float
    coverage: float
    passage_coverage: float
    unknown: float
    kind: float

    def probability(self, row: Sequence[float]) -> float:
        """The logistic function of the weighted features."""
        weights = (self.cosine, self.coverage, self.passage_coverage, self.unknown, self.kind)
        logit = self.bias + sum(w * x for w, x in zip(weights, row, strict=True))
        return logistic(logit)


WEIGHTS = SimilarityWeights(
    bias=-10.206,
    cosine=6.736,
    coverage=2.664,
    passage_coverage=3.259,
    unknown=1.293,
    kind=0.872,
)


def kind_matches(question: str, sentence: str) -> float:
    """1 if the sentence has the kind of thing asked for, 0 if not, 0.5 if no kind is asked for."""
    for asks, answers in _KINDS:
        if asks.search(question):
            return 1.0 if answers.search(sentence) else 0.0
    return 0.5


class SimilarityReader:
    """A `Reader` whose readings are whole sentences."""

    thresholds = Thresholds(certain=0.15, possible=0.08)

    def __init__(
        self,
        encoder: Encoder,
        stemmer: Stemmer,
        commonness: Commonness,
        weights: SimilarityWeights = WEIGHTS,
    ) -> None:
        self._encoder, self._stemmer = encoder, stemmer
        self._commonness, self._weights = commonness, weights

    def read(self, question: str, passages: Sequence[WindowText]) -> list[PassageReading]:
        """Return every sentence of each passage with its probability, the most probable first."""
        texts = [passage.joined for passage in passages]
        spans = [sentences(text) for text in texts]
        rows = self.features(question, texts, spans)
        found: list[PassageReading] = []
        position = 0
        for passage, some in zip(passages, spans, strict=True):
            readings = [
                Reading(span.start, span.end, self._weights.probability(rows[position + n]))
                for n, span in enumerate(some)
            ]
            position += len(some)
            readings.sort(key=lambda reading: -reading.probability)
            found.append(PassageReading(passage.in_text(readings)))
        return found

    def features(
        self, question: str, passages: Sequence[str], spans: Sequence[Sequence[Span]]
    ) -> NDArray[np.float64]:
        """Cosine, coverage by sentence and by passage, unknown share, kind: shape ``(sentences, 5)``."""
        texts = [
            passage[span.start : span.end]
            for passage, some in zip(passages, spans, strict=True)
            for span in some
        ]
        if not texts:
            return np.zeros((0, 5))
        vectors = self._encoder.encode([question, *texts])
        cosines = vectors[1:] @ vectors[0]
        stems = self._stemmer.stems([question, *texts])
        wanted, unknown = self._commonness.weights(question)
        rows = []
        position = 0
        for some in spans:
            inside = stems[1 + position : 1 + position + len(some)]
            whole = coverage(wanted, (stem for sentence in inside for stem in sentence))
            for sentence in inside:
                rows.append(
                    (
                        float(cosines[position]),
                        coverage(wanted, sentence),
                        whole,
                        unknown,
                        kind_matches(question, texts[position]),
                    )
                )
                position += 1
        return np.array(rows)
