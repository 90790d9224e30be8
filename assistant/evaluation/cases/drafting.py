"""Make a case of an answer, and add it to a case file."""

import os
import tempfile
from pathlib import Path
from typing import Any

from assistant.errors import UsageError
from assistant.evaluation.cases.case_files import load_cases
from assistant.evaluation.cases.case_model import Case, slug
from assistant.evaluation.yaml_text import read_yaml, write_yaml
from assistant.types import Answer, Status


def new_case(question: str, expect: dict[str, Any], taken: set[str]) -> dict[str, Any]:
    """Return a case as it is written to a file, with an id that is not yet ``taken``."""
    case = {"id": free_name(slug(question), taken), "question": question, "expect": expect}
    Case.model_validate(case)
    return case


def proposed(answer: Answer) -> dict[str, Any]:
    """Return what to expect, given an answer that is right.

    A right answer that is uncertain becomes a case that expects an answer.
    """
    is_possible = answer.status is Status.UNCERTAIN
    status = Status.ANSWERED if is_possible else answer.status
    expect: dict[str, Any] = {"status": status.value}
    words = [
        statement.text[slice(*statement.highlight)]
        for statement in answer.statements
        if statement.highlight
    ]
    if words:
        expect["contains"] = [one_line(words[0])]
    if answer.citations:
        expect["cites"] = [one_line(citation.quote) for citation in answer.citations]
    return expect


def append_case(path: Path, case: dict[str, Any]) -> None:
    """Add a case to the end of a file's ``cases``, and leave the rest of the file as it is.

    The file is created if it is missing, and replaced as a whole once the new text has been read
    back. Raises `UsageError` if the cases are written in brackets.
    """
    if not path.exists():
        replace_cases(path, "cases:\n" + written_case(case, 2))
        return
    load_cases(path)
    root = read_yaml(path).data
    cases = root["cases"]
    if cases.fa.flow_style():
        raise UsageError(
            f"{path}: the cases are written in brackets. Write them as a list with a dash before each."
        )
    starts = [root.lc.key(key)[0] for key in root]
    following = [line for line in starts if line > root.lc.key("cases")[0]]
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    end = min(following, default=len(lines))
    while end and (not lines[end - 1].strip() or (following and lines[end - 1].startswith("#"))):
        end -= 1
    before = "".join(lines[:end])
    gap = "" if before.endswith("\n") else "\n"
    new = written_case(case, cases.lc.col)
    replace_cases(path, f"{before}{gap}\n{new}{''.join(lines[end:])}")


def written_case(case: dict[str, Any], column: int) -> str:
    """Return a case as an item of a YAML list, indented to a column."""
    text = write_yaml([case])
    return "".join(
        f"{' ' * column}{line}" if line.strip() else line for line in text.splitlines(True)
    )


def replace_cases(path: Path, text: str) -> None:
    """Replace a case file by a text, after reading the text back as cases.

    Raises `UsageError` if the file cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        draft = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            load_cases(draft)
            if path.exists():
                draft.chmod(path.stat().st_mode & 0o777)
            else:
                draft.chmod(0o644)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"{str(path)!r} cannot be written: {error.strerror}.") from None


def one_line(text: str) -> str:
    """Return a text with each run of white space as a single space."""
    return " ".join(text.split())


def free_name(name: str, taken: set[str]) -> str:
    """Return the name, with the first free number after it if it is taken."""
    numbered = (f"{name}-{number}" for number in range(2, len(taken) + 3))
    return next(one for one in (name, *numbered) if one not in taken)
