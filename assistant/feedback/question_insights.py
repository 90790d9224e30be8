"""Sum up what readers asked: questions a day by what became of them, and what found no answer."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from assistant.protocols import Encoder
from assistant.types import Feedback, Status

ALIKE = 0.6
"""The cosine from which two questions are in one group."""
COUNTS = ("questions", "answered", "uncertain", "not_found", "helpful", "not_helpful")
"""The figures of a day."""


@dataclass(frozen=True, slots=True)
class Day:
    """The questions of a day (UTC), by what became of them, and the verdicts on their answers."""

    date: str
    questions: int = 0
    answered: int = 0
    uncertain: int = 0
    not_found: int = 0
    helpful: int = 0
    not_helpful: int = 0


@dataclass(frozen=True, slots=True)
class Missing:
    """Questions alike that found no answer, the most frequent first, and how often they were asked.

    ``nearest`` is the place in the documents that is nearest to them, by title and headings.
    """

    questions: tuple[str, ...]
    count: int
    nearest: str = ""


@dataclass(frozen=True, slots=True)
class Insights:
    """The questions of each day, and those without an answer, the most frequent first."""

    days: tuple[Day, ...] = ()
    unanswered: tuple[Missing, ...] = ()

    @property
    def total(self) -> Day:
        """The sums over all days, without a date."""
        return Day("", *(sum(getattr(day, name) for day in self.days) for name in COUNTS))

    def to_dict(self) -> dict[str, Any]:
        """Return the insights as JSON-ready values."""
        return asdict(self)


def days_of(records: Iterable[Feedback]) -> list[Day]:
    """Return the days on which something was stored, oldest first.

    A rated answer and its question, stored without a rating, are one question.
    """
    return [_day(date, group) for date, group in sorted(_by_day(records).items())]


def _by_day(records: Iterable[Feedback]) -> dict[str, list[Feedback]]:
    by_day: dict[str, list[Feedback]] = {}
    for record in records:
        by_day.setdefault(record.time[:10], []).append(record)
    return by_day


def _asked(records: Sequence[Feedback]) -> list[Feedback]:
    """Return the records of a day, without those of questions whose answers were rated later."""
    asked = [record for record in records if record.helpful is not None]
    known = Counter(_key(record) for record in asked)
    for record in records:
        if record.helpful is None and known[_key(record)]:
            known[_key(record)] -= 1
        elif record.helpful is None:
            asked.append(record)
    return asked


def _day(date: str, records: Sequence[Feedback]) -> Day:
    asked = _asked(records)
    statuses = Counter(record.status for record in asked)
    return Day(
        date,
        len(asked),
        statuses[Status.ANSWERED],
        statuses[Status.UNCERTAIN],
        statuses[Status.NOT_FOUND],
        sum(record.helpful is True for record in asked),
        sum(record.helpful is False for record in asked),
    )


def _key(record: Feedback) -> tuple[str, Status]:
    return record.question.casefold(), record.status


def unanswered_groups(records: Iterable[Feedback], encoder: Encoder) -> list[Missing]:
    """Return the questions that found no answer, those alike together, the most frequent first.

    A question counts as in `days_of`. It joins the first group whose most frequent question is
    alike, by the cosine of their embeddings.
    """
    asked = Counter(
        " ".join((record.standalone_question or record.question).split())
        for day in _by_day(records).values()
        for record in _asked(day)
        if record.status is Status.NOT_FOUND
    )
    if not asked:
        return []
    questions = [question for question, _ in asked.most_common()]
    vectors = encoder.encode(questions)
    groups: list[list[int]] = []
    for position, vector in enumerate(vectors):
        near = (group for group in groups if float(np.dot(vectors[group[0]], vector)) >= ALIKE)
        group = next(near, None)
        if group is None:
            groups.append([position])
        else:
            group.append(position)
    made = [
        Missing(
            tuple(questions[position] for position in group),
            sum(asked[questions[position]] for position in group),
        )
        for group in groups
    ]
    return sorted(made, key=lambda group: -group.count)
