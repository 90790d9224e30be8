"""Reads ``*.eval.yaml`` files into cases, and tells everything that is wrong with one at once.

Every plain value is taken as it is written: ``contains: 1.50`` asks for "1.50", and
``contains: no`` for "no".
"""

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
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

CASE_SUFFIX = ".eval.yaml"
_TAG = "tag:yaml.org,2002:"
_FOLDERS_LEFT_OUT = {"node_modules", "venv", "build", "dist", "site-packages", "__pycache__"}
_FIELDS: dict[str, type[BaseModel]] = {"expect": Expectation, "cites": Quote, "cites_all": Quote}


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A file's cases, the thresholds they must keep, and the corpus they are about.

    ``corpus`` is None where the file names none: the working directory's is meant.
    """

    path: Path
    cases: tuple[Case, ...]
    thresholds: dict[str, float]
    corpus: Path | None = None


def load_cases(path: Path | str) -> CaseFile:
    """Read and check one case file.

    Raises `CaseFileError` with a line for each thing that is wrong: file, line, field, and what
    was expected.
    """
    path = Path(path)
    root = _compose(path)
    problems = _Problems(path)
    data = _plain(root, problems, (), set())
    if problems.found:
        raise problems.error()
    try:
        model = CaseFileModel.model_validate(data)
    except ValidationError as error:
        for problem in _worth_showing(error):
            problems.add(_line(root, problem["loc"]), problem["loc"], _expected(problem))
        raise problems.error() from None
    corpus = path.parent / model.corpus if model.corpus else None
    if corpus is not None and not corpus.is_dir():
        problems.add(_line(root, ("corpus",)), ("corpus",), f"there is no folder {corpus}")
    cases = _placed(model.cases, root, path, problems)
    if problems.found:
        raise problems.error()
    return CaseFile(path, cases, dict(model.thresholds), corpus)


def load_case_files(paths: Iterable[Path]) -> list[CaseFile]:
    """Read case files; raises one `CaseFileError` for all that is wrong in all of them."""
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
    """The files meant: those given, and the ``*.eval.yaml`` below given folders.

    Without any, those below the working directory. Hidden folders and what installing and
    building leave are not searched. Raises `UsageError` when there are none.
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
            'Write one, or begin with: assistant evaluate --new "a question"'
        )
    return list(dict.fromkeys(found))


def files_below(folder: Path, suffix: str) -> Iterator[Path]:
    """The files with a suffix below a folder, without hidden folders and what installing leaves."""
    for path in folder.rglob(f"*{suffix}"):
        folders = path.relative_to(folder).parts[:-1]
        if not any(part.startswith(".") or part in _FOLDERS_LEFT_OUT for part in folders):
            yield path


class _Problems:
    """What is wrong with a file so far."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.found: list[tuple[int, str]] = []

    def add(self, line: int, location: Sequence[str | int], expected: str) -> None:
        where = _dotted(location)
        self.found.append((line, f"{self._path}:{line}: {where}{': ' if where else ''}{expected}"))

    def error(self) -> CaseFileError:
        return CaseFileError("\n".join(text for _, text in sorted(self.found)))


def _compose(path: Path) -> yaml.Node:
    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        raise CaseFileError(f"{path}: is not UTF-8 text ({error.reason}).") from None
    except OSError as error:
        raise CaseFileError(f"{path}: cannot be read: {error.strerror}.") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        context = f" {error.context}" if error.context else ""
        raise CaseFileError(
            f"{path}:{line}: is not YAML: {error.problem}{context}. "
            "Text with a colon or a # in it, or a question mark inside brackets, belongs in quotation "
            "marks."
        ) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise CaseFileError(f"{path}: is not YAML: {error}") from None
    if root is None:
        raise CaseFileError(f"{path}:1: is empty; it needs a list of cases under 'cases:'.")
    return root


def _plain(
    node: yaml.Node, problems: _Problems, location: tuple[str | int, ...], seen: set[int]
) -> Any:
    """The node as lists, mappings and text; an empty value is None."""
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node, problems, location)
    if id(node) in seen:
        problems.add(line, location, "a part that is repeated by reference must be written out")
        return None
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return [
            _plain(item, problems, (*location, place), seen)
            for place, item in enumerate(node.value)
        ]
    mapping: dict[str, Any] = {}
    for key, value in node.value:
        name = str(key.value)
        if name in mapping:
            problems.add(key.start_mark.line + 1, (*location, name), "is given twice")
        mapping[name] = _plain(value, problems, (*location, name), seen)
    return mapping


def _scalar(node: yaml.ScalarNode, problems: _Problems, location: Sequence[str | int]) -> Any:
    if not node.tag.startswith(_TAG) or node.tag.startswith(f"{_TAG}python"):
        problems.add(node.start_mark.line + 1, location, f"the tag {node.tag} has no meaning here")
    if node.tag == f"{_TAG}null" and node.style is None:
        return None
    return str(node.value)


def _placed(
    cases: Sequence[Case], root: yaml.Node, path: Path, problems: _Problems
) -> tuple[Case, ...]:
    """The cases with their places, and with ids where they had none; repeated ids are a problem."""
    names = Counter(case.id for case in cases if case.id)
    placed: list[Case] = []
    for position, case in enumerate(cases):
        location = ("cases", position)
        if case.id and names[case.id] > 1:
            problems.add(
                _line(root, (*location, "id")), (*location, "id"), f"{case.id!r} is given twice"
            )
        name = case.name
        if not case.id and names[name]:
            name = next(f"{name}-{n}" for n in range(2, len(cases) + 2) if not names[f"{name}-{n}"])
        names[name] += not case.id
        lines = {
            f"expect.{field}.{number}": _line(root, (*location, "expect", field, number))
            for field in ("cites", "cites_all")
            for number in range(len(getattr(case.expect, field)))
        }
        place = Place(path, _line(root, location), lines)
        placed.append(case.model_copy(update={"id": name}).at(place))
    return tuple(placed)


def _line(root: yaml.Node, location: Sequence[str | int]) -> int:
    """The line of a field, or of the innermost thing around it that stands in the file."""
    node, line = root, int(root.start_mark.line) + 1
    for part in location:
        if isinstance(node, yaml.MappingNode):
            found = [(key, value) for key, value in node.value if key.value == part]
            if not found:
                break
            key, node = found[-1]
            line = key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            if part >= len(node.value):
                break
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            break
    return line


def _dotted(location: Sequence[str | int]) -> str:
    """``cases[3].expect.cites[0]``; positions are counted from 0, as in code."""
    text = ""
    for part in location:
        if part == "[key]":
            continue
        text += f"[{part}]" if isinstance(part, int) else f"{'.' if text else ''}{part}"
    return text


def _worth_showing(error: ValidationError) -> Iterator[Any]:
    """What pydantic found; a list is not "too short" because what stands in it is wrong."""
    found = error.errors()
    for problem in found:
        depth = len(problem["loc"])
        inside = (one for one in found if one["loc"][:depth] == problem["loc"])
        if problem["type"] != "too_short" or all(len(one["loc"]) == depth for one in inside):
            yield problem


def _expected(problem: Any) -> str:
    """What was expected of a field, in words for an editor."""
    location, given = problem["loc"], problem["input"]
    match problem["type"]:
        case "extra_forbidden":
            known = list(_model_at(location[:-1]).model_fields)
            near = difflib.get_close_matches(str(location[-1]), known, 1)
            hint = f"; is {near[0]!r} meant?" if near else ""
            return f"there is no such field; expected one of {', '.join(known)}{hint}"
        case "missing":
            return "is missing"
        case "value_error":
            return str(problem["ctx"]["error"])
        case "enum":
            return f"expected {problem['ctx']['expected']}, not {given!r}"
        case "too_short":
            return "is empty; leave it out, or give at least one"
        case "string_type" | "string_too_short" if not given:
            return "is empty; expected text"
        case "string_type":
            return "expected text"
        case _:
            shown = "" if isinstance(given, dict | list) else f", not {given!r}"
            return f"{problem['msg'][0].lower()}{problem['msg'][1:]}{shown}"


def _model_at(location: Sequence[str | int]) -> type[BaseModel]:
    names = [part for part in location if isinstance(part, str)]
    if not names:
        return CaseFileModel
    return _FIELDS.get(names[-1], Case)
