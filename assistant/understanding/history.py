"""Takes a conversation as turns or as plain chat messages."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.errors import UsageError
from assistant.types import Answer, Statement, Status, Turn

_MARKS = re.compile(r"\s*\[\d+\]")


def to_turns(history: Sequence[Turn | Mapping[str, Any]]) -> list[Turn]:
    """The turns of a history, oldest first; a user's message and the reply to it are one turn.

    Messages of other roles are passed over. Raises `UsageError` for what is neither a `Turn`
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
        "A history is made of Turn objects or of messages "
        '{"role": "user" or "assistant", "content": "…"}, oldest first.'
    )


def _plain_answer(question: str, content: str) -> Answer:
    """An answer of which only the words are known."""
    statement = Statement(_MARKS.sub("", content), ())
    return Answer(question, question, Status.ANSWERED, (statement,))
