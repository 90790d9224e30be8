"""Compare a report with an earlier one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import UsageError
from assistant.evaluation.reports.report import FORMAT, Report
from assistant.evaluation.reports.results import CaseResult

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class Change:
    """A metric then and now; None if undefined."""

    metric: str
    then: float | None
    now: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A report beside an older one, case by case; ``gone`` are cases that only the earlier one has."""

    better: tuple[CaseResult, ...]
    worse: tuple[CaseResult, ...]
    new: tuple[CaseResult, ...]
    gone: tuple[str, ...]
    changes: tuple[Change, ...]


def read_baseline(path: Path) -> dict[str, Any]:
    """Return an earlier report that ``--json`` wrote. Raises `UsageError` for anything else."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"The baseline {str(path)!r} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise UsageError(f"The baseline {str(path)!r} is not JSON.") from None
    if not _is_report(found):
        raise UsageError(
            f"The baseline {str(path)!r} is not a report of format {FORMAT}. "
            "Write one with: assistant evaluate --json FILE"
        )
    return dict(found)


def compare(report: Report, baseline: Mapping[str, Any]) -> Comparison:
    """Return what got better or worse since an earlier report, and which cases are new or gone."""
    then = {(case["file"], case["id"]): bool(case["passed"]) for case in baseline["results"]}
    now = {result.key for result in report.results}
    old = {name: figure["value"] for name, figure in baseline["overall"].items()}
    values = {name: figure.value for name, figure in report.overall.items()}
    return Comparison(
        tuple(one for one in report.results if one.passed and then.get(one.key) is False),
        tuple(one for one in report.results if not one.passed and then.get(one.key) is True),
        tuple(one for one in report.results if one.key not in then),
        tuple(name for file, name in then if (file, name) not in now),
        tuple(
            Change(name, old.get(name), value)
            for name, value in values.items()
            if old.get(name) != value
        ),
    )


def _is_report(found: Any) -> bool:
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        return False
    results, overall = found.get("results"), found.get("overall")
    return (
        isinstance(results, list)
        and all(isinstance(one, dict) and {"file", "id", "passed"} <= one.keys() for one in results)
        and isinstance(overall, dict)
        and all(isinstance(one, dict) and "value" in one for one in overall.values())
    )
