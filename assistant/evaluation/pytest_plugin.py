"""Collect ``*.eval.yaml`` files in pytest: each case is a test, ``thresholds`` another.

pytest loads this in every project of an environment, so nothing heavy is imported here.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.evaluation.cases.case_files import CaseFile
    from assistant.evaluation.opening import OpenAssistants
    from assistant.evaluation.reports.results import CaseResult
    from assistant.evaluation.runner import Evaluation

SUFFIX = ".eval.yaml"
THRESHOLDS = "thresholds"
_LABEL_WIDTH = 12


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the plugin."""
    group = parser.getgroup("assistant", "assistant: questions in *.eval.yaml files")
    group.addoption("--assistant-corpus", help="Folder of the documents. [default: as configured]")
    group.addoption("--assistant-index", help="Folder of the index. [default: as configured]")
    group.addoption(
        "--assistant-engine", default=None, help="Engine. [default: the assistant's first]"
    )
    group.addoption(
        "--assistant-failing",
        choices=("fail", "xfail"),
        help="How a failing case counts in a file with thresholds; with xfail, only the "
        "thresholds decide. [default: fail]",
    )
    parser.addini(
        "assistant_failing", "Default for --assistant-failing: fail or xfail.", default="fail"
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "CaseFileCollector | None":
    """Collect case files."""
    if file_path.name.endswith(SUFFIX):
        collector: CaseFileCollector = CaseFileCollector.from_parent(parent, path=file_path)
        return collector
    return None


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close what the session opened."""
    if opened := config.stash.get(_OPENED, None):
        assistants, own = opened
        assistants.close()
        own.close()


class CaseFileCollector(pytest.File):
    """A case file; its assistant is opened when its first case runs."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item for each case, then the thresholds."""
        from assistant.evaluation.cases.case_files import (
            load_cases,
        )  # pydantic and ruamel.yaml take a moment

        self._results: dict[int, CaseResult] = {}
        self._evaluation: Evaluation | None = None
        self.cases: CaseFile = load_cases(self.path)
        for position, case in enumerate(self.cases.cases):
            item: CaseItem = CaseItem.from_parent(self, name=case.name, position=position)
            yield item
        if self.cases.thresholds:
            thresholds: ThresholdsItem = ThresholdsItem.from_parent(self, name=THRESHOLDS)
            yield thresholds

    def result(self, position: int) -> "CaseResult":
        """Return the result of a case, asked once; the quotes of all cases are checked first."""
        if position not in self._results:
            if self._evaluation is None:
                from assistant.evaluation.runner import Evaluation  # only when a case runs

                assistants, _ = _opened(self.config)
                self._evaluation = Evaluation(
                    assistants.over(self.cases.corpus),
                    self.cases.cases,
                    self.config.getoption("--assistant-engine"),
                )
            self._results[position] = self._evaluation.result(position)
        return self._results[position]

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the errors of the file, without a traceback."""
        return _without_traceback(self, excinfo) or super().repr_failure(excinfo)


class CaseFailedError(Exception):
    """A case failed."""


class ThresholdMissedError(Exception):
    """A figure does not meet its threshold."""


class _Item(pytest.Item):
    parent: CaseFileCollector

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return what failed, without a traceback."""
        return _without_traceback(self, excinfo) or super().repr_failure(excinfo)


class CaseItem(_Item):
    """A case as a test."""

    def __init__(self, *, position: int, **others: Any) -> None:
        super().__init__(**others)
        self.position = position
        case = self.parent.cases.cases[position]
        self.extra_keyword_matches.update(case.tags)
        self.user_properties += [("question", case.questions[-1])]

    def runtest(self) -> None:
        """Ask the question, and fail with a readable account."""
        result = self.parent.result(self.position)
        if result.passed:
            return
        message = _account(result)
        if self.parent.cases.thresholds and _failing(self.config) == "xfail":
            stage = result.diagnosis.stage.value if result.diagnosis else "failed"
            reason = result.diagnosis.reason if result.diagnosis else message
            pytest.xfail(f"{stage}: {reason}")
        raise CaseFailedError(message)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return the file, the line (from 0) and the name of the case."""
        place = self.parent.cases.cases[self.position].place
        return self.path, place.line - 1 if place else None, self.name


class ThresholdsItem(_Item):
    """The thresholds of a file as a test; it asks cases that were not selected too."""

    def runtest(self) -> None:
        """Fail with the thresholds that were missed."""
        from assistant.evaluation.metrics.summary import summarize  # pydantic takes a moment
        from assistant.evaluation.reports.report import check_threshold  # pydantic takes a moment

        file = self.parent.cases
        results = [self.parent.result(position) for position in range(len(file.cases))]
        summary = summarize([result.observation for result in results])
        checks = [
            check_threshold(metric, bound, summary) for metric, bound in file.thresholds.items()
        ]
        if missed := [str(check) for check in checks if not check.holds]:
            raise ThresholdMissedError("\n".join(missed))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return the file and the name."""
        return self.path, None, self.name


@pytest.fixture(scope="session")
def assistant(pytestconfig: pytest.Config) -> "Assistant":
    """Return the assistant over the working directory's corpus, or --assistant-corpus."""
    return _opened(pytestconfig)[0].over(None)


@pytest.fixture
def check_answer(
    assistant: "Assistant", pytestconfig: pytest.Config
) -> Callable[..., "CaseResult"]:
    """Return a function that asks a question and fails unless the answer is as expected.

    ``check_answer("When was it founded?", contains="2001", cites="founded in 2001")``: the
    keywords are those of a case's ``expect``; several questions in a list are a conversation.
    """
    from assistant.evaluation.cases.case_model import case_of  # pydantic takes a moment
    from assistant.evaluation.runner import Evaluation  # pydantic takes a moment

    def check(question: str | list[str], **expect: Any) -> "CaseResult":
        __tracebackhide__ = True
        engine = pytestconfig.getoption("--assistant-engine")
        result = Evaluation(assistant, [case_of(question, **expect)], engine).result(0)
        if not result.passed:
            pytest.fail(_account(result), pytrace=False)
        return result

    return check


_OPENED = pytest.StashKey["tuple[OpenAssistants, Assistant]"]()


def _opened(config: pytest.Config) -> "tuple[OpenAssistants, Assistant]":
    """Return the session's assistants, opened when first needed, with their indexes up to date."""
    if _OPENED not in config.stash:
        from assistant.assistant import Assistant  # models and storage take a while to import
        from assistant.evaluation.opening import OpenAssistants  # with it

        corpus, index = (config.getoption(f"--assistant-{name}") for name in ("corpus", "index"))
        own = Assistant.open(
            corpus=Path(corpus) if corpus else None,
            index=Path(index) if index else None,
            keep_unanswered=False,  # no reader asks these questions
        )
        config.stash[_OPENED] = (OpenAssistants(own, lambda one: one.ingest()), own)
    return config.stash[_OPENED]


def _failing(config: pytest.Config) -> str:
    chosen = config.getoption("--assistant-failing") or config.getini("assistant_failing")
    if chosen not in ("fail", "xfail"):
        raise pytest.UsageError(f"assistant_failing must be fail or xfail, not {chosen!r}")
    return str(chosen)


def _account(result: "CaseResult") -> str:
    """Return a failed case, line by line."""
    from assistant.evaluation.reports.phrasing import failure_lines  # only when a case fails
    from assistant.text.safe_display import safe  # only when a case fails

    return "\n".join(
        f"{label + ':':<{_LABEL_WIDTH}}{safe(text)}" for label, text in failure_lines(result)
    )


def _without_traceback(
    node: pytest.Item | pytest.Collector, excinfo: pytest.ExceptionInfo[BaseException]
) -> str | None:
    """Return the message of an error that a person can meet; None for any other."""
    from assistant.errors import AssistantError  # only when a case fails

    if node.config.getoption("fulltrace", False):
        return None
    if isinstance(excinfo.value, CaseFailedError | ThresholdMissedError | AssistantError):
        return str(excinfo.value)
    return None
