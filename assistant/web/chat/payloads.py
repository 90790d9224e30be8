"""Strict schemas for the calls of the chat's page.

They take strings, numbers and lists of limited size, and objects with known keys. None of them
can hold a file or an address. A call that does not fit is refused before a handler runs.
"""

import json
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from assistant.feedback.recording import MAX_COMMENT
from assistant.settings import MAX_QUESTION_LENGTH
from assistant.web.chat.conversation import MAX_EXCHANGES
from assistant.web.chat.signatures import MAX_SIGNED_CHARACTERS

MAX_CALL_BYTES = MAX_SIGNED_CHARACTERS + 6 * MAX_QUESTION_LENGTH + 10_000
"""JSON may take six bytes for each character of a question."""
MAX_NOTE_BYTES = 1000
MAX_KEYS = 16
MAX_NUMBER = 100_000

SessionHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-z]{1,16}$")]
"""The name that Gradio's page gives itself: a random number in base 36."""
EventId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Number = Annotated[int, Field(ge=0, le=MAX_NUMBER)]
Text = Annotated[str, StringConstraints(max_length=MAX_QUESTION_LENGTH)]
Row = Strict(False)
"""Accepts a list for a tuple, since JSON has only lists. Its items stay strict."""


class Sent(BaseModel):
    """An object with known keys, whose values have exactly the declared types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Kept(Sent):
    """The conversation as the browser stores it, signed by the server, and the documents to ask."""

    signed: Annotated[
        str, StringConstraints(max_length=MAX_SIGNED_CHARACTERS, pattern=r"^[\x2d.0-9A-Z_a-z]*$")
    ] = ""
    within: Annotated[str, StringConstraints(max_length=4096)] = ""


class Nothing(Sent):
    """The data of an event that carries none."""


class Wish(Sent):
    """A question that was not typed: a suggestion, an edit, or the last question again."""

    question: Text = ""
    again: bool = False
    within: Annotated[str, StringConstraints(max_length=0)] | None = None


class Position(Sent):
    """The position of an answer in the conversation."""

    index: Annotated[int, Field(ge=0, lt=MAX_EXCHANGES)]


class Rating(Position):
    """A reader's feedback on an answer."""

    helpful: bool
    comment: Annotated[str, StringConstraints(max_length=10 * MAX_COMMENT)] | None = None


class Call(Sent):
    """The fields of every call. ``fn_index`` chooses the function, and so the schema."""

    fn_index: Number
    trigger_id: Number | None = None
    session_hash: SessionHash
    data: Annotated[tuple[Kept], Row]
    event_data: Sent | None = None


class Plain(Call):
    """A call with only the conversation."""

    event_data: Nothing | None = None


class Begin(Call):
    """The typed question and the conversation. The event may carry another question."""

    data: Annotated[tuple[Text, Kept], Row]  # type: ignore[assignment]  # another row
    event_data: Wish | None = None


class Answer(Call):
    """The conversation whose last question is waiting, and whether to answer with quotes only."""

    data: Annotated[tuple[Kept, bool | None], Row]  # type: ignore[assignment]  # another row
    event_data: Nothing | None = None


class Rate(Call):
    """The conversation, and a rating of one of its answers."""

    event_data: Rating


class Unrate(Call):
    """The conversation, and the answer whose rating is removed."""

    event_data: Position


class Cancel(Sent):
    """The question to stop answering."""

    event_id: EventId
    session_hash: SessionHash
    fn_index: Number


class Reset(Sent):
    """The question whose answer the page has dropped. Gradio's page sends null for none."""

    event_id: EventId | None


SCHEMAS: dict[str, type[Call]] = {
    **dict.fromkeys(("restore", "fail", "stop", "clear", "undo", "export"), Plain),
    "begin": Begin,
    "answer": Answer,
    "rate": Rate,
    "unrate": Unrate,
}
"""The schemas by the names of the handlers."""


def parse_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object of a body.

    Raise `ValueError` if it is not an object, is nested too deeply, repeats a key or has more keys
    than any schema.
    """
    try:
        parsed = json.loads(
            body.decode(), object_pairs_hook=_object, parse_constant=_refuse_constant
        )
    except RecursionError as error:
        raise ValueError("The body is nested too deeply.") from error
    if not isinstance(parsed, dict):
        raise ValueError("The body is not a JSON object.")
    return parsed


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MAX_KEYS:
        raise ValueError(f"An object has more than {MAX_KEYS} keys.")
    parsed = dict(pairs)
    if len(parsed) < len(pairs):
        raise ValueError("An object has the same key twice.")
    return parsed


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON.")
