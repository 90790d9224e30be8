"""Select, print and delete what readers said."""

import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.text import Text

from assistant.assistant import Assistant
from assistant.errors import UsageError
from assistant.text.safe_display import safe
from assistant.types import Feedback, Status

SHOWN_OF_AN_ID = 8
_AGO = re.compile(r"(\d{1,5})\s*([hdw])", re.IGNORECASE)
_HOURS = {"h": 1, "d": 24, "w": 24 * 7}
_LONGEST_LINE = 300


def parse_time(text: str | None, option: str) -> datetime | None:
    """Return the time of a date, a time or an age (``12h``, ``7d``, ``4w``), UTC if it has no zone.

    Raises `UsageError`, naming the option, for anything else.
    """
    if text is None:
        return None
    try:
        if ago := _AGO.fullmatch(text.strip()):
            hours = int(ago[1]) * _HOURS[ago[2].lower()]
            return datetime.now(UTC) - timedelta(hours=hours)
        time = datetime.fromisoformat(text.strip())
        zoned = time if time.tzinfo else time.replace(tzinfo=UTC)
        return zoned.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(
            f"{option} takes a date such as 2026-01-31, or an age such as 12h, 7d or 4w, "
            f"not {text[:64]!r}."
        ) from None


def chosen(records: Sequence[Feedback], ids: Sequence[str]) -> list[Feedback]:
    """Return the records with these ids, or all. The start of an id is enough if it is unique.

    Raises `UsageError` for an id that matches none of the records, or several.
    """
    if not ids:
        return list(records)
    found: dict[str, Feedback] = {}
    for identifier in ids:
        same = [one for one in records if identifier and one.id.startswith(identifier)]
        if len(same) != 1:
            raise UsageError(
                f"{len(same) or 'No'} records have an id that starts with {identifier[:64]!r}. "
                "List them with: assistant feedback"
            )
        found[same[0].id] = same[0]
    return list(found.values())


def print_feedback(console: Console, records: Sequence[Feedback]) -> None:
    """Print each record with its question, comment and answer, then the counts by kind."""
    for record in records:
        _print_record(console, record)
        console.print()
    kinds = Counter(verdict(record) for record in records)
    counted = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    console.print(f"{len(records)} in total: {counted}." if records else "There is no feedback.")


def delete_feedback(
    assistant: Assistant,
    ids: Sequence[str],
    before: datetime | None,
    sure: bool,
    console: Console,
    prompt: Callable[[str], str] = input,
) -> None:
    """Delete feedback by its ids, or else all of it, or all from before a time.

    Ask first unless ``sure``. Raises `UsageError` if standard input is not a terminal then.
    """
    records = assistant.feedback()
    if ids:
        doomed = chosen(records, ids)
    else:
        mark = before.isoformat(timespec="seconds") if before else None
        doomed = [one for one in records if mark is None or one.time < mark]
    if not doomed:
        console.print("There is nothing to delete.")
        return
    if not sure and not _agreed(len(doomed), len(records), prompt):
        console.print("Nothing was deleted.")
        return
    count = (
        assistant.delete_feedback(*(one.id for one in doomed))
        if ids
        else assistant.delete_all_feedback(before)
    )
    console.print(f"Deleted {count} of {len(records)}.")


def verdict(record: Feedback) -> str:
    """Return a record's verdict in words."""
    if record.helpful is None:
        return "unanswered" if record.status is Status.NOT_FOUND else "not rated"
    return "helpful" if record.helpful else "not helpful"


def _agreed(count: int, total: int, prompt: Callable[[str], str]) -> bool:
    if not sys.stdin.isatty():
        raise UsageError(f"This would delete {count} of {total} records. To confirm, add: --yes")
    try:
        answer = prompt(f"Permanently delete {count} of {total} records? [y/N] ")
    except EOFError:
        return False
    return answer.strip().lower() in ("y", "yes")


def _print_record(console: Console, record: Feedback) -> None:
    colour = {None: "yellow", True: "green", False: "red"}[record.helpful]
    head = Text.assemble(
        (record.id[:SHOWN_OF_AN_ID], "dim"),
        f"  {record.time.replace('+00:00', 'Z')}  ",
        (verdict(record), f"bold {colour}"),
    )
    console.print(head, soft_wrap=True)
    question = record.question
    if record.standalone_question != question:
        question += f" ({record.standalone_question})"
    lines = {
        "Question": question,
        "Asked in": record.within,
        "Comment": record.comment,
        "Answer": record.answer,
        "Sources": ", ".join(dict.fromkeys(citation.source for citation in record.citations)),
        "Unchecked": ", ".join(f"[{number}]" for number in record.unchecked),
    }
    for name, text in lines.items():
        if text:
            line = Text.assemble((f"    {name + ':':<11}", "dim"), safe(_one_line(text)))
            console.print(line, soft_wrap=True)


def _one_line(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST_LINE else f"{flat[:_LONGEST_LINE]}…"
