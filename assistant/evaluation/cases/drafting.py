"""``assistant evaluate --new``: makes a case of a question and the answer an editor approves of."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.text import Text

from assistant.assistant import Assistant
from assistant.cli.console import print_answer
from assistant.cli.evaluation_run import update_index
from assistant.errors import UsageError
from assistant.evaluation.cases.case_files import SUFFIX, find_case_files, load_cases
from assistant.evaluation.cases.model import Case, slug
from assistant.evaluation.metrics.evidence import DocumentTexts
from assistant.evaluation.opening import Assistants
from assistant.text.safe_display import safe
from assistant.types import Answer, Status

FIRST_FILE = f"questions{SUFFIX}"
_WIDTH = 96

Prompt = Callable[[str], str]
"""Shows a prompt and returns the line that was typed; raises `EOFError` at the end of input."""


def add_case(
    assistant: Assistant, question: str, file: Path | None, console: Console, prompt: Prompt
) -> int:
    """Ask a question, show the answer, and append the case that the editor makes of it.

    Without a file it goes to the only case file below the working directory, or to a new one.
    Returns the exit code: 0, also when the editor wants no case. Raises `UsageError` where the
    file is not clear or cannot be added to.
    """
    path = file or _only_file()
    known = load_cases(path) if path.exists() else None
    with Assistants(assistant, update_index) as assistants:
        asked = assistants.over(known.corpus if known else None)
        answer = asked.ask(question)
        print_answer(console, answer, asked)
        console.print()
        try:
            expect = _approved(answer, asked, console, prompt)
        except EOFError:
            expect = None
    if expect is None:
        console.print("No case was added.")
        return 0
    taken = {case.name for case in known.cases} if known else set()
    case = {"id": free_name(slug(question), taken), "question": question, "expect": expect}
    Case.model_validate(case)
    append_case(path, case)
    console.print(Text(f"Added {case['id']!r} to {path}."), soft_wrap=True)
    return 0


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
    text = path.read_text(encoding="utf-8")
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)  # or it would not have loaded
    cases = next(value for key, value in root.value if key.value == "cases")
    if cases.flow_style:
        raise UsageError(f"{path}: the cases are written in brackets; put them below one another.")
    following = [
        key.start_mark.line
        for key, _ in root.value
        if key.start_mark.index > cases.start_mark.index
    ]
    lines = text.splitlines(keepends=True)
    end = min(following, default=len(lines))
    while end and (not lines[end - 1].strip() or (following and lines[end - 1].startswith("#"))):
        end -= 1
    before = "".join(lines[:end])
    gap = "" if before.endswith("\n") else "\n"
    new = written_case(case, cases.start_mark.column)
    replace_cases(path, f"{before}{gap}\n{new}{''.join(lines[end:])}")


def _approved(
    answer: Answer, assistant: Assistant, console: Console, prompt: Prompt
) -> dict[str, Any] | None:
    """What the editor expects: the answer as it is, something else, or (None) nothing at all."""
    while True:
        choice = prompt("Is this right? [y]es, [c]orrect it, [n]o case: ").strip().lower()
        if choice in ("y", "yes"):
            return proposed(answer)
        if choice in ("n", "no", "q"):
            return None
        if choice in ("c", "correct"):
            return _corrected(assistant, console, prompt)


def _corrected(assistant: Assistant, console: Console, prompt: Prompt) -> dict[str, Any]:
    statuses = {"a": Status.ANSWERED, "n": Status.NOT_FOUND, "s": Status.SMALL_TALK}
    asked = "Right would be: [a]nswered, [n]ot found, [s]mall talk: "
    while (status := statuses.get(prompt(asked).strip().lower()[:1])) is None:
        pass
    expect: dict[str, Any] = {"status": status.value}
    if status != Status.ANSWERED:
        return expect
    if words := _lines("Words it must contain (an empty line ends): ", prompt):
        expect["contains"] = words
    texts = DocumentTexts(assistant.document(one.id) for one in assistant.documents())
    quotes: list[str] = []
    while quote := prompt("A passage it may cite (an empty line ends): ").strip():
        if texts.locate(quote):
            quotes.append(quote)
            continue
        near = texts.nearest(quote)
        hint = f" Nearest is {near.source}, line {near.line}: “{near.text}”" if near else ""
        console.print(Text(safe(f"That is not in the documents.{hint}"), style="yellow"))
    if quotes:
        expect["cites"] = quotes
    return expect


def _lines(question: str, prompt: Prompt) -> list[str]:
    found: list[str] = []
    while line := prompt(question).strip():
        found.append(line)
    return found


def _only_file() -> Path:
    try:
        found = find_case_files([])
    except UsageError:
        return Path(FIRST_FILE)
    if len(found) > 1:
        listed = ", ".join(str(path) for path in found)
        raise UsageError(f"There are several case files; name the one to add to: {listed}.")
    return found[0]


def written_case(case: dict[str, Any], column: int) -> str:
    """A case as an entry of a list in YAML, that begins at a column."""
    text = yaml.safe_dump([case], allow_unicode=True, sort_keys=False, width=_WIDTH)
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
