"""Say in plain English what is wrong with a value that pydantic refuses.

pydantic's own messages are for programmers: they show patterns, and names of Python types.
"""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_MESSAGES = {
    "missing": "is missing",
    "extra_forbidden": "is not a known field",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a smaller number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "finite_number": "must be a number",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "string_type": "must be text",
    "string_unicode": "must be text",
    "path_type": "must be a path",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "too_short": "must have at least {min_length} items",
    "too_long": "must have at most {max_length} items",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "model_attributes_type": "must be an object",
    "value_error": "{error}",
}
"""By pydantic's type of error. What is in braces is from the error's context."""
_NOT_BLANK = r"\S"


def plain_message(problem: "ErrorDetails") -> str:
    """Return what is wrong with a value, to be written after its name: "must be a whole number".

    An error of a type that is not in the table keeps pydantic's message.
    """
    context = problem.get("ctx", {})
    if problem["type"] == "string_pattern_mismatch":
        is_blank = context.get("pattern") == _NOT_BLANK
        return "must not be blank" if is_blank else "does not have the right form"
    if problem["type"] in _MESSAGES:
        message = _MESSAGES[problem["type"]].format(**context)
        return re.sub(r"(?<= 1 )(character|item)s$", r"\1", message)
    message = problem["msg"]
    return message[:1].lower() + message[1:]
