"""Find the stage at which a case went wrong, from what was retrieved, chosen and stated."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.evaluation.cases.case_model import Expectation
from assistant.evaluation.metrics.evidence import DocumentSpan, Need, covered_needs
from assistant.evaluation.metrics.judging import WORDS, Check, cited_spans, holds_words
from assistant.types import Answer, Hit, Status


class Stage(StrEnum):
    """The stage at which a case went wrong."""

    RETRIEVAL = "retrieval"
    RANKING = "ranking"
    READING = "reading"
    ABSTENTION = "abstention"
    CERTAINTY = "certainty"
    CITATION = "citation"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The stage at fault, and a sentence that says why."""

    stage: Stage
    reason: str


def diagnose(
    expect: Expectation,
    answer: Answer,
    checks: Sequence[Check],
    needs: Sequence[Need],
    hits: Sequence[Hit],
    read: int,
) -> Diagnosis | None:
    """Return why a case failed; None if it passed.

    ``hits`` may be more than the first ``read``, which the assistant reads. The right passages
    are those that cover the evidence, or, if a case has none, those with the words expected.
    """
    failed = [check.name for check in checks if not check.passed]
    if not failed:
        return None
    if failed == ["status"] and {expect.awaited_status, answer.status} == _STATED:
        return Diagnosis(Stage.CERTAINTY, _WRONG_CERTAINTY[answer.status])
    if "status" in failed and expect.awaited_status not in _STATED:
        return Diagnosis(Stage.ABSTENTION, _WRONG_STATUS[answer.status])
    if answer.status == Status.SMALL_TALK:
        return Diagnosis(Stage.ABSTENTION, _WRONG_STATUS[answer.status])
    if not {"status", *WORDS} & set(failed) and _judges_words(expect):
        if "cites" in failed or "cites_all" in failed:
            return Diagnosis(Stage.CITATION, "The words are right, but another passage is cited.")
        return Diagnosis(Stage.READING, "The answer has what is expected, but too many statements.")
    return _along_the_way(expect, answer, needs, hits, read)


_STATED = {Status.ANSWERED, Status.UNCERTAIN}
_WRONG_CERTAINTY = {
    Status.ANSWERED: "The answer is right, but it should be shown as possible.",
    Status.UNCERTAIN: "The answer is right, but it is only shown as possible.",
}
_WRONG_STATUS = {
    Status.ANSWERED: "The documents do not answer this question, but an answer was given.",
    Status.UNCERTAIN: "The documents do not answer this question, but a possible answer was shown.",
    Status.NOT_FOUND: "Nothing was found, but another kind of answer was expected.",
    Status.SMALL_TALK: "The question was taken for small talk.",
}


def _along_the_way(
    expect: Expectation, answer: Answer, needs: Sequence[Need], hits: Sequence[Hit], read: int
) -> Diagnosis:
    """Follow the right passages from retrieval to the answer, and return where they were lost."""
    spans = [DocumentSpan(hit.chunk.document_id, hit.chunk.start, hit.chunk.end) for hit in hits]
    if needs:
        right = [bool(covered_needs(span, needs)) for span in spans]
        looked_for = "evidence"
    elif _judges_words(expect):
        right = [_holds_expected(expect, hit.chunk.text) for hit in hits]
        looked_for = "passage with the expected words"
    else:
        if answer.status == Status.NOT_FOUND:
            return Diagnosis(
                Stage.ABSTENTION, "The question was refused; the case has no evidence."
            )
        return Diagnosis(
            Stage.READING, "The answer has words it must not have; the case has no evidence."
        )
    rank = next((place for place, is_right in enumerate(right, 1) if is_right), None)
    cited = cited_spans(answer)
    chosen = any(
        is_right and any(span.overlap(citation) for citation in cited)
        for span, is_right in zip(spans, right, strict=True)
    )
    if not chosen:
        if rank is None:
            return Diagnosis(
                Stage.RETRIEVAL, f"No {looked_for} is among the {len(hits)} passages retrieved."
            )
        if rank > read:
            return Diagnosis(
                Stage.RETRIEVAL,
                f"The {looked_for} has rank {rank}; only the first {read} passages are read.",
            )
        if answer.status == Status.NOT_FOUND:
            return Diagnosis(
                Stage.ABSTENTION,
                f"The {looked_for} was retrieved at rank {rank}, but the question was refused.",
            )
        return Diagnosis(
            Stage.RANKING,
            f"The {looked_for} was retrieved at rank {rank}, but the answer is from elsewhere.",
        )
    return Diagnosis(
        Stage.READING,
        f"The right passage (rank {rank}) was chosen, but the answer states other words of it.",
    )


def _judges_words(expect: Expectation) -> bool:
    return bool(expect.contains or expect.contains_any)


def _holds_expected(expect: Expectation, text: str) -> bool:
    some = not expect.contains_any or any(holds_words(text, words) for words in expect.contains_any)
    return some and all(holds_words(text, words) for words in expect.contains)
