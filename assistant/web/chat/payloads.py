"""What the chat's page may send: a strict schema for each function that it calls.

Strings, numbers and lists of stated sizes, and objects with known keys. Nothing here can hold a
file or an address, and whatever does not fit is refused before any handler sees it.
"""

import json
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from assistant.feedback.recording import MAX_COMMENT
from assistant.settings import MAX_QUESTION_LENGTH
from assistant.web.chat.conversation import MAX_EXCHANGES
from assistant.web.chat.signatures import MAX_SIGNED_CHARACTERS

MAX_CALL_BYTES = MAX_SIGNED_CHARACTERS + 6 * MAX_QUESTION_LENGTH + 10_000
"""Every character of a question may be written as six bytes of JSON."""
MAX_NOTE_BYTES = 1000
MAX_KEYS = 16
MAX_NUMBER = 100_000

SessionHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-z]{1,16}$")]
"""The name that Gradio's page gives itself: a random number in base 36."""
EventId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Number = Annotated[int, Field(ge=0, le=MAX_NUMBER)]
Text = Annotated[str, StringConstraints(max_length=MAX_QUESTION_LENGTH)]
Row = Strict(False)
"""JSON has lists only: a list is taken for a tuple, what is in it stays strict."""


class Sent(BaseModel):
    """An object with the keys that are known, each with a value of exactly its type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Kept(Sent):
    """The conversation as the browser keeps it: signed by the server, and what to ask next."""

    signed: Annotated[
        str, StringConstraints(max_length=MAX_SIGNED_CHARACTERS, pattern=r"^[\x2d.0-9A-Z_a-z]*$")
    ] = ""
    within: Annotated[str, StringConstraints(max_length=4096)] = ""


class Nothing(Sent):
    """What comes with an event that says nothing else."""


class Wish(Sent):
    """A question that is not the typed one: a suggestion, an edit, or the last one again."""

    question: Text = ""
    again: bool = False
    within: Annotated[str, StringConstraints(max_length=0)] | None = None


class Position(Sent):
    """The answer of the conversation that is meant."""

    index: Annotated[int, Field(ge=0, lt=MAX_EXCHANGES)]


class Rating(Position):
    """What the reader says of an answer."""

    helpful: bool
    comment: Annotated[str, StringConstraints(max_length=10 * MAX_COMMENT)] | None = None


class Call(Sent):
    """What every call has; ``fn_index`` chooses the function and with it the schema."""

    fn_index: Number
    trigger_id: Number | None = None
    session_hash: SessionHash
    data: Annotated[tuple[Kept], Row]
    event_data: Sent | None = None


class Plain(Call):
    """A call with the conversation alone."""

    event_data: Nothing | None = None


class Begin(Call):
    """The typed question, the conversation, and perhaps another question with the event."""

    data: Annotated[tuple[Text, Kept], Row]  # type: ignore[assignment]  # another row
    event_data: Wish | None = None


class Answer(Call):
    """The conversation whose last question waits, and whether quotes alone may answer it."""

    data: Annotated[tuple[Kept, bool | None], Row]  # type: ignore[assignment]  # another row
    event_data: Nothing | None = None


class Rate(Call):
    """The conversation, and a rating of one of its answers."""

    event_data: Rating


class Unrate(Call):
    """The conversation, and the answer whose rating is taken back."""

    event_data: Position


class Cancel(Sent):
    """The question that is not to be answered any more."""

    event_id: EventId
    session_hash: SessionHash
    fn_index: Number


class Reset(Sent):
    """The question whose answer the page has let go of; Gradio's page sends null for none."""

    event_id: EventId | None


SCHEMAS: dict[str, type[Call]] = {
    **dict.fromkeys(("restore", "fail", "stop", "clear", "undo", "export"), Plain),
    "begin": Begin,
    "answer": Answer,
    "rate": Rate,
    "unrate": Unrate,
}
"""By the name of the handler."""


def parse_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object of a body.

    Raise `ValueError` for what is no object, is nested too deeply, or has an object with a key
    twice or with more keys than any schema.
    """
    try:
        parsed = json.loads(body.decode(), object_pairs_hook=_object, parse_constant=_no_number)
    except RecursionError as error:
        raise ValueError("The body is nested too deeply.") from error
    if not isinstance(parsed, dict):
        raise ValueError("The body is not a JSON object.")
    return parsed


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MAX_KEYS:
        raise ValueError(f"An object has more than {MAX_KEYS} keys.")
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("An object has a key twice.")
    return made


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not JSON.")
