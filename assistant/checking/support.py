"""Decide whether the cited passages support a sentence that a language model wrote.

First, each number, date and name must appear in the passages. Next, negations must agree. Then
embeddings and words decide whether the passages are about it at all. Finally, each content word
needs its ground, and a reading model that judges statements has its say. Last, what the sentence
copies must not be put in another's place. The labelled sentences in
``tests/evaluation/*.support.yaml`` measure how many errors of each kind are caught.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.checking.carrying import Likeness, are_headings, carry, context, source_sentences
from assistant.checking.exchanges import exchanged
from assistant.checking.facts import ABSENT, Source, facts_of, missing_fact, shortened
from assistant.checking.grounding import grounding, is_grounded, ungrounded_words
from assistant.checking.negation import flipped
from assistant.protocols import Encoder, StatementJudge
from assistant.reading.weighing import logistic
from assistant.storage.stemming import Stemmer
from assistant.text.lexicons import lexicon
from assistant.text.words import words
from assistant.types import Passage


@dataclass(frozen=True, slots=True)
class Support:
    """Whether a sentence is supported, and the sentences of the passages that support it.

    ``reason`` tells readers why it is not supported, and is empty if it is. ``score`` is the
    probability, from 0 to 1, that the passages are about the statement, and 0 if a fact is
    missing. ``denied`` means that they are about it and contradict it.
    """

    supported: bool
    reason: str = ""
    carrying: tuple[Passage, ...] = ()
    score: float = 0.0
    denied: bool = False


@dataclass(frozen=True, slots=True)
class SupportWeights:
    """Coefficients of a logistic regression over `Likeness`, and the probability that suffices."""

    bias: float
    cosine: float
    best: float
    coverage: float
    wide: float
    threshold: float

    def probability(self, likeness: Likeness) -> float:
        """Return the logistic function of the weighted likeness."""
        logit = (
            self.bias
            + self.cosine * likeness.cosine
            + self.best * likeness.best
            + self.coverage * likeness.coverage
            + self.wide * likeness.wide
        )
        return logistic(logit)


LONGEST_CHECKED = 2_000
"""Characters of the longest sentence that is checked, so that only the passages affect the time."""
LONGEST_HEADING = 80
"""Characters of the longest heading of a language model that is shown."""
_NEUTRAL = frozenset(lexicon("neutral_headings"))
_NEGATORS = frozenset(lexicon("negators"))
WEIGHTS = SupportWeights(bias=-6.0, cosine=5.0, best=2.0, coverage=3.0, wide=2.0, threshold=0.5)


def check_support(
    sentence: str,
    passages: Sequence[Passage],
    encoder: Encoder,
    stemmer: Stemmer,
    weights: SupportWeights = WEIGHTS,
    it: str = "",
    judge: StatementJudge | None = None,
) -> Support:
    """Return whether the passages together support a sentence, and which of their sentences do.

    The headings above a passage and the title of its document tell what its sentences are about.
    A heading alone supports nothing, nor does anything else, least of all the question. The result
    is deterministic. ``it`` is what the reason calls the passages. ``judge`` is a reading model
    that judges statements.
    """
    it = it or ("the cited passage" if len(passages) == 1 else "the cited text")
    if not words(sentence):
        return Support(False, "The sentence contains nothing that can be checked.")
    if len(sentence) > LONGEST_CHECKED:
        return Support(
            False, f"The sentence is longer than {LONGEST_CHECKED:,} characters, too long to check."
        )
    if not source_sentences(passages):
        return Support(False, "The sentence cites no passage.")
    if are_headings(passages):
        return Support(False, "A heading alone does not support a sentence.")
    source = source_of(tuple(passages))
    missing = missing_fact(sentence, source)
    if missing:
        return Support(False, _worded(missing, it))
    checked = facts_of(sentence, source)
    carried = carry(sentence, checked, passages, encoder, stemmer)
    texts = [passage.text for passage in carried.passages]
    score = weights.probability(carried.likeness)
    if flip := flipped(sentence, texts, stemmer):
        return Support(False, _worded(f"it {flip}", it), score=score, denied=True)
    if score < weights.threshold:
        return Support(False, _worded("it does not say this", it), score=score)
    found = grounding(sentence, checked, passages, carried, encoder, stemmer, judge)
    if not is_grounded(found):
        reason = f"it does not say “{found.foreign}”" if found.foreign else "it does not say this"
        return Support(False, _worded(reason, it), score=score)
    replaced, own = exchanged(sentence, texts, source.text, source.designated, stemmer)
    if replaced:
        reason = f"it says “{shortened(own)}”, not “{shortened(replaced)}”"
        return Support(False, _worded(reason, it), score=score)
    return Support(True, carrying=carried.passages, score=score)


def attribute(
    sentence: str,
    passages: Sequence[Passage],
    encoder: Encoder,
    stemmer: Stemmer,
    weights: SupportWeights = WEIGHTS,
    judge: StatementJudge | None = None,
) -> Support:
    """Return the support for a sentence without a citation mark: the best passage, else the best two.

    The sentence is not supported if neither a single passage nor the two nearest together support
    it, or if the passage that is most about it contradicts it.
    """
    it = "the nearest passage"
    single = [
        check_support(sentence, [passage], encoder, stemmer, weights, it, judge)
        for passage in passages
    ]
    decisive = [
        support
        for support in single
        if support.supported or (support.denied and support.score > weights.threshold)
    ]
    if decisive:
        return max(decisive, key=lambda support: support.score)
    nearest = _nearest(sentence, passages, encoder)
    if len(nearest) == 2:
        together = check_support(sentence, nearest, encoder, stemmer, weights, judge=judge)
        if together.supported:
            return together
    missing = missing_fact(sentence, source_of(tuple(passages)))
    if missing.endswith(ABSENT):
        return Support(False, f"{missing.removesuffix('it')}any passage.")
    return Support(False, "No passage says this.")


def adds_words(sentence: str, passages: Sequence[Passage], stemmer: Stemmer) -> bool:
    """Return whether a sentence has a content word that the passages do not have in any form."""
    checked = facts_of(sentence, source_of(tuple(passages)))
    return any(ungrounded_words(sentence, checked, passages, stemmer))


def is_neutral_heading(heading: str, passages: Sequence[Passage], stemmer: Stemmer) -> bool:
    """Return whether a heading says nothing of its own: no word, name or value beyond the passages.

    Words such as "Overview" say nothing. A heading that denies something does.
    """
    said = [word for word in words(heading) if word.casefold() not in _NEUTRAL]
    is_denial = not _NEGATORS.isdisjoint(word.casefold() for word in said)
    if len(heading) > LONGEST_HEADING or is_denial:
        return False
    text = " ".join(said)
    is_known = not missing_fact(text, source_of(tuple(passages)))
    return not said or (is_known and not adds_words(text, passages, stemmer))


def prepare(passages: Sequence[Passage], encoder: Encoder) -> None:
    """Embed the sentences of passages and read their facts in advance of a check."""
    encoder.encode([source.text for source in source_sentences(passages)])
    for passage in passages:
        _ = source_of((passage,)).values


def _worded(reason: str, it: str) -> str:
    """Return a sentence from a reason about "it", naming the passage instead."""
    text = it + reason[2:] if reason.startswith("it ") else reason.removesuffix("it") + it
    return f"{text[0].upper()}{text[1:]}."


@lru_cache(maxsize=64)
def source_of(passages: tuple[Passage, ...]) -> Source:
    """Return the text of passages with the headings above them, and what their documents define."""
    text = "\n".join(f"{context(passage)}\n{passage.text}" for passage in passages)
    documents = {passage.document.id: passage.document.text for passage in passages}
    return Source(text, "\n\n".join(documents.values()))


def _nearest(sentence: str, passages: Sequence[Passage], encoder: Encoder) -> list[Passage]:
    """Return the two passages nearest to a sentence, in their given order."""
    vectors = encoder.encode([sentence, *(passage.text for passage in passages)])
    order = sorted(range(len(passages)), key=lambda row: -float(vectors[1 + row] @ vectors[0]))
    return [passages[row] for row in sorted(order[:2])]
