"""Convert a conversation, given as turns or as plain chat messages, to turns."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.errors import UsageError
from assistant.types import Answer, Statement, Status, Turn

_MARKS = re.compile(r"\s*\[\d+\]")


def to_turns(history: Sequence[Turn | Mapping[str, Any]]) -> list[Turn]:
    """Return the turns of a history, oldest first. A user's message and its reply form one turn.

    Messages of other roles are ignored. Raise `UsageError` for an entry that is neither a `Turn`
    nor a message with a role and a text.
    """
    turns: list[Turn] = []
    question: str | None = None
    for entry in history:
        if isinstance(entry, Turn):
            turns.append(entry)
            continue
        role, content = _message(entry)
        if role == "user":
            question = content
        elif role == "assistant" and question is not None:
            turns.append(Turn(question, _plain_answer(question, content)))
            question = None
    return turns


def _message(entry: object) -> tuple[str, str]:
    if isinstance(entry, Mapping):
        role, content = entry.get("role"), entry.get("content")
        if isinstance(role, str) and isinstance(content, str):
            return role, content
    raise UsageError(
        "The history must consist of Turn objects or of messages "
        '{"role": "user" or "assistant", "content": "…"}, oldest first; '
        f"it contains a {type(entry).__name__} that is neither."
    )


def _plain_answer(question: str, content: str) -> Answer:
    """Return an answer of which only the text is known."""
    statement = Statement(_MARKS.sub("", content), ())
    return Answer(question, question, Status.ANSWERED, (statement,))
