"""What readers asked is summed up by day, and what found no answer is grouped by likeness."""

from dataclasses import replace

from assistant.feedback.question_insights import Day, Missing, days_of, unanswered_groups
from assistant.testing import WordEncoder
from assistant.types import Feedback, Status


def asked(
    question: str, status: Status, helpful: bool | None = None, day: str = "2026-03-01"
) -> Feedback:
    time = f"{day}T10:00:00+00:00"
    return Feedback("id", time, question, question, helpful, "", status, "", (), (), "extractive")


def test_each_day_has_its_questions_by_what_became_of_them() -> None:
    records = [
        asked("A", Status.ANSWERED),
        asked("A", Status.ANSWERED, helpful=True),  # the same question, now rated
        asked("B", Status.UNCERTAIN, helpful=False),
        asked("C", Status.NOT_FOUND),
        asked("C", Status.NOT_FOUND),
        asked("D", Status.NOT_FOUND, day="2026-02-28"),
    ]
    assert days_of(records) == [
        Day("2026-02-28", 1, not_found=1),
        Day("2026-03-01", 4, 1, 1, 2, helpful=1, not_helpful=1),
    ]
    assert days_of([]) == []


def test_questions_alike_are_one_group_and_the_most_frequent_comes_first() -> None:
    records = [
        asked("who feeds the heron", Status.NOT_FOUND),
        *[asked("price of a new pump", Status.NOT_FOUND)] * 2,
        asked("the price of a pump", Status.NOT_FOUND),
        asked("price of a pump", Status.ANSWERED),
    ]
    assert unanswered_groups(records, WordEncoder()) == [
        Missing(("price of a new pump", "the price of a pump"), 3),
        Missing(("who feeds the heron",), 1),
    ]
    assert unanswered_groups([], WordEncoder()) == []


def test_a_rated_question_counts_once_in_its_group_as_in_its_day() -> None:
    records = [
        asked("who feeds the heron", Status.NOT_FOUND),
        asked("Who feeds the heron", Status.NOT_FOUND, helpful=False),
        asked("who feeds the heron", Status.NOT_FOUND, day="2026-03-02"),
    ]
    groups = unanswered_groups(records, WordEncoder())
    assert sum(group.count for group in groups) == 2
    assert sum(day.not_found for day in days_of(records)) == 2


def test_a_follow_up_is_grouped_as_it_was_understood() -> None:
    record = replace(asked("And why?", Status.NOT_FOUND), standalone_question="Why  did it burn?")
    (group,) = unanswered_groups([record], WordEncoder())
    assert group.questions == ("Why did it burn?",)
