"""Each message of the table is that of an error which pydantic raises."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import AfterValidator, BaseModel, Field, TypeAdapter, ValidationError

from assistant.validation_messages import plain_message


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def odd(number: int) -> int:
    if number % 2 == 0:
        raise ValueError(f"{{{number}}} is not odd")
    return number


class Table(BaseModel, extra="forbid"):
    name: str


def messages(kind: Any, value: object) -> list[str]:
    with pytest.raises(ValidationError) as error:
        TypeAdapter(kind).validate_python(value)
    return [plain_message(problem) for problem in error.value.errors()]


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        (bool, "perhaps", "must be true or false"),
        (bool, [], "must be true or false"),
        (int, "abc", "must be a whole number"),
        (int, "1" * 5000, "must be a smaller number"),
        (int, 1.5, "must be a whole number"),
        (int, [], "must be a whole number"),
        (float, "abc", "must be a number"),
        (float, [], "must be a number"),
        (Annotated[float, Field(allow_inf_nan=False)], float("nan"), "must be a number"),
        (Annotated[int, Field(gt=3)], 3, "must be more than 3"),
        (Annotated[int, Field(ge=3)], 2, "must be at least 3"),
        (Annotated[int, Field(lt=3)], 3, "must be less than 3"),
        (Annotated[int, Field(le=3)], 4, "must be at most 3"),
        (str, 3, "must be text"),
        (Path, 3, "must be a path"),
        (Annotated[str, Field(min_length=2)], "a", "must have at least 2 characters"),
        (Annotated[str, Field(max_length=1)], "ab", "must have at most 1 character"),
        (Annotated[list[int], Field(min_length=1)], [], "must have at least 1 item"),
        (Annotated[list[int], Field(max_length=1)], [1, 2], "must have at most 1 item"),
        (Annotated[str, Field(pattern=r"\S")], " ", "must not be blank"),
        (Annotated[str, Field(pattern=r"^[a-z]{3}$")], "{}", "does not have the right form"),
        (Literal["a", "b"], "c", "must be 'a' or 'b'"),
        (Colour, "green", "must be 'red' or 'blue'"),
        (list[int], 3, "must be a list"),
        (tuple[int, ...], 3, "must be a list"),
        (dict[str, int], 3, "must be a table"),
        (Table, 3, "must be a table"),
        (Table, {}, "is missing"),
        (Table, {"name": "a", "nome": "b"}, "is not a known field"),
    ],
)
def test_a_message_is_written_after_the_name_of_a_value(
    kind: Any, value: object, message: str
) -> None:
    assert messages(kind, value) == [message]


def test_a_message_of_our_own_is_kept_as_it_is() -> None:
    assert messages(Annotated[int, AfterValidator(odd)], 2) == ["{2} is not odd"]


def test_an_error_of_another_type_keeps_its_message() -> None:
    (message,) = messages(bytes, 3)
    assert message == "input should be a valid bytes"
