"""Suggest the next questions: found in the documents without a language model, and tried first.

Candidates are the questions that ``corpus.toml`` suggests, those that a document itself asks, its
headings, the years and the rows around what was cited, what it dates or defines, and the names that
it uses most. A candidate is suggested only if its answer is certain and quotes something new. Those
answered in the documents that the answer cites come first, and those offered before come last.
"""

import re
import threading
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import chain, zip_longest

from assistant.answering.extractive import extract
from assistant.checking.names import capitalised, names
from assistant.reading.selection import Place
from assistant.session import Session
from assistant.text.headings import sections
from assistant.text.lexicons import lexicon
from assistant.text.sentences import sentences
from assistant.text.table_structure import table_rows
from assistant.text.words import STOP_WORDS, words
from assistant.types import Answer, Document, Status, Turn

MOST_TRIED, MOST_TRIED_TO_BEGIN = 10, 20
"""The number of candidates that are tried: each takes as long as an answer."""
_MOST_DOCUMENTS, _MOST_TO_BEGIN = 3, 10
"""The number of documents that candidates are taken from, after an answer and to begin with."""
_MOST_OF_CORPUS = 5
"""The number of the corpus's questions that are tried before those of the cited documents."""
_AROUND = 1_500
"""Characters around a citation in which years and rows are looked for."""
_LONGEST_QUESTION, _FEWEST_WORDS = 100, 3
_LONGEST_HEADING = 6
_LONGEST_ROW_NAME = 4
_MOST_NAMES, _MOST_ROWS = 4, 5
_REMEMBERED = 3
"""Turns whose questions and quotes are not suggested again even where there are too few others."""
_YEAR = re.compile(r"\b(?:in|since|by) ((?:1[5-9]|20)\d\d)\b", re.IGNORECASE)
_VIEWS = frozenset(lexicon("asking_for_views"))
_QUESTION_WORDS = frozenset(lexicon("question_words"))
_OWN_QUESTION = re.compile(r"^[A-Z][^\n.!?]*\?$")
_NAMED = r"((?:[Tt]he )?[A-Z][\w’-]+(?: (?:(?:of|and|for|the) )?[A-Z][\w’-]+)*)"
_DATED = re.compile(
    rf"(?:^|, (?:and )?){_NAMED} (was|were) ([a-z]+ed|set up|built)\b.*?\b(?:1[5-9]|20)\d\d\b"
)
_DEFINED = re.compile(rf"\b[Tt]he {_NAMED}(?:,| is| was) an? ")


TriedQuestions = dict[str, frozenset[Place]]
"""What questions quote in one state of the index: nothing where the answer is not certain."""


def suggest(
    session: Session,
    answer: Answer | None,
    history: Sequence[Turn],
    count: int,
    stopped: threading.Event | None = None,
    offered: Sequence[str] = (),
    tried: TriedQuestions | None = None,
) -> list[str]:
    """Return up to ``count`` questions to ask next, each with a certain answer.

    Without an answer, return questions to begin with. ``history`` are the turns so far, whose
    questions and quotes are not suggested again. ``offered`` were suggested before, the last ones
    first: they are suggested again only where there are too few others, and then what was asked or
    quoted more than `_REMEMBERED` turns ago. Once ``stopped`` is set, return what was found. What
    ``tried`` has is not tried again.
    """
    turns = [*history, *([Turn(answer.question, answer)] if answer else [])]
    asked = {_plain(turn.question) for turn in turns}
    quoted = {place for turn in turns for place in _places(turn.answer)}
    recent = turns[-_REMEMBERED:]
    asked_now = {_plain(turn.question) for turn in recent}
    quoted_now = {place for turn in recent for place in _places(turn.answer)}
    cited = {citation.document_id for citation in answer.citations} if answer else set()
    before = {_plain(question) for question in offered}
    fresh = _distinct(_candidates(session, answer), asked | before)
    again = _distinct(reversed(offered), asked)
    old = _distinct(iter(_old_questions(turns, offered)), asked_now)
    tried = {} if tried is None else tried
    near: list[str] = []
    far: list[str] = []
    most_tried = MOST_TRIED if answer else MOST_TRIED_TO_BEGIN
    for questions, most, known in (
        (fresh, most_tried, quoted),
        (again, count, quoted),
        (old, count, quoted_now),
    ):
        if len(near) + len(far) >= count:
            break
        for question, places in _trials(session, questions, most, tried):
            if len(near) == count or (stopped and stopped.is_set()):
                break
            if places and places.isdisjoint(known):
                is_near = not cited or not cited.isdisjoint(document for document, _, _ in places)
                (near if is_near else far).append(question)
                quoted |= places
                quoted_now |= places
    return (near + far)[:count]


def _old_questions(turns: Sequence[Turn], offered: Sequence[str]) -> list[str]:
    """Return what was asked some turns ago with a certain answer, then what was offered."""
    answered = [
        turn.question
        for turn in turns[:-_REMEMBERED]
        if isinstance(turn.answer, Answer) and turn.answer.status is Status.ANSWERED
    ]
    return [*answered, *reversed(offered)]


def _trials(
    session: Session, questions: Iterator[str], most: int, tried: TriedQuestions
) -> Iterator[tuple[str, frozenset[Place]]]:
    """Yield questions with what they quote, all that were tried before and so many others."""
    for question in questions:
        if question not in tried:
            if not most:
                continue
            most -= 1
            answer = extract(session, question, ())
            is_certain = answer.status is Status.ANSWERED
            tried[question] = frozenset(_places(answer)) if is_certain else frozenset()
        yield question, tried[question]


def _candidates(session: Session, answer: Answer | None) -> Iterator[str]:
    """Yield questions that the documents may answer, those near to the answer first."""
    cited = dict.fromkeys(citation.document_id for citation in answer.citations) if answer else {}
    most = _MOST_DOCUMENTS if answer else _MOST_TO_BEGIN
    listed = [one.id for one in session.view.catalog.summaries(limit=most)]
    yield from session.corpus.questions[:_MOST_OF_CORPUS]
    documents = [session.document(one) for one in (list(cited) or listed)[:most]]
    for document in documents:
        citations = answer.citations if answer else ()
        starts = [one.start for one in citations if one.document_id == document.id]
        yield from _years(document, starts)
        yield from _rows(document, starts)
    yield from _in_turn([_of_document(document) for document in documents])
    yield from session.corpus.questions
    others = [session.document(one) for one in listed if cited and one not in cited]
    yield from _in_turn([_of_document(document) for document in others])


def _in_turn(many: Sequence[Iterator[str]]) -> Iterator[str]:
    """Yield the first of each, then the second of each, and so on."""
    for together in zip_longest(*many):
        yield from (one for one in together if one is not None)


def _of_document(document: Document) -> Iterator[str]:
    yield from _own_questions(document)
    yield from _headings(document)
    yield from _dated_and_defined(document)
    yield from _names(document)
    yield from _rows(document, [0], 1)


def _own_questions(document: Document) -> Iterator[str]:
    """Yield the questions that stand in the document, as in an FAQ: its headings, its sentences."""
    titles = (
        part.titles[-1] for part in sections(document.text, document.media_type) if part.titles
    )
    spans = sentences(document.text)
    stand = (" ".join(document.text[span.start : span.end].split()) for span in spans)
    for text in chain(titles, stand):
        is_short = len(text) <= _LONGEST_QUESTION and len(words(text)) >= _FEWEST_WORDS
        if is_short and _OWN_QUESTION.match(text):
            yield text


def _dated_and_defined(document: Document) -> Iterator[str]:
    """Yield a question for each name whose date or meaning the document states."""
    always = capitalised(document.text)
    for span in sentences(document.text):
        text = " ".join(document.text[span.start : span.end].split())
        for subject, copula, participle in _DATED.findall(text):
            if subject.split()[0].lower() in STOP_WORDS - {"the"}:
                continue  # it opens a clause, as in "After the tower was built in 1911"
            yield f"When {copula} {_within_a_sentence(subject, always)} {participle}?"
        yield from (f"What is the {name}?" for name in _DEFINED.findall(text))


def _within_a_sentence(subject: str, always: frozenset[str]) -> str:
    """Return a subject without a capital that only begins its sentence: "Dogs", "The Old Bridge"."""
    first = subject.split()[0]
    is_name = first != "The" and (subject != first or first.lower() in always)
    return subject if is_name else subject[0].lower() + subject[1:]


def _headings(document: Document) -> Iterator[str]:
    always = capitalised(document.text)
    for section in sections(document.text, document.media_type):
        title = section.titles[-1].strip(" .:") if section.titles else ""
        if not title or title.endswith("?") or title == document.title:
            continue
        if len(title.split()) > _LONGEST_HEADING or any(map(str.isdigit, title)):
            continue
        if title.lower().startswith("how to "):
            yield f"How do you {title[len('how to ') :]}?"
        elif title.split()[0].lower() not in _QUESTION_WORDS:  # as in "What it reads"
            if _have_their_say(document.text, title.split()[-1]):
                yield f"What do {_title_within_a_sentence(title, always)} say?"
            yield f"What is said about {_title_within_a_sentence(title, always)}?"


def _have_their_say(text: str, name: str) -> bool:
    """Return whether a text reports what somebody says or thinks, as in "Critics argue that".

    >>> _have_their_say("Critics still argue that it is late.", "Critics")
    True
    """
    said = re.finditer(rf"\b{re.escape(name)}(?:\s+\w+)?\s+(\w+)\s+that\b", text, re.IGNORECASE)
    return name.endswith("s") and any(one[1].lower() in _VIEWS for one in said)


def _title_within_a_sentence(title: str, always: frozenset[str]) -> str:
    """Return a heading without a capital that only begins it: "Opening hours", not "SCO University"."""
    first, *others = title.split()
    is_name = first.lower() in always or first[1:] != first[1:].lower()
    is_in_capitals = any(other != other.lower() for other in others)
    return title if is_name or is_in_capitals else title[0].lower() + title[1:]


def _years(document: Document, starts: Sequence[int]) -> Iterator[str]:
    """Yield a question for each year near a citation."""
    for start in starts:
        around = document.text[max(0, start - _AROUND) : start + _AROUND]
        yield from (f"What happened in {year}?" for year in _YEAR.findall(around))


def _rows(document: Document, starts: Sequence[int], most: int = _MOST_ROWS) -> Iterator[str]:
    """Yield a question for each row of a table around a citation, the nearest first."""
    for start in starts:
        end = min(len(document.text), start + _AROUND)
        around = table_rows(document.text, max(0, start - _AROUND), end)
        rows = [row for row in around if not row.is_head and row.names]
        rows.sort(key=lambda row: abs(row.span.start - start))
        cells = [document.text[row.cells[0].start : row.cells[0].end] for row in rows]
        names = [cell for cell in cells if _names_a_row(cell)]
        yield from (f"What is listed for {name}?" for name in names[:most])


def _names_a_row(cell: str) -> bool:
    is_short = 0 < len(words(cell)) <= _LONGEST_ROW_NAME
    return is_short and any(map(str.isalpha, cell)) and not cell.endswith(("?", ":"))


def _names(document: Document) -> Iterator[str]:
    """Yield a question for each of the names of several words that the document uses most.

    A name with a small word in it may need an article: "the Meeting of the Board".
    """
    counts = Counter(
        name.text
        for name in names(document.text)
        if len(name.words) > 1
        and "\n" not in name.text
        and len(name.words) == len(name.text.split())
        and name.text not in document.title
    )
    yield from (f"What is said about {name}?" for name, _ in counts.most_common(_MOST_NAMES))


def _distinct(questions: Iterator[str], asked: Collection[str]) -> Iterator[str]:
    seen = set(asked)
    for question in questions:
        if _plain(question) not in seen:
            seen.add(_plain(question))
            yield question


def _plain(question: str) -> str:
    return " ".join(words(question.casefold()))


def _places(answer: Answer) -> set[Place]:
    return {(one.document_id, one.start, one.end) for one in answer.citations}
