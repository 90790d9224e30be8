"""The model of a case: the question, and what a right answer must contain and cite."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from assistant.errors import UsageError
from assistant.evaluation.metrics.measures import (
    LATENCY_NAME,
    MEASURES,
    is_measure,
)
from assistant.types import Status

_TEXT_SCHEMA = {"type": ["string", "number", "boolean"]}
_QUOTE_SCHEMA = {
    "anyOf": [
        _TEXT_SCHEMA,
        {
            "type": "object",
            "properties": {
                "quote": {
                    **_TEXT_SCHEMA,
                    "description": "A passage as it is written in a document.",
                },
                "document": {
                    **_TEXT_SCHEMA,
                    "description": "The document it must be in, as a path below the corpus.",
                },
            },
            "required": ["quote"],
            "additionalProperties": False,
        },
    ]
}
_THRESHOLDS_SCHEMA = {
    "type": "object",
    "properties": {
        name: {
            "type": "number",
            "description": f"{measure.label}: {'at least' if measure.more_is_better else 'at most'}",
        }
        for name, measure in MEASURES.items()
    },
    "patternProperties": {LATENCY_NAME.pattern: {"type": "number"}},
    "additionalProperties": False,
}


class CaseFileError(UsageError):
    """A case file cannot be used; the message has a line for each error."""


def _listed(value: Any) -> Any:
    """Return a single value as a list of one."""
    return value if isinstance(value, list | tuple) else [value]


def _quoted(value: Any) -> Any:
    return {"quote": value} if isinstance(value, str) else value


def _one_or_more(item: dict[str, Any]) -> dict[str, Any]:
    alternatives = item.get("anyOf", [item])
    return {"anyOf": [*alternatives, {"type": "array", "items": item, "minItems": 1}]}


def _known_measure(name: str) -> str:
    if not is_measure(name):
        raise ValueError(
            f"unknown metric; choose from {', '.join(MEASURES)} and latency_p95_<stage>"
        )
    return name


class FileModel(BaseModel):
    """A part of a file that people write: unknown fields are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Quote(FileModel):
    """A passage of the documents or of one document; written as plain text or as a mapping."""

    quote: "Text"
    document: "Text | None" = None


Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1), WithJsonSchema(_TEXT_SCHEMA)
]
Texts = Annotated[
    tuple[Text, ...],
    BeforeValidator(_listed),
    Field(min_length=1),
    WithJsonSchema(_one_or_more(_TEXT_SCHEMA)),
]
Quotes = Annotated[
    tuple[Annotated[Quote, BeforeValidator(_quoted)], ...],
    BeforeValidator(_listed),
    Field(min_length=1),
    WithJsonSchema(_one_or_more(_QUOTE_SCHEMA)),
]
Thresholds = Annotated[
    dict[Annotated[str, AfterValidator(_known_measure)], float], WithJsonSchema(_THRESHOLDS_SCHEMA)
]


class Expectation(FileModel):
    """What is expected of an answer; a field that is not set is not judged."""

    status: Status | None = Field(None, description="What kind of answer it must be.")
    contains: Texts = Field((), description="Words that must all appear in the answer.")
    contains_any: Texts = Field(
        (), description="Words of which at least one must appear in the answer."
    )
    excludes: Texts = Field((), description="Words that must not appear in the answer.")
    answers: Texts = Field(
        (),
        description="Reference answers for exact match and token F1; they do not affect the verdict.",
    )
    cites: Quotes = Field(
        (), description="Quotes from the documents, of which at least one must be cited."
    )
    cites_all: Quotes = Field((), description="Quotes from the documents, which must all be cited.")
    max_statements: int | None = Field(
        None, ge=0, description="The maximum number of statements in the answer."
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not self.model_fields_set:
            raise ValueError(
                f"nothing is expected; give at least one of {', '.join(_expectations())}"
            )
        wants_answer = [name for name in _ANSWER_FIELDS if getattr(self, name)]
        if self.status in (Status.NOT_FOUND, Status.SMALL_TALK):
            wrong = [name for name in wants_answer if name not in _NOTICE_FIELDS]
            if (self.status == Status.NOT_FOUND and wants_answer) or wrong:
                raise ValueError(
                    f"status {self.status.value} cannot be combined with {', '.join(wants_answer)}: "
                    "such an answer cites no passage"
                )
        return self

    @property
    def awaited_status(self) -> Status | None:
        """The status given, or ``answered`` if words or quotes of an answer are given."""
        if self.status is None and any(getattr(self, name) for name in _ANSWER_FIELDS):
            return Status.ANSWERED
        return self.status


_ANSWER_FIELDS = ("contains", "contains_any", "answers", "cites", "cites_all")
_NOTICE_FIELDS = ("contains", "contains_any")  # small talk has words, but no passages


def _expectations() -> list[str]:
    return list(Expectation.model_fields)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case is written: its file, its line, and the lines of fields such as ``expect.cites.0``."""

    path: Path
    line: int
    lines: Mapping[str, int] = field(default_factory=dict)

    def at(self, field_path: str) -> str:
        """Return ``file:line`` of a field, or of the case if the field has no line."""
        return f"{self.path}:{self.lines.get(field_path, self.line)}"


class Case(FileModel):
    """A question, or a conversation whose last question is judged, and what is expected of it."""

    id: Text | None = Field(
        None, description="A name, unique in the file; derived from the question if absent."
    )
    question: Text | None = Field(None, description="The question. Give either this or turns.")
    turns: Texts = Field(
        (), description="The questions of a conversation in order, of which the last is judged."
    )
    tags: Texts = Field((), description="Tags to group figures by.")
    note: Text | None = Field(None, description="A note for people who read the case.")
    expect: Expectation = Field(description="What a right answer must be, contain and cite.")

    _place: Place | None = PrivateAttr(None)

    @model_validator(mode="after")
    def _asks_once(self) -> Self:
        if (self.question is None) == (not self.turns):
            raise ValueError("needs either question or turns, but not both")
        return self

    @property
    def questions(self) -> tuple[str, ...]:
        """All questions in their order; the last one is judged."""
        return self.turns or (self.question or "",)

    @property
    def name(self) -> str:
        """The id, or one made of the questions."""
        return self.id or slug(" ".join(self.questions))

    @property
    def place(self) -> Place | None:
        """Where the case is written; None for a case made in Python."""
        return self._place

    @property
    def file(self) -> str:
        """The file that the case was read from; empty for a case made in Python."""
        return self._place.path.as_posix() if self._place else ""

    def at(self, place: Place) -> Self:
        """Return the case with the place that it was read from."""
        placed = self.model_copy()
        placed._place = place
        return placed


class CaseFileModel(FileModel):
    """Questions, and what right answers to them must contain and cite."""

    corpus: Text | None = Field(
        None,
        description="The folder of documents that the cases are about, relative to this file. "
        "By default, the corpus of the working directory.",
    )
    thresholds: Thresholds = Field(
        default_factory=dict, description="Bounds that the figures of this file must meet."
    )
    cases: tuple[Case, ...] = Field(min_length=1, description="The cases.")


def slug(text: str, longest: int = 60) -> str:
    """Return the words of a text joined by hyphens, in lower case, as an id."""
    joined = "-".join(re.findall(r"\w+", text.lower()))
    if len(joined) <= longest:
        return joined or "case"
    return joined[: longest + 1].rsplit("-", 1)[0][:longest]


def cases_schema() -> dict[str, Any]:
    """Return the JSON Schema of a case file, as ``cases.schema.json`` holds it for editors."""
    schema = CaseFileModel.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "Questions for an assistant over documents",
    }


def case_of(question: str | Sequence[str], **expect: Any) -> Case:
    """Return a case: a question, or the questions of a conversation, and what to expect."""
    asked = {"question": question} if isinstance(question, str) else {"turns": tuple(question)}
    return Case.model_validate({**asked, "expect": expect})
