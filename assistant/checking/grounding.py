"""Decide whether everything that a sentence says has its ground in the sentences that support it.

A sentence can share its names and most of its words with a passage and still add something: "was
murdered in Barrow" for "was born in Barrow". A word that the passage does not contain may be a
synonym. It is foreign if the sentence comes nearer to the passage once the word is taken out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.checking.carrying import Carried, context
from assistant.protocols import Encoder, StatementJudge
from assistant.reading.weighing import log_odds, logistic
from assistant.storage.stemming import Stemmer
from assistant.text.words import STOP_WORDS, words
from assistant.types import Passage, StatementSupport, WindowText

_MOST_TAKEN_OUT = 12
"""The largest number of words of a sentence that are taken out, each for one embedding."""
_NOTICED = 0.02
"""The gain in similarity from which a foreign word is named to readers."""


@dataclass(frozen=True, slots=True)
class Grounding:
    """How well the content of a sentence is grounded, in numbers.

    ``cosine`` and ``wide`` are those of `Likeness`. ``gain`` is how much nearer the sentence comes
    to its passages without its most foreign word, which is ``foreign``. ``judgement`` is what a
    reading model thinks of the sentence, if there is one.
    """

    cosine: float
    wide: float
    gain: float
    foreign: str
    judgement: StatementSupport | None = None


@dataclass(frozen=True, slots=True)
class GroundingWeights:
    """Coefficients of a logistic regression over `Grounding`, and the probability that suffices.

    ``supported`` and ``contradicted`` weigh the log odds of the reading model's judgement.
    """

    bias: float
    cosine: float
    wide: float
    gain: float
    supported: float
    contradicted: float
    threshold: float

    def suffices(self, grounding: Grounding) -> bool:
        """Return whether the weighted numbers reach the threshold."""
        logit = (
            self.bias
            + self.cosine * grounding.cosine
            + self.wide * grounding.wide
            + self.gain * grounding.gain
        )
        if judged := grounding.judgement:
            logit += self.supported * log_odds(judged.supported)
            logit += self.contradicted * log_odds(judged.contradicted)
        return logistic(logit) >= self.threshold


UNJUDGED = GroundingWeights(-2.84, 2.98, 1.41, -35.29, 0.0, 0.0, threshold=0.15)
JUDGED = GroundingWeights(1.35, -0.61, 0.0, -17.60, 2.05, -0.46, threshold=0.17)
"""Both are fitted by ``benchmarks/grounding.py`` on the half of the labelled sentences for tuning."""


def grounding(
    sentence: str,
    checked: str,
    passages: Sequence[Passage],
    carried: Carried,
    encoder: Encoder,
    stemmer: Stemmer,
    judge: StatementJudge | None = None,
) -> Grounding:
    """Return how well a sentence is grounded in the sentences that support it.

    ``checked`` contains its names and values, which were found in some form.
    """
    candidates = list(ungrounded_words(sentence, checked, passages, stemmer))[:_MOST_TAKEN_OUT]
    gain, foreign = 0.0, ""
    if candidates:
        supporting = " ".join(passage.text for passage in carried.passages)
        shortened = [_without(sentence, word) for word in candidates]
        vectors = encoder.encode([supporting, sentence, *shortened])
        cosines = (vectors[1:] @ vectors[0]).tolist()
        gains = [cosine - cosines[0] for cosine in cosines[1:]]
        gain, foreign = max(zip(gains, candidates, strict=True))
    judgement = _judgement(sentence, passages, judge) if judge else None
    likeness = carried.likeness
    return Grounding(
        likeness.cosine,
        likeness.wide,
        max(gain, 0.0),
        foreign if gain >= _NOTICED else "",
        judgement,
    )


def is_grounded(found: Grounding) -> bool:
    """Return whether a sentence says nothing that its passages do not."""
    return (JUDGED if found.judgement else UNJUDGED).suffices(found)


def judge_of(model: object) -> StatementJudge | None:
    """Return a reading model that was trained to judge statements, or None for any other."""
    return model if isinstance(model, StatementJudge) else None


def ungrounded_words(
    sentence: str, checked: str, passages: Sequence[Passage], stemmer: Stemmer
) -> Iterator[str]:
    """Yield the content words of a sentence whose stems occur nowhere in the passages."""
    facts = {word.casefold() for word in words(checked)}
    present = {
        stem
        for stems in stemmer.stems(
            [text for passage in passages for text in (passage.text, context(passage))]
        )
        for stem in stems
    }
    candidates = list(dict.fromkeys(word.casefold() for word in words(sentence)))
    for word, stems in zip(candidates, stemmer.stems(candidates), strict=True):
        if word in facts or word in STOP_WORDS or not stems or stems[0] in stemmer.stop_stems:
            continue
        if stems[0] not in present:
            yield word


def _without(sentence: str, word: str) -> str:
    return re.sub(rf"\b{re.escape(word)}\b", "", sentence, count=1, flags=re.IGNORECASE)


def _judgement(
    sentence: str, passages: Sequence[Passage], judge: StatementJudge
) -> StatementSupport:
    """Return what the judge says of a sentence and of the passages together."""
    titles = dict.fromkeys(line for one in passages for line in context(one).splitlines())
    text = "\n\n".join(passage.text for passage in passages)
    (judged,) = judge.support(sentence, [WindowText(" > ".join(titles), text)])
    return judged
