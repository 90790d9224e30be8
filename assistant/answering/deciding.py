"""Decide how surely the candidates answer: certainly, possibly, or not at all.

An answer that does not fit its question is never certain, however sure the reader is: its kind of
value must be the one asked for, and its passage must contain the names and terms of the question.
The thresholds follow from the costs of errors, see ``training/calibrate.py``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.editions import newest_edition
from assistant.answering.fitting import EXCLUDING, Demands, misfit
from assistant.answering.whole_tables import with_whole_table
from assistant.reading.answer_units import is_question
from assistant.reading.selection import (
    CLOSEST_SHOWN,
    MAX_STATEMENTS,
    Candidate,
    distinct,
    overlap,
    within_bounds,
)
from assistant.reading.weighing import certain_beside
from assistant.text.blocks import is_entry, is_one_block
from assistant.text.headings import is_byline
from assistant.text.sentences import sentences
from assistant.text.spans import Span
from assistant.text.steering import has_order
from assistant.text.words import words
from assistant.types import Passage, Status, Thresholds

_FURTHER_SHARE = 0.93
"""A further statement of a certain answer must be this likely an answer, relative to the first."""
_OF_A_PART = 2
"""The number of statements that answer a part of a question."""
_OF_NAMED_ROW = 0.5
"""The share of the least probability at which a row that the question names is a possible answer."""
_OF_MISFIT = 0.5
"""What a possible answer that does not fit counts beside one that does, relative to its probability."""
_POSSIBLE_SHARE = 0.1
"""A further passage of a possible answer must be this likely an answer, relative to the first."""

_FEWEST_WORDS = 8
"""A line of at most so many words may only name something."""
_ENDED_OR_VALUE = re.compile(r"[.!?…。！？][\"'”’»)\]]*$|\d")


@dataclass(frozen=True, slots=True)
class Decision:
    """The status of an answer, what it quotes or else the nearest passages, and how sure it is.

    ``editions`` are the titles of other editions of the document that is quoted first.
    ``unanswered`` are the parts of the question that nothing was found for.
    """

    status: Status
    passages: tuple[Passage, ...]
    closest: tuple[Passage, ...]
    confidence: float
    editions: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()

    @property
    def rank(self) -> int:
        """How sure the answer is: 0 if nothing was found, 1 if it is possible, 2 if it is certain."""
        return (Status.NOT_FOUND, Status.UNCERTAIN, Status.ANSWERED).index(self.status)


def decide(
    demands: Demands,
    candidates: Sequence[Candidate],
    thresholds: Thresholds,
    in_paragraph: bool = True,
) -> Decision:
    """Return what to answer to a question. ``candidates`` are sorted, the most probable first.

    The first possible answer is shown with the rest of its paragraph, unless ``in_paragraph`` is
    false.

    A passage that names the identifier of the question is at least a possible answer. Where no other
    place that names it may answer, it is a certain one already where another would be possible. A
    row that the question names is a possible answer at half the probability of others. Where a question
    asks all about a topic, what contains its words is a possible answer if there is no other.
    Any other passage that is likely, fitting or not, raises what a certain answer needs.
    """
    judged = [(candidate, misfit(demands, candidate)) for candidate in candidates]
    possible = [one for one, flaw in judged if flaw not in EXCLUDING]
    fitting = [one for one, flaw in judged if flaw is None]
    confidence = possible[0].probability if possible else 0.0
    is_named = bool(demands.identifiers and fitting)
    is_singled_out = is_named and _is_in_one_place(fitting, thresholds.possible)
    certain = thresholds.possible if is_singled_out else thresholds.certain
    likely, editions = _of_one_edition(demands, fitting, certain)
    if likely:
        rival = 0.0 if is_singled_out else _likeliest_rival(likely[0], possible, editions)
        if likely[0].probability >= certain_beside(rival, certain, thresholds.rival):
            chosen = _certain(demands, likely, certain, thresholds.possible)
            return Decision(Status.ANSWERED, chosen, (), likely[0].probability, editions)
    named_row = max((one.probability for one in fitting if one.is_named), default=0.0)
    is_of_named_row = named_row >= _OF_NAMED_ROW * thresholds.possible
    if confidence >= thresholds.possible or is_named or is_of_named_row:
        shown = [one for one in possible if one.probability >= _POSSIBLE_SHARE * confidence]
        shown.sort(key=lambda one: -one.probability * (1 if one in fitting else _OF_MISFIT))
        shown, editions = _of_one_edition(demands, shown, thresholds.possible)
        quotes = [*([_whole(shown[0])] if in_paragraph else []), *_quotes(shown)]
        passages = distinct(quotes, MAX_STATEMENTS)
        found = tuple(within_bounds(passages))
        return Decision(Status.UNCERTAIN, found, (), confidence, editions)
    about = [one for one in possible if demands.are_met_by_topic(one.passage.text)]
    if about:
        passages = within_bounds(distinct(_quotes(about), MAX_STATEMENTS))
        return Decision(Status.UNCERTAIN, tuple(passages), (), confidence)
    return Decision(Status.NOT_FOUND, (), tuple(_closest(candidates)), confidence)


def _closest(candidates: Sequence[Candidate]) -> list[Passage]:
    """Return the nearest passages. Lines that only name somebody or something come if no other does."""
    unordered = [one.passage for one in candidates if not has_order(one.passage)]
    telling = [passage for passage in unordered if not _only_names(passage)]
    return distinct(telling or unordered, CLOSEST_SHOWN)


def _only_names(passage: Passage) -> bool:
    """Return whether a passage is a byline, or a short line without a sentence or a value.

    The row of a table and the item of a list tell something as they are.
    """
    text = passage.text.strip()
    if is_byline(text):
        return True
    is_line = len(words(text)) <= _FEWEST_WORDS and not _ENDED_OR_VALUE.search(text)
    return is_line and not is_entry(passage.document.text, Span(passage.start, passage.end))


def surest(parts: Sequence[tuple[str, Decision]], whole: Decision) -> Decision:
    """Return the answers to the parts of a question as one, or that to the whole if it is better."""
    return joined(parts) if are_parts_better([one for _, one in parts], whole) else whole


def are_parts_better(parts: Sequence[Decision], whole: Decision) -> bool:
    """Return whether the parts of a question are answered better than the whole of it.

    All of them are certain, or one of them is surer than an answer to the whole, or has what that
    answer lacks. A certain answer that has nothing beyond theirs must not hide that one has none.
    """
    found = [one for one in parts if one.passages]
    if not found:
        return False
    is_surer = any(one.rank > whole.rank for one in parts)
    are_certain = all(one.status is Status.ANSWERED for one in parts)
    said = [one.passages[0] for one in found]
    has_more = any(_lacks(whole.passages, passage) for passage in said)
    is_all_said = not any(_lacks(said, one) for one in whole.passages)
    hides_one = whole.status is Status.ANSWERED and len(found) < len(parts) and is_all_said
    return is_surer or are_certain or has_more or hides_one


def _lacks(passages: Sequence[Passage], passage: Passage) -> bool:
    return not any(overlap(passage, other) for other in passages)


def joined(parts: Sequence[tuple[str, Decision]]) -> Decision:
    """Return the answers to the parts of one question, given as questions, as one answer.

    It is certain if all of them are. At least one must have an answer.
    """
    found = [decision for _, decision in parts if decision.passages]
    passages = within_bounds(distinct(_of_parts(found), MAX_STATEMENTS + 1))
    is_certain = all(decision.status is Status.ANSWERED for _, decision in parts)
    return Decision(
        Status.ANSWERED if is_certain else Status.UNCERTAIN,
        tuple(passages),
        (),
        min(decision.confidence for decision in found),
        tuple(dict.fromkeys(title for decision in found for title in decision.editions)),
        tuple(question for question, decision in parts if not decision.passages),
    )


def _of_parts(found: Sequence[Decision]) -> list[Passage]:
    """Return what is quoted for each part: less of what is only possible, or of many parts."""
    most = _OF_A_PART if len(found) <= _OF_A_PART else 1
    return [
        passage
        for one in found
        for passage in one.passages[: most if one.status is Status.ANSWERED else 1]
    ]


def _likeliest_rival(
    first: Candidate, others: Sequence[Candidate], editions: Sequence[str]
) -> float:
    """Return the highest probability of a passage in another place, and of no other edition.

    What stands beside the first is stated with it. ``others`` are sorted, the most probable first.
    """
    rivals = (
        one.probability
        for one in others
        if one.passage.document.title not in editions and not first.is_beside(one)
    )
    return next(rivals, 0.0)


def _is_in_one_place(named: Sequence[Candidate], possible: float) -> bool:
    """Return whether all that may answer stands in the paragraph, item or row of the first."""
    first = named[0]
    return all(first.is_beside(one) for one in named if one.probability >= possible)


def _of_one_edition(
    demands: Demands, candidates: Sequence[Candidate], least: float
) -> tuple[list[Candidate], tuple[str, ...]]:
    """Return the candidates with the newest edition of a document first, unless one is asked for."""
    return (list(candidates), ()) if demands.terms else newest_edition(candidates, least)


def _whole(candidate: Candidate) -> Passage:
    """Return the paragraph around a quote, so that a reader can judge whether it answers."""
    paragraph = candidate.paragraph
    return candidate.passage if has_order(paragraph) else paragraph


def _certain(
    demands: Demands, candidates: Sequence[Candidate], certain: float, possible: float
) -> tuple[Passage, ...]:
    """Return the first candidate, those as likely, and possible ones that continue its paragraph.

    What another document says with certainty is stated as well: nothing tells which one was meant.
    """
    first = candidates[0]
    floor = max(certain, first.probability * _FURTHER_SHARE)
    documents: set[str] = set()
    likely = []
    for one in candidates:
        is_first_of_document = one.passage.document.id not in documents
        least = possible if first.is_beside(one) else certain if is_first_of_document else floor
        if one.probability >= least:
            likely.append(one)
            documents.add(one.passage.document.id)
    likely = [with_whole_table(demands.question, one) for one in likely]
    chosen = distinct(_quotes(likely), MAX_STATEMENTS)
    return tuple(within_bounds(_with_what_is_between(chosen)))


def _with_what_is_between(passages: Sequence[Passage]) -> list[Passage]:
    """Return quotes of one paragraph as one, in its order, with a single sentence that parts them.

    What is left out between two sentences, or changes places with one, may reverse them.
    """
    joined: list[Passage] = []
    for passage in passages:
        whole = next(filter(None, (_whole_of(other, passage) for other in joined)), passage)
        apart = [other for other in joined if not overlap(other, whole)]
        place = next((n for n, other in enumerate(joined) if overlap(other, whole)), len(joined))
        if whole is not passage or place == len(joined):
            joined = [*apart[:place], whole, *apart[place:]]
    return joined


def _whole_of(one: Passage, other: Passage) -> Passage | None:
    """Return the stretch of both, if they are in one paragraph with at most a sentence between them."""
    if one.document.id != other.document.id:
        return None
    text = one.document.text
    first, second = sorted((one, other), key=lambda passage: passage.start)
    is_apart = first.end < second.start
    if not is_apart or not is_one_block(text, first.start, second.end):
        return None
    between = sentences(text, first.end, second.start)
    if len(between) > 1 or any(is_question(text[one.start : one.end]) for one in between):
        return None
    highlight = one.highlight or (one.start, one.end)
    whole = Passage(one.document, first.start, second.end, highlight)
    return None if has_order(whole) else whole


def _quotes(candidates: Sequence[Candidate]) -> list[Passage]:
    """Return what is quoted of candidates: the stretch that answers, then what shows the answer."""
    return [
        passage
        for candidate in candidates
        for passage in (candidate.passage, candidate.evidence)
        if passage is not None and (passage is candidate.passage or not has_order(passage))
    ]
