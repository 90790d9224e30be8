"""``assistant feedback --export-cases``: drafts of cases from what readers said, for an editor to mend."""

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

HEADER = """# Drafts made of what readers said. Nobody has checked them: read the note of each case, correct
# what it expects, and take the tag "draft" away.
cases:
"""
TAG = "draft"
_LONGEST_ANSWER = 300


def export_cases(assistant: Assistant, records: Sequence[Feedback], path: Path) -> int:
    """Write a new case file with one draft for each question; how many there are.

    Of several records of one question the last is drafted, and the others' comments are noted.
    Raises `UsageError` for a file that is there already, has another ending or cannot be
    written, and where there is nothing to write.
    """
    if not path.name.endswith(CASE_SUFFIX):
        raise UsageError(
            f"{str(path)!r} must end in {CASE_SUFFIX}, to be found by: assistant evaluate"
        )
    if path.exists():
        raise UsageError(f"{str(path)!r} is there already. Name a new file.")
    asked: dict[tuple[str, str], list[Feedback]] = {}
    for record in records:
        asked.setdefault((question_of(record).casefold(), record.within), []).append(record)
    if not asked:
        raise UsageError("There is no feedback to make cases of.")
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
    """The draft of a case from the records of one question, oldest first."""
    last = records[-1]
    return {
        "question": question_of(last),
        "tags": [TAG, _kind(last)],
        "note": _note(records),
        "expect": _confirmed(last, is_real),
    }


def question_of(record: Feedback) -> str:
    """The question on one line, in full where it was completed from a conversation."""
    return one_line(record.standalone_question or record.question) or "?"


def _confirmed(record: Feedback, is_real: Callable[[Citation], bool]) -> dict[str, Any]:
    """What a reader who found the answer helpful confirmed; an answer, where one was missed."""
    if record.helpful is False:
        return {"status": Status.ANSWERED.value}
    expect: dict[str, Any] = {"status": record.status.value}
    quotes = [citation for citation in record.citations if is_real(citation)]
    if record.status is Status.ANSWERED and quotes:
        expect["cites"] = [
            {"quote": one_line(citation.quote), "document": citation.source} for citation in quotes
        ]
    return expect


def _kind(record: Feedback) -> str:
    if record.helpful is None:
        return "unanswered"
    return "helpful" if record.helpful else "not-helpful"


def _note(records: Sequence[Feedback]) -> str:
    last = records[-1]
    said = [
        f"{_kind(record)} ({record.time[:10]}){f': {record.comment}' if record.comment else ''}"
        for record in records
    ]
    answer = one_line(last.answer)
    if len(answer) > _LONGEST_ANSWER:
        answer = f"{answer[:_LONGEST_ANSWER]}…"
    parts = [f"Readers: {'; '.join(said)}.", f"The answer was: {answer}"]
    if last.question != last.standalone_question:
        parts.append(f"Asked as: {last.question}")
    if last.within:
        parts.append(f"Asked in {last.within} only.")
    return one_line(" ".join(parts))


def _now_in(assistant: Assistant) -> Callable[[Citation], bool]:
    """Whether a quote is in the documents as they are indexed now."""

    def is_real(citation: Citation) -> bool:
        try:
            return holds(citation, assistant.document(citation.document_id))
        except AssistantError:  # no such document, or no index
            return False

    return is_real
