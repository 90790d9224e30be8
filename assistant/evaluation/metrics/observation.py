"""The result of a case, as far as metrics need it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.evaluation.metrics.evidence import DocumentSpan, Need
from assistant.types import Status


@dataclass(frozen=True, slots=True)
class Observation:
    """The result of a case, as far as metrics need it.

    ``status`` is None for a case that raised an error: it counts as wrong in each share that it is
    labelled for. ``right`` is whether something was stated, certain or not, and meets all
    expectations except that of the status. ``correct`` is whether the expected words appear in an
    answer given with certainty, None without any. ``prediction`` is what reference answers are
    compared with.
    """

    passed: bool
    expected: Status | None = None
    status: Status | None = None
    right: bool = False
    needs: tuple[Need, ...] = ()
    relevance: tuple[frozenset[int], ...] = ()
    correct: bool | None = None
    prediction: str = ""
    references: tuple[str, ...] = ()
    cited: tuple[DocumentSpan, ...] = ()
    quotes: int = 0
    verbatim_quotes: int = 0
    statements: int = 0
    uncited_statements: int = 0
    confidence: float | None = None
    timings: Mapping[str, float] = field(default_factory=dict)

    @property
    def answered(self) -> bool:
        """Whether something was stated as an answer, with certainty."""
        return self.status == Status.ANSWERED

    @property
    def shown(self) -> bool:
        """Whether something was stated, as an answer or as a possible one."""
        return self.status in (Status.ANSWERED, Status.UNCERTAIN)

    @property
    def answerable(self) -> bool:
        """Whether the case says that the documents answer the question."""
        return self.expected == Status.ANSWERED

    @property
    def abstained(self) -> bool:
        """Whether no answer was given; small talk gives none either."""
        return self.status in (Status.NOT_FOUND, Status.SMALL_TALK)

    @property
    def unanswerable(self) -> bool:
        """Whether the case says that the documents do not answer the question."""
        return self.expected == Status.NOT_FOUND

    @property
    def judged_for_abstention(self) -> bool:
        """Whether the case says if the documents answer the question."""
        return self.expected in (Status.ANSWERED, Status.NOT_FOUND)
