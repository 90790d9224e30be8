"""Decides whether a sentence that a language model wrote is supported by the passages it cites.

Facts first: each number, date and name must stand in the passages. Then what is denied and which
way it points. Then, by embeddings and words, whether the passages say it at all. How much of each
kind it finds is measured by ``tests/evaluation/*.support.yaml``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.checking.bindings import misbound
from assistant.checking.carrying import Likeness, carry, context, source_sentences
from assistant.checking.facts import ABSENT, Source, facts_of, missing_fact
from assistant.checking.negation import flipped, opposite
from assistant.protocols import Encoder
from assistant.reading.weighing import logistic
from assistant.storage.stemming import Stemmer
from assistant.text.words import words
from assistant.types import Passage


@dataclass(frozen=True, slots=True)
class Support:
    """Whether a sentence is supported, and the sentences of the passages that carry it.

    ``reason`` says in words for people why it is not; empty where it is. ``score`` is how likely
    the passages speak of it, between 0 and 1; 0 where a fact failed. ``denied`` says that they
    speak of it and say otherwise.
    """

    supported: bool
    reason: str = ""
    carrying: tuple[Passage, ...] = ()
    score: float = 0.0
    denied: bool = False


@dataclass(frozen=True, slots=True)
class SupportWeights:
    """Coefficients of a logistic regression over `Likeness`, and the probability that is enough."""

    bias: float
    cosine: float
    best: float
    coverage: float
    wide: float
    threshold: float

    def probability(self, likeness: Likeness) -> float:
        """The logistic function of the weighted likeness."""
        logit = (
            self.bias
            + self.cosine * likeness.cosine
            + self.best * likeness.best
            + self.coverage * likeness.coverage
            + self.wide * likeness.wide
        )
        return logistic(logit)


LONGEST_CHECKED = 2_000
"""Characters: no sentence is longer, and the time of the check grows with the passages alone."""
WEIGHTS = SupportWeights(bias=-6.0, cosine=5.0, best=2.0, coverage=3.0, wide=2.0, threshold=0.5)


def check_support(
    sentence: str,
    passages: Sequence[Passage],
    encoder: Encoder,
    stemmer: Stemmer,
    weights: SupportWeights = WEIGHTS,
    it: str = "",
) -> Support:
    """Whether the passages together support a sentence, and which of their sentences carry it.

    The headings that a passage stands under and its document's title support it as well. Nothing
    else does, least of all the question. Deterministic. ``it`` is what a reason calls the passages.
    """
    it = it or ("the cited passage" if len(passages) == 1 else "what is cited")
    if not words(sentence):
        return Support(False, "It says nothing that could be checked.")
    if len(sentence) > LONGEST_CHECKED:
        return Support(False, "It is too long to be checked.")
    if not source_sentences(passages):
        return Support(False, "It cites no passage.")
    source = _source(tuple(passages))
    missing = missing_fact(sentence, source)
    if missing:
        return Support(False, _worded(missing, it))
    carried = carry(sentence, facts_of(sentence, source), passages, encoder, stemmer)
    texts = [passage.text for passage in carried.passages]
    score = weights.probability(carried.likeness)
    if pair := opposite(sentence, texts, stemmer):
        reason = _worded(f"it says “{pair[1]}”, not “{pair[0]}”", it)
        return Support(False, reason, score=score, denied=True)
    if flip := flipped(sentence, texts, stemmer):
        return Support(False, _worded(f"it {flip}", it), score=score, denied=True)
    if bound := misbound(sentence, source.text, source.designated, stemmer):
        return Support(False, _worded(f"it {bound}", it), score=score, denied=True)
    if score < weights.threshold:
        return Support(False, _worded("it does not say this", it), score=score)
    return Support(True, carrying=carried.passages, score=score)


def attribute(
    sentence: str,
    passages: Sequence[Passage],
    encoder: Encoder,
    stemmer: Stemmer,
    weights: SupportWeights = WEIGHTS,
) -> Support:
    """The passage that supports a sentence without a mark best; of none alone, two together.

    Not supported where no passage does, nor the two nearest ones together; nor where the passage
    that speaks of it most says otherwise.
    """
    it = "the nearest passage"
    each = [check_support(sentence, [one], encoder, stemmer, weights, it) for one in passages]
    found = [one for one in each if one.supported or (one.denied and one.score > weights.threshold)]
    if found:
        return max(found, key=lambda support: support.score)
    nearest = _nearest(sentence, passages, encoder)
    if len(nearest) == 2:
        together = check_support(sentence, nearest, encoder, stemmer, weights)
        if together.supported:
            return together
    missing = missing_fact(sentence, _source(tuple(passages)))
    if missing.endswith(ABSENT):
        return Support(False, f"{missing.removesuffix('it')}any passage.")
    return Support(False, "No passage says this.")


def prepare(passages: Sequence[Passage], encoder: Encoder) -> None:
    """Embed the sentences of passages and read their facts, so that a check finds them done."""
    encoder.encode([source.text for source in source_sentences(passages)])
    for passage in passages:
        _ = _source((passage,)).values


def _worded(reason: str, it: str) -> str:
    """A reason that says "it" as a sentence about the cited passage."""
    told = it + reason[2:] if reason.startswith("it ") else reason.removesuffix("it") + it
    return f"{told[0].upper()}{told[1:]}."


@lru_cache(maxsize=64)
def _source(passages: tuple[Passage, ...]) -> Source:
    text = "\n".join(f"{context(passage)}\n{passage.text}" for passage in passages)
    documents = {passage.document.id: passage.document.text for passage in passages}
    return Source(text, "\n\n".join(documents.values()))


def _nearest(sentence: str, passages: Sequence[Passage], encoder: Encoder) -> list[Passage]:
    """The two passages whose text is nearest to a sentence, in their order."""
    vectors = encoder.encode([sentence, *(passage.text for passage in passages)])
    order = sorted(range(len(passages)), key=lambda row: -float(vectors[1 + row] @ vectors[0]))
    return [passages[row] for row in sorted(order[:2])]
