"""Lists what readers said, and deletes it after asking."""

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
from assistant.types import Feedback

SHOWN_OF_AN_ID = 8
_AGO = re.compile(r"(\d{1,5})\s*([hdw])", re.IGNORECASE)
_HOURS = {"h": 1, "d": 24, "w": 24 * 7}
_LONGEST_LINE = 300


def parse_time(text: str | None, option: str) -> datetime | None:
    """A date, a time, or how long ago (``12h``, ``7d``, ``4w``); without a zone it is UTC.

    Raises `UsageError` that names the option.
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
            f"{option} takes a date as 2026-01-31, or how long ago as 12h, 7d or 4w, "
            f"not {text[:64]!r}."
        ) from None


def chosen(records: Sequence[Feedback], ids: Sequence[str]) -> list[Feedback]:
    """The records with these ids, or all; the beginning of an id is enough if it is the only one.

    Raises `UsageError` for an id that none has, or several.
    """
    if not ids:
        return list(records)
    found: dict[str, Feedback] = {}
    for identifier in ids:
        same = [one for one in records if identifier and one.id.startswith(identifier)]
        if len(same) != 1:
            how_many = f"are {len(same)} records" if same else "is no feedback"
            raise UsageError(
                f"There {how_many} with the id {identifier[:64]!r}. "
                "List them with: assistant feedback"
            )
        found[same[0].id] = same[0]
    return list(found.values())


def print_feedback(console: Console, records: Sequence[Feedback]) -> None:
    """Each record with its question, comment and answer, then how many there are of each kind."""
    for record in records:
        _print_record(console, record)
        console.print()
    kinds = Counter(verdict(record) for record in records)
    counted = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    console.print(f"{len(records)} in all: {counted}." if records else "There is no feedback.")


def delete_feedback(
    assistant: Assistant,
    ids: Sequence[str],
    before: datetime | None,
    sure: bool,
    console: Console,
    prompt: Callable[[str], str] = input,
) -> None:
    """Delete feedback by its ids, or else all of it or that from before a time.

    Unless ``sure``, asks first; raises `UsageError` where nobody can be asked.
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
    """What was said, in words."""
    if record.helpful is None:
        return "unanswered"
    return "helpful" if record.helpful else "not helpful"


def _agreed(count: int, total: int, prompt: Callable[[str], str]) -> bool:
    if not sys.stdin.isatty():
        raise UsageError(f"This would delete {count} of {total}. To do so, add: --yes")
    try:
        answer = prompt(f"Delete {count} of {total} for good? [y/N] ")
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
            said = Text.assemble((f"    {name + ':':<11}", "dim"), safe(_one_line(text)))
            console.print(said, soft_wrap=True)


def _one_line(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST_LINE else f"{flat[:_LONGEST_LINE]}…"
