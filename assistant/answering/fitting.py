"""Does an answer fit its question? An answer that does not is shown as possible, never as certain.

Three things must fit: the kind of value (a length of time is not an amount of money), the exact
terms that the question contains (a version, a year, an identifier), and the names in it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from assistant.answering.asked_cells import is_any_row, is_of_another_column
from assistant.answering.asked_kinds import AskedKind, asked_kind, fits_kind
from assistant.answering.reported import is_only_planned, is_view_of_another
from assistant.checking.values.quantities import Kind, values
from assistant.reading.answer_units import is_question
from assistant.reading.naming_lines import name_words, names_in
from assistant.reading.selection import Candidate
from assistant.text.blocks import blocks
from assistant.text.headings import is_byline, is_heading
from assistant.text.lexicons import lexicon
from assistant.text.phrases import phrases
from assistant.text.sentences import whole_sentences
from assistant.text.steering import has_order
from assistant.text.words import STOP_WORDS, are_alike, telling_words, words
from assistant.types import Passage

_EXACT = re.compile(r"(?<![\w.])(?=[\w./-]*\d)(?=[\w./-]*(?:[A-Za-z]|\d[./-]\d|\d{4}))[\w./-]*\w")
"""A word with a digit and a letter, a sign between digits, or four digits in a row."""
_LONGEST_REQUEST = 200
"""Characters of a message that may ask for all about a topic."""
_YEAR = re.compile(r"(?<!\d)(?:1\d|20)\d\d(?!\d)")


class Misfit(StrEnum):
    """Why a candidate cannot be a certain answer, in words for people."""

    KIND = "it is not the kind of value that was asked for"
    NAME = "its passage does not contain a name of the question"
    TERM = "its passage does not contain a year or term of the question"
    OTHER_IDENTIFIER = "its passage does not contain the identifier of the question"
    VIEW = "it is the view of somebody whom the question does not ask about"
    PLAN = "it was planned or proposed, and the question asks what is so"
    COLUMN = "the question names another column of the table"
    ROW = "the question contains nothing of the row, and others are beside it"
    BYLINE = "it only says who wrote the text"
    INSTRUCTION = "it reads like an instruction to a language model"


EXCLUDING = frozenset((Misfit.OTHER_IDENTIFIER, Misfit.BYLINE, Misfit.INSTRUCTION))
"""Why a candidate is not even a possible answer."""


@dataclass(frozen=True, slots=True)
class Demands:
    """What a certain answer to a question must fit.

    ``identifiers`` are those of the question, or of the last question before it that names one.
    ``terms`` are its years, versions and the like, in lower case. ``topic`` are the words for what a
    question asks all about: "Tell me about …".
    """

    question: str
    kind: AskedKind | None
    terms: tuple[str, ...]
    identifiers: tuple[str, ...]
    topic: tuple[str, ...] = ()

    @classmethod
    def of(cls, question: str, earlier: Sequence[str] = ()) -> Self:
        """Return the demands of a question, asked after earlier ones on which it leans."""
        named = (identifiers_in(one) for one in (question, *reversed(earlier)))
        identifiers = next(filter(None, named), ())
        terms = exact_terms(question)
        return cls(question, asked_kind(question), terms, identifiers, topic_words(question))

    def are_met_by_topic(self, text: str) -> bool:
        """Return whether a question asks for all about a topic, and a text has the words for it."""
        present = telling_words(text)
        return bool(self.topic) and all(
            any(are_alike(asked, word) for word in present) for asked in self.topic
        )


def misfit(demands: Demands, candidate: Candidate) -> Misfit | None:
    """Return why a candidate does not fit a question, or None if it does."""
    if has_order(candidate.passage):
        return Misfit.INSTRUCTION
    if is_byline(candidate.passage.text) and not _asks_who_wrote(demands.question):
        return Misfit.BYLINE
    terms, identifiers = demands.terms, tuple(map(str.lower, demands.identifiers))
    if not has_exact_terms(identifiers, candidate.around):
        return Misfit.OTHER_IDENTIFIER
    passage = candidate.passage
    text = passage.document.text
    highlight = text[slice(*passage.highlight)] if passage.highlight else passage.text
    if not fits_kind(demands.kind, highlight, passage.text):
        return Misfit.KIND
    if not has_exact_terms(terms, candidate.around):
        return Misfit.TERM
    if identifiers and not has_exact_terms(identifiers, candidate.nearest):
        return Misfit.TERM
    if _is_of_another_year(terms, candidate):
        return Misfit.TERM
    if not has_names(demands.question, candidate.around) or _is_beside_name(demands, candidate):
        return Misfit.NAME
    if is_any_row(demands.question, passage):
        return Misfit.ROW
    if is_of_another_column(demands.question, passage):
        return Misfit.COLUMN
    sentence = _sentence(passage)
    if is_view_of_another(demands.question, sentence, highlight):
        return Misfit.VIEW
    return Misfit.PLAN if is_only_planned(demands.question, sentence) else None


def _sentence(passage: Passage) -> str:
    """Return the sentence with the words that answer, or the whole quote if nothing is marked."""
    if not passage.highlight:
        return passage.text
    whole = whole_sentences(passage.document, *passage.highlight)
    return passage.document.text[whole.start : whole.end]


def _asks_who_wrote(question: str) -> bool:
    return not set(lexicon("authoring_words")).isdisjoint(words(question.lower()))


def topic_words(question: str) -> tuple[str, ...]:
    """Return the telling words of what a question asks all about, in lower case, or none.

    >>> topic_words("What does the report say about the old mills?"), topic_words("Who built it?")
    (('old', 'mills'), ())
    """
    if len(question) > _LONGEST_REQUEST:
        return ()
    for phrase in phrases("topic_questions"):
        if match := phrase.match(question):
            spoken = words(match["topic"].casefold())
            return tuple(word for word in spoken if word not in STOP_WORDS)
    return ()


def exact_terms(question: str) -> tuple[str, ...]:
    """Return the identifiers, versions and years in a question, in lower case.

    >>> exact_terms("What changed in v2.1 of the TX-40 after 2019, by 3 people?")
    ('v2.1', 'tx-40', '2019')
    """
    return tuple(dict.fromkeys(match[0].lower() for match in _EXACT.finditer(question)))


def with_identifiers(
    identifiers: Sequence[str], candidates: Sequence[Candidate]
) -> list[Candidate]:
    """Return the candidates with the paragraphs, items and rows that contain all identifiers.

    Where a table is read, the row that is asked for need not be the one that the reader points at.
    Each such stretch is as likely as the likeliest of its passage.
    """
    if not identifiers:
        return list(candidates)
    wanted = tuple(map(str.lower, identifiers))
    likeliest: dict[str, Candidate] = {}
    for candidate in candidates:
        likeliest.setdefault(candidate.hit.chunk.id, candidate)
    added = [
        replace(candidate, passage=Passage(document, block.start, block.end), evidence=None)
        for candidate in likeliest.values()
        for document in [candidate.passage.document]
        for block in blocks(document.text, candidate.hit.chunk.start, candidate.hit.chunk.end)
        if has_exact_terms(wanted, document.text[block.start : block.end])
        and not is_heading(document, block)
        and not is_question(document.text[block.start : block.end])
    ]
    return sorted((*added, *candidates), key=lambda candidate: -candidate.probability)


def _is_of_another_year(terms: tuple[str, ...], candidate: Candidate) -> bool:
    """Return whether a quote contains years, but none of those that the question contains."""
    asked = {term for term in terms if _YEAR.fullmatch(term)}
    quoted = set(_YEAR.findall(candidate.passage.text))
    return bool(asked and quoted) and asked.isdisjoint(quoted)


def _is_beside_name(demands: Demands, candidate: Candidate) -> bool:
    """Return whether another paragraph, row or item beside the quoted one has more names of the question.

    A name in several paragraphs is what all of them are about, and so is the only one around.
    """
    names = names_in(demands.question)
    if not names:
        return False
    own = names.intersection(name_words(candidate.nearest))
    others = [own < names.intersection(name_words(other)) for other in candidate.beside]
    if own == names or not any(others):
        return False
    is_about_another = sum(others) == 1 and bool(names_in(candidate.told) - names)
    return candidate.quotes_entry or is_about_another


def identifiers_in(question: str) -> tuple[str, ...]:
    """Return the part numbers, error codes, versions and the like in a question, as written.

    Quantities ("24h", "10kg") and compounds of words ("19-year-old", "mid-2020") are left out.

    >>> identifiers_in("Does KX-20A replace 90.31.0043 within 24h, since v2.1.1 or mid-2020?")
    ('KX-20A', '90.31.0043', 'v2.1.1')
    """
    terms = dict.fromkeys(match[0] for match in _EXACT.finditer(question))
    return tuple(term for term in terms if _is_identifier(term))


def _is_identifier(term: str) -> bool:
    signs = len(re.findall(r"[./-]", term))
    has_letters, has_capitals = term.lower() != term.upper(), term != term.lower()
    if not has_letters:
        return signs >= 2 and not any(value.kind is Kind.DATE for value in values(term))
    if signs >= 2:
        return has_capitals or len(re.findall(r"\d+", term)) >= 2
    digits = sum(character.isdigit() for character in term)
    is_code = has_capitals or re.fullmatch(r"[a-z]{1,2}[.-]?\d+[a-z]?", term) is not None
    return is_code and (signs == 1 or digits >= 3) and not _is_quantity(term)


def _is_quantity(term: str) -> bool:
    return any(value.dimension or value.kind is not Kind.LITERAL for value in values(term))


def has_exact_terms(terms: tuple[str, ...], text: str) -> bool:
    """Return whether a text contains every term, and not only as part of a longer term."""
    lowered = text.lower()
    return all(re.search(rf"(?<![\w.-]){re.escape(term)}(?![\w-]|\.\d)", lowered) for term in terms)


def has_names(question: str, text: str) -> bool:
    """Return whether a text contains each capitalised word of a question, in any case.

    A word that begins the question may be capitalised for that reason, and does not count.
    """
    present = set(name_words(text))
    return all(name in present or name.rstrip("s") in present for name in names_in(question))
