from assistant import Answer, Statement, Status, Turn
from assistant.understanding.context import asked_in_context


def turn(question: str, status: Status = Status.ANSWERED) -> Turn:
    return Turn(question, Answer(question, question, status, (Statement("In 1911.", (1,)),)))


def test_a_question_without_a_conversation_is_asked_alone() -> None:
    asked = asked_in_context("When was it built?", "When was it built?", [])
    assert [(query.searched, query.read) for query in asked.queries] == [
        ("When was it built?", "When was it built?")
    ]
    assert (asked.shown, asked.parts, asked.is_for_more) == ("When was it built?", (), False)


def test_a_follow_up_is_read_with_the_question_before_it() -> None:
    question = "When was it burnt down?"
    query, completed = asked_in_context(
        question, question, [turn("When was the mill built?")]
    ).queries
    assert query.searched == "When was the mill built? When was it burnt down?"
    assert query.read == "When was the mill built? || When was it burnt down?"
    assert (query.last, query.earlier) == (question, ("When was the mill built?",))
    assert completed.read.startswith("When was the mill")


def test_a_completion_in_parentheses_is_not_shown() -> None:
    asked = asked_in_context("And zebras?", "And zebras?", [turn("When do otters fish?")])
    assert asked.queries[1].read == "When do otters fish? (zebras)"
    assert asked.shown == "And zebras?"


def test_a_question_that_seems_complete_is_also_asked_alone() -> None:
    question = "Which weir feeds the mill at Aldbrook?"
    together, alone = asked_in_context(question, question, [turn("Who owns it?")]).queries
    assert together.read == f"Who owns it? || {question}"
    assert (alone.read, alone.in_context) == (question, False)


def test_only_the_last_two_questions_count_and_no_small_talk() -> None:
    history = [turn("Who?"), turn("When?"), turn("Where?"), turn("thanks", Status.SMALL_TALK)]
    (query, *_) = asked_in_context("Why?", "Why?", history).queries
    assert query.read == "When? || Where? || Why?"


def test_more_of_the_same_asks_the_last_question_again() -> None:
    asked = asked_in_context("What else?", "What else?", [turn("What does the mill make?")])
    (query,) = asked.queries
    assert (query.read, asked.is_for_more) == ("What does the mill make?", True)


def test_each_part_of_a_question_is_read_after_the_parts_before_it() -> None:
    question = "When was the mill built and who paid for it?"
    first, second = asked_in_context(question, question, []).parts
    assert first.queries[0].read == "When was the mill built?"
    assert second.queries[0].read == "When was the mill built? || who paid for it?"


def test_a_part_that_is_complete_is_also_looked_for_alone() -> None:
    question = "When was the mill built and who is Ada Brock?"
    second = asked_in_context(question, question, []).parts[1]
    assert [query.read for query in second.queries] == [
        "When was the mill built? || who is Ada Brock?",
        "who is Ada Brock?",
    ]


def test_the_parts_of_a_follow_up_are_read_after_the_questions_before() -> None:
    question = "When was it built and who paid for it?"
    parts = asked_in_context(question, question, [turn("Who owns the mill?")]).parts
    assert [part.queries[0].read for part in parts] == [
        "Who owns the mill? || When was it built?",
        "Who owns the mill? || When was it built? || who paid for it?",
    ]
