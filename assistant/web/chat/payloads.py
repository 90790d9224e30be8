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
from assistant.web.chat.conversation_signing import MAX_SIGNED_CHARACTERS

MAX_CALL_BYTES = MAX_SIGNED_CHARACTERS + 6 * MAX_QUESTION_LENGTH + 10_000
"""JSON may take six bytes for each character of a question."""
MAX_NOTE_BYTES = 1000
MAX_KEYS = 16
MAX_NUMBER = 100_000
MOST_OFFERED = 30
"""Suggested questions that a page names: those below its last answers."""

SessionHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-z]{1,16}$")]
"""The name that Gradio's page gives itself: a random number in base 36."""
EventId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Number = Annotated[int, Field(ge=0, le=MAX_NUMBER)]
Text = Annotated[str, StringConstraints(max_length=MAX_QUESTION_LENGTH)]
Row = Strict(False)
"""Accepts a list for a tuple, since JSON has only lists. Its items stay strict."""


class StrictPayload(BaseModel):
    """An object with known keys, whose values have exactly the declared types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class SignedConversation(StrictPayload):
    """The conversation as the browser stores it, signed by the server, and the documents to ask."""

    signed: Annotated[
        str, StringConstraints(max_length=MAX_SIGNED_CHARACTERS, pattern=r"^[\x2d.0-9A-Z_a-z]*$")
    ] = ""
    within: Annotated[str, StringConstraints(max_length=4096)] = ""


class ExportCall(SignedConversation):
    """The conversation, and which part of a file of several conversations it is, from 1."""

    part: Number = 0


class SuggestionCall(SignedConversation):
    """The conversation, and the answer that the suggested questions follow, by default the last.

    ``offered`` are the questions that the page suggested below its last answers.
    """

    index: Annotated[int, Field(ge=0, lt=MAX_EXCHANGES)] | None = None
    offered: Annotated[list[Text], Field(max_length=MOST_OFFERED)] = []


class EmptyPayload(StrictPayload):
    """The data of an event that carries none."""


class BeginEvent(StrictPayload):
    """A question that was not typed: a suggestion, an edit, or the question at ``index`` again."""

    question: Text = ""
    again: bool = False
    index: Annotated[int, Field(ge=0, lt=MAX_EXCHANGES)] | None = None
    within: Annotated[str, StringConstraints(max_length=0)] | None = None


class ExchangeEvent(StrictPayload):
    """The position of an answer in the conversation."""

    index: Annotated[int, Field(ge=0, lt=MAX_EXCHANGES)]


class RatingEvent(ExchangeEvent):
    """A reader's feedback on an answer."""

    helpful: bool
    comment: Annotated[str, StringConstraints(max_length=10 * MAX_COMMENT)] | None = None


class FunctionCall(StrictPayload):
    """The fields of every call. ``fn_index`` chooses the function, and so the schema."""

    fn_index: Number
    trigger_id: Number | None = None
    session_hash: SessionHash
    data: Annotated[tuple[SignedConversation], Row]
    event_data: StrictPayload | None = None


class PlainCall(FunctionCall):
    """A call with only the conversation."""

    event_data: EmptyPayload | None = None


class BeginCall(FunctionCall):
    """The typed question and the conversation. The event may carry another question."""

    data: Annotated[tuple[Text, SignedConversation], Row]  # type: ignore[assignment]  # another row
    event_data: BeginEvent | None = None


class AnswerCall(FunctionCall):
    """The conversation whose last question is waiting, and whether to answer with quotes only."""

    data: Annotated[tuple[SignedConversation, bool | None], Row]  # type: ignore[assignment]  # another row
    event_data: EmptyPayload | None = None


class RateCall(FunctionCall):
    """The conversation, and a rating of one of its answers."""

    event_data: RatingEvent


class UnrateCall(FunctionCall):
    """The conversation, and the answer whose rating is removed."""

    event_data: ExchangeEvent


class CancelCall(StrictPayload):
    """The question to stop answering."""

    event_id: EventId
    session_hash: SessionHash
    fn_index: Number


class ResetCall(StrictPayload):
    """The question whose answer the page has dropped. Gradio's page sends null for none."""

    event_id: EventId | None


SCHEMAS: dict[str, type[FunctionCall]] = {
    **dict.fromkeys(("restore", "fail", "stop", "clear", "undo", "export"), PlainCall),
    "begin": BeginCall,
    "answer": AnswerCall,
    "rate": RateCall,
    "unrate": UnrateCall,
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
