"""Makes a case of an answer, and adds it to a file of cases."""

import os
import tempfile
from pathlib import Path
from typing import Any

from assistant.errors import UsageError
from assistant.evaluation.cases.case_files import load_cases
from assistant.evaluation.cases.case_model import Case, slug
from assistant.evaluation.yaml_text import read_yaml, write_yaml
from assistant.types import Answer


def new_case(question: str, expect: dict[str, Any], taken: set[str]) -> dict[str, Any]:
    """A case as it is written to a file; its id is made of the question and not yet ``taken``."""
    case = {"id": free_name(slug(question), taken), "question": question, "expect": expect}
    Case.model_validate(case)
    return case


def proposed(answer: Answer) -> dict[str, Any]:
    """What to expect of an answer that is right as it is."""
    expect: dict[str, Any] = {"status": answer.status.value}
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
    """Add a case to the end of a file's ``cases``; what stands in the file stays as it is.

    The file is made if it is missing. It is replaced whole, and only by one that can be read.
    Raises `UsageError` for cases that are written in brackets.
    """
    if not path.exists():
        replace_cases(path, "cases:\n" + written_case(case, 2))
        return
    load_cases(path)
    root = read_yaml(path).data
    cases = root["cases"]
    if cases.fa.flow_style():
        raise UsageError(f"{path}: the cases are written in brackets; put them below one another.")
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
    """A case as an entry of a list in YAML, that begins at a column."""
    text = write_yaml([case])
    return "".join(
        f"{' ' * column}{line}" if line.strip() else line for line in text.splitlines(True)
    )


def replace_cases(path: Path, text: str) -> None:
    """Write beside the file, read that as cases, and put it in the file's place.

    Raises `UsageError` if it cannot be written.
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
    """A text with its runs of white space as single spaces."""
    return " ".join(text.split())


def free_name(name: str, taken: set[str]) -> str:
    """The name, or the name with the first number that is not taken."""
    numbered = (f"{name}-{number}" for number in range(2, len(taken) + 3))
    return next(one for one in (name, *numbered) if one not in taken)
