"""Draft cases from what readers said, for an editor to correct."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant.answering.citations import holds
from assistant.assistant import Assistant
from assistant.errors import AssistantError, UsageError
from assistant.evaluation.cases.case_files import CASE_SUFFIX
from assistant.evaluation.cases.case_model import Case, slug
from assistant.evaluation.cases.drafting import free_name, one_line, replace_cases, written_case
from assistant.types import Citation, Feedback, Status

HEADER = """# Drafts based on reader feedback. Nobody has checked them yet: read the note of each case,
# correct what it expects, and remove the tag "draft".
cases:
"""
TAG = "draft"
_LONGEST_ANSWER = 300


def export_cases(assistant: Assistant, records: Sequence[Feedback], path: Path) -> int:
    """Write a new case file with a draft for each question. Return how many there are.

    If a question has several records, draft the last and note the comments of the others.
    Raises `UsageError` for a file that exists, has another ending or cannot be written, and if
    there are no records.
    """
    if not path.name.endswith(CASE_SUFFIX):
        raise UsageError(
            f"{str(path)!r} must end in {CASE_SUFFIX}, so that assistant evaluate finds it."
        )
    if path.exists():
        raise UsageError(f"{str(path)!r} already exists. Name a new file.")
    asked: dict[tuple[str, str], list[Feedback]] = {}
    for record in records:
        asked.setdefault((question_of(record).casefold(), record.within), []).append(record)
    if not asked:
        raise UsageError("There is no feedback to export.")
    names: set[str] = set()
    written = ""
    for same in asked.values():
        name = free_name(slug(question_of(same[-1])), names)
        names.add(name)
        case = {"id": name, **drafted(same, _now_in(assistant))}
        Case.model_validate(case)
        written += written_case(case, 2)
    replace_cases(path, HEADER + written)
    return len(asked)


def drafted(records: Sequence[Feedback], is_real: Callable[[Citation], bool]) -> dict[str, Any]:
    """Return the draft of a case from the records of one question, oldest first."""
    last = records[-1]
    return {
        "question": question_of(last),
        "tags": [TAG, _kind(last)],
        "note": _note(records),
        "expect": _confirmed(last, is_real),
    }


def question_of(record: Feedback) -> str:
    """Return the question on one line, as completed from the conversation."""
    return one_line(record.standalone_question or record.question) or "?"


def _confirmed(record: Feedback, is_real: Callable[[Citation], bool]) -> dict[str, Any]:
    """Return what a reader confirmed; an answer of any kind if they missed one.

    A possible answer that helped becomes a case that expects an answer.
    """
    states = record.status in (Status.ANSWERED, Status.UNCERTAIN)
    if record.helpful is False or states:
        expect: dict[str, Any] = {"status": Status.ANSWERED.value}
    else:
        expect = {"status": record.status.value}
    quotes = [citation for citation in record.citations if is_real(citation)]
    if record.helpful and states and quotes:
        expect["cites"] = [
            {"quote": one_line(citation.quote), "document": citation.source} for citation in quotes
        ]
    return expect


def _kind(record: Feedback) -> str:
    if record.helpful is None:
        return "unanswered" if record.status is Status.NOT_FOUND else "not-rated"
    return "helpful" if record.helpful else "not-helpful"


def _note(records: Sequence[Feedback]) -> str:
    last = records[-1]
    verdicts = [
        f"{_kind(record)} ({record.time[:10]}){f': {record.comment}' if record.comment else ''}"
        for record in records
    ]
    answer = one_line(last.answer)
    if len(answer) > _LONGEST_ANSWER:
        answer = f"{answer[:_LONGEST_ANSWER]}…"
    parts = [f"Readers: {'; '.join(verdicts)}.", f"The answer was: {answer}"]
    if last.question != last.standalone_question:
        parts.append(f"Asked as: {last.question}")
    if last.within:
        parts.append(f"Asked only in {last.within}.")
    return one_line(" ".join(parts))


def _now_in(assistant: Assistant) -> Callable[[Citation], bool]:
    """Return a test of whether a quote is in the documents as they are indexed now."""

    def is_real(citation: Citation) -> bool:
        try:
            return holds(citation, assistant.document(citation.document_id))
        except AssistantError:  # no such document, or no index
            return False

    return is_real
