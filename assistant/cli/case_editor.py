"""Ask an editor whether an answer is right, and add the case that follows."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from assistant.assistant import Assistant
from assistant.cli.console import print_answer
from assistant.cli.evaluation_run import update_index
from assistant.errors import UsageError
from assistant.evaluation.cases.case_files import CASE_SUFFIX, find_case_files, load_cases
from assistant.evaluation.cases.drafting import append_case, new_case, proposed
from assistant.evaluation.metrics.evidence import DocumentTexts
from assistant.evaluation.opening import OpenAssistants
from assistant.text.safe_display import safe
from assistant.types import Answer, Status

FIRST_FILE = f"questions{CASE_SUFFIX}"
Prompt = Callable[[str], str]
"""Shows a prompt and returns the line that was typed. Raises `EOFError` at the end of input."""


def add_case(
    assistant: Assistant, question: str, file: Path | None, console: Console, prompt: Prompt
) -> int:
    """Ask a question, show the answer, and add the case that the editor makes of it.

    Without a file, add it to the only case file below the working directory, or to a new one.
    Return the exit code: 0, also if the editor wants no case. Raises `UsageError` if there are
    several case files, or the file cannot be changed.
    """
    path = file or _only_file()
    known = load_cases(path) if path.exists() else None
    with OpenAssistants(assistant, update_index) as assistants:
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
    case = new_case(question, expect, taken)
    append_case(path, case)
    console.print(Text(f"Added {case['id']!r} to {path}."), soft_wrap=True)
    return 0


def _approved(
    answer: Answer, assistant: Assistant, console: Console, prompt: Prompt
) -> dict[str, Any] | None:
    """Return what the editor expects: this answer, something else, or None for no case."""
    while True:
        choice = prompt("Is this right? [y]es, [c]orrect it, [n]o case: ").strip().lower()
        if choice in ("y", "yes"):
            return proposed(answer)
        if choice in ("n", "no", "q"):
            return None
        if choice in ("c", "correct"):
            return _corrected(assistant, console, prompt)


def _corrected(assistant: Assistant, console: Console, prompt: Prompt) -> dict[str, Any]:
    statuses = {status.value[0]: status for status in Status}
    asked = "The right result is: [a]nswered, [u]ncertain, [n]ot found, [s]mall talk: "
    while (status := statuses.get(prompt(asked).strip().lower()[:1])) is None:
        pass
    expect: dict[str, Any] = {"status": status.value}
    if status in (Status.NOT_FOUND, Status.SMALL_TALK):
        return expect
    if words := _lines("Words the answer must contain (empty line to finish): ", prompt):
        expect["contains"] = words
    texts = DocumentTexts(assistant.document(one.id) for one in assistant.documents())
    quotes: list[str] = []
    while quote := prompt("A passage it may cite (empty line to finish): ").strip():
        if texts.locate(quote):
            quotes.append(quote)
            continue
        near = texts.nearest(quote)
        hint = (
            f" The closest passage is {near.source}, line {near.line}: “{near.text}”"
            if near
            else ""
        )
        console.print(Text(safe(f"This passage is not in the documents.{hint}"), style="yellow"))
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
        raise UsageError(
            f"There are several case files. Name the one to add the case to: {listed}."
        )
    return found[0]
