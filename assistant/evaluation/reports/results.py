"""The result of a case: the answer, the checks, and all that a report shows of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.evaluation.cases.case_model import Case
from assistant.evaluation.metrics.diagnosis import Diagnosis
from assistant.evaluation.metrics.judging import Check
from assistant.evaluation.metrics.observation import Observation
from assistant.types import Answer


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of a document with some text around it; ``line`` is counted from 1."""

    document_id: str
    source: str
    title: str
    start: int
    end: int
    line: int
    page: int | None
    before: str
    text: str
    after: str


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """A passage that the answer cites; number 0 for the closest passages if nothing was found."""

    number: int
    excerpt: Excerpt
    verbatim: bool
    is_evidence: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place that a right answer may rest on.

    ``need`` is the position of the need that it meets; places with the same need are alternatives.
    """

    need: int
    excerpt: Excerpt
    cited: bool


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A retrieved chunk: its rank from 1, and the needs it covers."""

    rank: int
    excerpt: Excerpt
    score: float
    dense_rank: int | None
    keyword_rank: int | None
    covers: tuple[int, ...]
    read: bool


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A case, its answer and the verdict; ``answer`` is None if asking raised ``error``."""

    case: Case
    answer: Answer | None
    observation: Observation
    checks: tuple[Check, ...] = ()
    cited: tuple[CitedPassage, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    retrieved: tuple[Retrieved, ...] = ()
    diagnosis: Diagnosis | None = None
    error: str = ""
    history: tuple[tuple[str, str], ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all expectations are met."""
        return self.observation.passed

    @property
    def is_possible(self) -> bool:
        """Whether an answer was expected, and the right one was shown as possible."""
        seen = self.observation
        return seen.answerable and seen.right and not seen.answered

    @property
    def key(self) -> tuple[str, str]:
        """What identifies the case from one run to the next: its file and its name."""
        return self.case.file, self.case.name

    @property
    def failures(self) -> tuple[Check, ...]:
        """The checks that failed."""
        return tuple(check for check in self.checks if not check.passed)

    @property
    def timings(self) -> Mapping[str, float]:
        """Seconds by stage."""
        return self.observation.timings
