"""Read ``*.eval.yaml`` files into cases, and report all their errors at once.

Every plain value is text as it is written: ``contains: 1.50`` asks for "1.50", and
``contains: no`` for "no".
"""

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from assistant.errors import UsageError
from assistant.evaluation.cases.case_model import (
    Case,
    CaseFileError,
    CaseFileModel,
    Expectation,
    Place,
    Quote,
)
from assistant.evaluation.yaml_text import Location, YamlText, read_yaml
from assistant.validation_messages import plain_message

CASE_SUFFIX = ".eval.yaml"
_FOLDERS_LEFT_OUT = {"node_modules", "venv", "build", "dist", "site-packages", "__pycache__"}
_FIELDS: dict[str, type[BaseModel]] = {"expect": Expectation, "cites": Quote, "cites_all": Quote}


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A file's cases, the thresholds they must keep, and the corpus they are about.

    ``corpus`` is None if the file names none: then it is that of the working directory.
    """

    path: Path
    cases: tuple[Case, ...]
    thresholds: dict[str, float]
    corpus: Path | None = None


def load_cases(path: Path | str) -> CaseFile:
    """Read and check one case file.

    Raises `CaseFileError` with a line for each error: file, line, field, and what was expected.
    """
    path = Path(path)
    text = read_yaml(path)
    if text.data is None:
        raise CaseFileError(
            f"{path}:1: the file is empty; it needs a list of cases under 'cases:'."
        )
    problems = _CaseFaults(path, text)
    if problems.found:
        raise problems.error()
    try:
        model = CaseFileModel.model_validate(text.data)
    except ValidationError as error:
        for problem in _worth_showing(error):
            problems.add(problem["loc"], _expected(problem))
        raise problems.error() from None
    corpus = path.parent / model.corpus if model.corpus else None
    if corpus is not None and not corpus.is_dir():
        problems.add(("corpus",), f"the folder {corpus} does not exist")
    cases = _placed(model.cases, text, path, problems)
    if problems.found:
        raise problems.error()
    return CaseFile(path, cases, dict(model.thresholds), corpus)


def load_case_files(paths: Iterable[Path]) -> list[CaseFile]:
    """Read case files. Raises one `CaseFileError` for all errors in all of them."""
    files: list[CaseFile] = []
    wrong: list[str] = []
    for path in paths:
        try:
            files.append(load_cases(path))
        except CaseFileError as error:
            wrong.append(str(error))
    if wrong:
        raise CaseFileError("\n".join(wrong))
    return files


def find_case_files(given: Sequence[Path]) -> list[Path]:
    """Return the files given, and the ``*.eval.yaml`` files in and below the folders given.

    Without any, search the working directory. Hidden folders and those that installing and
    building leave behind are not searched. Raises `UsageError` if there are no files.
    """
    found: list[Path] = []
    for path in given or [Path()]:
        if path.is_dir():
            found.extend(sorted(files_below(path, CASE_SUFFIX)))
        elif path.is_file():
            found.append(path)
        else:
            raise UsageError(f"There is no file or folder {str(path)!r}.")
    if not found:
        where = ", ".join(repr(str(path)) for path in given) or "the working directory"
        raise UsageError(
            f"There is no *{CASE_SUFFIX} file in {where}. "
            'Write one, or start with: assistant evaluate --new "a question"'
        )
    return list(dict.fromkeys(found))


def files_below(folder: Path, suffix: str) -> Iterator[Path]:
    """Yield the files with a suffix below a folder, as `find_case_files` searches it."""
    for path in folder.rglob(f"*{suffix}"):
        folders = path.relative_to(folder).parts[:-1]
        if not any(part.startswith(".") or part in _FOLDERS_LEFT_OUT for part in folders):
            yield path


class _CaseFaults:
    """The errors of a file so far."""

    def __init__(self, path: Path, text: YamlText) -> None:
        self._path, self._text = path, text
        self.found = [(line, f"{path}:{line}: {problem}") for line, problem in text.problems]

    def add(self, location: Location, expected: str) -> None:
        line, where = self._text.line(location), _dotted(location)
        self.found.append((line, f"{self._path}:{line}: {where}{': ' if where else ''}{expected}"))

    def error(self) -> CaseFileError:
        return CaseFileError("\n".join(text for _, text in sorted(self.found)))


def _placed(
    cases: Sequence[Case], text: YamlText, path: Path, problems: _CaseFaults
) -> tuple[Case, ...]:
    """Return the cases with their places, and with ids if they had none; report repeated ids."""
    names = Counter(case.id for case in cases if case.id)
    placed: list[Case] = []
    for position, case in enumerate(cases):
        location = ("cases", position)
        if case.id and names[case.id] > 1:
            problems.add((*location, "id"), f"{case.id!r} appears twice")
        name = case.name
        if not case.id and names[name]:
            name = next(f"{name}-{n}" for n in range(2, len(cases) + 2) if not names[f"{name}-{n}"])
        names[name] += not case.id
        lines = {
            f"expect.{field}.{number}": text.line((*location, "expect", field, number))
            for field in ("cites", "cites_all")
            for number in range(len(getattr(case.expect, field)))
        }
        place = Place(path, text.line(location), lines)
        placed.append(case.model_copy(update={"id": name}).at(place))
    return tuple(placed)


def _dotted(location: Sequence[str | int]) -> str:
    """Return ``cases[3].expect.cites[0]``; positions are counted from 0, as in code."""
    text = ""
    for part in location:
        if part == "[key]":
            continue
        text += f"[{part}]" if isinstance(part, int) else f"{'.' if text else ''}{part}"
    return text


def _worth_showing(error: ValidationError) -> Iterator[Any]:
    """Yield pydantic's errors, without "too short" for a list whose items are wrong."""
    found = error.errors()
    for problem in found:
        depth = len(problem["loc"])
        inside = (one for one in found if one["loc"][:depth] == problem["loc"])
        if problem["type"] != "too_short" or all(len(one["loc"]) == depth for one in inside):
            yield problem


def _expected(problem: Any) -> str:
    """Return what was expected of a field, in words for an editor."""
    location, given = problem["loc"], problem["input"]
    match problem["type"]:
        case "extra_forbidden":
            known = list(_model_at(location[:-1]).model_fields)
            near = difflib.get_close_matches(str(location[-1]), known, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            return f"unknown field; expected one of {', '.join(known)}{hint}"
        case "missing" | "value_error":
            return plain_message(problem)
        case "enum":
            return f"expected {problem['ctx']['expected']}, not {given!r}"
        case "too_short":
            return "is empty; remove it, or give at least one value"
        case "string_type" | "string_too_short" if not given:
            return "is empty; expected text"
        case "string_type":
            return "expected text"
        case _:
            shown = "" if isinstance(given, dict | list) else f", not {given!r}"
            return f"{plain_message(problem)}{shown}"


def _model_at(location: Sequence[str | int]) -> type[BaseModel]:
    names = [part for part in location if isinstance(part, str)]
    if not names:
        return CaseFileModel
    return _FIELDS.get(names[-1], Case)
