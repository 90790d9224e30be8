import threading
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path

import pytest

from assistant import (
    Assistant,
    CorpusInfo,
    Document,
    PassageReading,
    Status,
    Thresholds,
    Turn,
    WindowText,
)
from assistant.answering.extractive import extract
from assistant.answering.suggesting import TriedQuestions, _candidates, suggest
from assistant.session import Session
from assistant.testing import ScriptedReader
from tests.sessions import open_session

MILL = (
    "# The mill\n\nThe mill was built in 1911 for Anna Quill. Anna Quill sold it in 1950.\n\n"
    "## Opening hours\n\nIt opens at nine.\n\nMay dogs come in?\n\nOnly small dogs.\n"
)


@pytest.fixture
def session(corpus: Path, small_assistant: Assistant) -> Iterator[Session]:
    (corpus / "mill.md").write_text(MILL)
    small_assistant.ingest()
    with open_session(small_assistant) as session:
        yield replace(session, thresholds=Thresholds(0.5, 0.25))


def test_questions_of_the_document_and_its_headings_and_years_are_suggested(
    session: Session,
) -> None:
    class Reader(ScriptedReader):
        """Finds what each of the candidates asks for."""

        def read(self, question: str, passages: Sequence[WindowText]) -> list[PassageReading]:
            words = {"dogs": "Only small", "hours": "opens at nine", "1950": "in 1950"}
            sure = {text: 0.9 for word, text in words.items() if word in question}
            return ScriptedReader(sure).read(question, passages)

    reading = replace(session, reader=Reader())
    assert suggest(reading, None, (), 3) == [
        "May dogs come in?",
        "What is said about opening hours?",
    ]
    built = extract(replace(session, reader=ScriptedReader({"in 1911": 0.9})), "When?", ())
    assert suggest(reading, built, (), 1) == ["What happened in 1950?"]


def test_what_has_no_certain_answer_is_not_suggested(
    corpus: Path, small_assistant: Assistant
) -> None:
    (corpus / "lift.txt").write_text("The Harbour Lift, a work of art, is red.\n")
    small_assistant.ingest()
    with open_session(small_assistant) as session:
        for probability, suggested in ((0.4, []), (0.9, ["What is the Harbour Lift?"])):
            reader = ScriptedReader({"a work of art": probability})
            reading = replace(session, reader=reader, thresholds=Thresholds(0.5, 0.25))
            assert suggest(reading, None, (), 3) == suggested


def test_nothing_is_suggested_that_was_asked_or_quoted(session: Session) -> None:
    sure = replace(session, reader=ScriptedReader({"Only small": 0.9}))
    answer = extract(sure, "May dogs come in?", ())
    assert suggest(sure, answer, [Turn("May dogs come in?", answer)], 3) == []
    assert len(suggest(sure, None, (), 3)) == 1, "all candidates quote the same sentence"


def test_what_a_document_dates_and_defines_is_suggested(
    corpus: Path, small_assistant: Assistant
) -> None:
    (corpus / "lift.txt").write_text(
        "The Harbour Lift, a work of art, is red. In spring, the Old Bridge of Aldow was moved and "
        "opened again in 1977. Anna Quill, a farmer, was not asked.\n"
    )
    small_assistant.ingest()

    class Reader(ScriptedReader):
        def read(self, question: str, passages: Sequence[WindowText]) -> list[PassageReading]:
            words = {"Lift": "a work of art", "moved": "in 1977"}
            sure = {text: 0.9 for word, text in words.items() if word in question}
            return ScriptedReader(sure).read(question, passages)

    with open_session(small_assistant) as session:
        reading = replace(session, reader=Reader(), thresholds=Thresholds(0.5, 0.25))
        assert suggest(reading, None, (), 3) == [
            "What is the Harbour Lift?",
            "When was the Old Bridge of Aldow moved?",
        ]


def test_a_capital_that_only_begins_a_sentence_is_not_kept(
    corpus: Path, small_assistant: Assistant
) -> None:
    (corpus / "pets.txt").write_text(
        "Dogs were allowed in the office in 2024. Quillby was founded in 1911. Nobody left Quillby.\n"
    )
    small_assistant.ingest()

    class Reader(ScriptedReader):
        def read(self, question: str, passages: Sequence[WindowText]) -> list[PassageReading]:
            words = {"allowed": "in 2024", "founded": "in 1911"}
            sure = {text: 0.9 for word, text in words.items() if word in question}
            return ScriptedReader(sure).read(question, passages)

    with open_session(small_assistant) as session:
        reading = replace(session, reader=Reader(), thresholds=Thresholds(0.5, 0.25))
        assert suggest(reading, None, (), 2) == [
            "When were dogs allowed?",
            "When was Quillby founded?",
        ]


def test_the_questions_of_the_corpus_come_first(session: Session) -> None:
    asked = "Are large dogs welcome?"
    own = replace(session, corpus=CorpusInfo(questions=("Who?", asked)))
    reading = replace(own, reader=ScriptedReader({"Only small": 0.9, "opens at nine": 0.8}))
    assert suggest(reading, None, (), 1) == ["Who?"]
    turn = Turn("Who?", extract(reading, "Who?", ()))
    assert asked not in suggest(reading, turn.answer, [turn], 3)


class OnlySold(ScriptedReader):
    def read(self, question: str, passages: Sequence[WindowText]) -> list[PassageReading]:
        return ScriptedReader({"in 1950": 0.9} if "sold" in question else {}).read(
            question, passages
        )


def test_what_was_offered_before_comes_after_everything_else(session: Session) -> None:
    asked = ("Are large dogs welcome?", "Is it open?", "Who sold it?")
    own = replace(session, corpus=CorpusInfo(questions=asked))

    class Reader(ScriptedReader):
        def read(self, question: str, passages: Sequence[WindowText]) -> list[PassageReading]:
            words = {"dogs": "Only small", "open": "opens at nine", "sold": "in 1950"}
            sure = {text: 0.9 for word, text in words.items() if word in question}
            return ScriptedReader(sure).read(question, passages)

    reading = replace(own, reader=Reader())
    assert suggest(reading, None, (), 2) == list(asked[:2])
    assert suggest(reading, None, (), 1, offered=asked[:2]) == [asked[2]]
    again = suggest(reading, None, (), 3, offered=asked[:2])
    assert again[0] == asked[2]
    assert set(again).isdisjoint(asked[:2])
    few = replace(own, reader=OnlySold())
    assert suggest(few, None, (), 3, offered=asked) == ["Who sold it?"], "for lack of others"


def test_what_was_tried_is_not_tried_again(session: Session) -> None:
    read: list[str] = []

    class Reader(ScriptedReader):
        def read(self, question: str, passages: Sequence[WindowText]) -> list[PassageReading]:
            read.append(question)
            return ScriptedReader({"Only small": 0.9}).read(question, passages)

    tried: TriedQuestions = {}
    reading = replace(session, reader=Reader())
    first = suggest(reading, None, (), 3, tried=tried)
    assert read
    read.clear()
    assert suggest(reading, None, (), 3, tried=tried) == first
    assert read == []


def test_rows_beside_the_cited_one_are_suggested_before_other_documents(
    corpus: Path, small_assistant: Assistant
) -> None:
    (corpus / "mill.md").write_text(MILL)
    (corpus / "staff.md").write_text(
        "| Name | Task |\n| --- | --- |\n| Ada Fenn | head keeper |\n| Raj Mistry | night guard |\n| 7 | miller |\n"
    )
    small_assistant.ingest()

    class Reader(ScriptedReader):
        def read(self, question: str, passages: Sequence[WindowText]) -> list[PassageReading]:
            words = {"Fenn": "head keeper", "Mistry": "night guard", "dogs": "Only small"}
            sure = {text: 0.9 for word, text in words.items() if word in question}
            return ScriptedReader(sure).read(question, passages)

    with open_session(small_assistant) as session:
        own = CorpusInfo(questions=("May dogs come in?",))
        reading = replace(session, reader=Reader(), thresholds=Thresholds(0.5, 0.25), corpus=own)
        answer = extract(reading, "What does it say about Ada Fenn?", ())
        assert answer.status is Status.ANSWERED
        following = suggest(reading, answer, (), 3)
    assert following == ["What is listed for Raj Mistry?", "May dogs come in?"]


def test_questions_that_are_headings_are_suggested_and_documents_take_turns(
    corpus: Path, small_assistant: Assistant
) -> None:
    (corpus / "faq.md").write_text(
        "# The pool\n\n## When is the pool open?\n\nFrom seven.\n\n## May I eat?\n\nYes.\n"
    )
    (corpus / "mill.md").write_text("# The mill\n\n## Old Hall\n\nBig.\n\n## Big wheel\n\nRound.\n")
    small_assistant.ingest()
    with open_session(small_assistant) as session:
        candidates = list(_candidates(session, None))
    assert candidates[:4] == [
        "When is the pool open?",
        "What is said about Old Hall?",
        "May I eat?",
        "What is said about big wheel?",
    ]


def test_who_has_a_section_and_says_something_is_asked_for_it(
    corpus: Path, small_assistant: Assistant
) -> None:
    (corpus / "mill.md").write_text(
        "# The mill\n\n## Critics\n\nMost critics argue that it is too loud.\n\n"
        "## Numbers\n\nThe numbers are good. Guests say that it is fine.\n"
    )
    small_assistant.ingest()
    with open_session(small_assistant) as session:
        candidates = list(_candidates(session, None))
    assert candidates[0] == "What do critics say?"
    assert not any("numbers say" in one for one in candidates)


def test_no_document_is_opened_before_the_questions_of_the_corpus(session: Session) -> None:
    opened: list[str] = []

    class Watched(Session):
        def document(self, identifier: str) -> Document:
            opened.append(identifier)
            return super().document(identifier)

    values = {one.name: getattr(session, one.name) for one in fields(session)}
    asking = replace(session.corpus, questions=("When does it open?",))
    candidates = _candidates(Watched(**{**values, "corpus": asking}), None)
    assert next(candidates) == "When does it open?"
    assert opened == []
    list(candidates)
    assert opened


def test_what_was_asked_some_turns_ago_is_suggested_again_where_too_little_is_new(
    session: Session,
) -> None:
    reading = replace(session, reader=ScriptedReader({"Only small": 0.9}))
    dogs = extract(reading, "May dogs come in?", ())
    assert dogs.status is Status.ANSWERED
    other = replace(dogs, question="Why?", citations=(), status=Status.NOT_FOUND)
    turns = [Turn(dogs.question, dogs), *[Turn(f"Why {n}?", other) for n in range(3)]]
    assert suggest(reading, other, turns[:2], 3) == []
    assert suggest(reading, other, turns, 3) == ["May dogs come in?"]


def test_a_fourth_document_is_asked_about_where_the_first_three_have_nothing(
    corpus: Path, small_assistant: Assistant
) -> None:
    for name in ("a", "b", "c"):
        (corpus / f"{name}.txt").write_text("Nothing to ask.\n")
    (corpus / "z.md").write_text("# Pool\n\n## When is the pool open?\n\nFrom seven.\n")
    small_assistant.ingest()
    with open_session(small_assistant) as session:
        assert "When is the pool open?" in list(_candidates(session, None))


def test_one_row_of_a_table_is_enough_to_begin_with(
    corpus: Path, small_assistant: Assistant
) -> None:
    rows = "".join(f"| {name} | {days} |\n" for days, name in enumerate(("Ada", "Raj", "Lily")))
    (corpus / "days.md").write_text(f"# Leave\n\n| Name | Days |\n| --- | --- |\n{rows}")
    small_assistant.ingest()
    with open_session(small_assistant) as session:
        candidates = list(_candidates(session, None))
    assert [one for one in candidates if "listed for" in one] == ["What is listed for Ada?"]


def test_a_heading_that_is_half_a_question_is_asked_in_full_or_not_at_all(
    corpus: Path, small_assistant: Assistant
) -> None:
    (corpus / "kit.md").write_text(
        "# Kit\n\n## How to order\n\nOpen the form.\n\n## What it reads\n\nAll files.\n"
    )
    small_assistant.ingest()
    with open_session(small_assistant) as session:
        candidates = list(_candidates(session, None))
    assert "How do you order?" in candidates
    assert not [one for one in candidates if "how to" in one or "it reads" in one]


def test_no_question_is_made_of_a_clause_or_across_the_rows_of_a_table(
    corpus: Path, small_assistant: Assistant
) -> None:
    (corpus / "tower.txt").write_text(
        "After the Tower was built in 1911, Quillby grew. It held the Meeting of the Old Board. "
        "Nobody met Anna Quill at the Meeting of the Old Board.\n\nName | Days\n"
        "Ada Fenn | Friday\nRaj Mistry | Friday\n"
    )
    small_assistant.ingest()
    with open_session(small_assistant) as session:
        candidates = list(_candidates(session, None))
    assert not [one for one in candidates if "After" in one or "\n" in one]
    assert not [one for one in candidates if "Meeting" in one], "it would need an article"
    assert "What is said about Anna Quill?" in candidates


def test_stopped_work_ends_with_what_was_found(session: Session) -> None:
    stopped = threading.Event()
    stopped.set()
    sure = replace(session, reader=ScriptedReader({"Only small": 0.9}))
    assert suggest(sure, None, (), 3, stopped) == []


def test_each_question_that_the_demo_suggests_has_a_certain_answer(
    article_assistant: Assistant,
) -> None:
    questions = article_assistant.corpus.questions
    assert len(questions) == 5
    assert {article_assistant.ask(one).status for one in questions} == {Status.ANSWERED}
