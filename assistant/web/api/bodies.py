"""The bodies of requests and responses, from which the API's description is made.

Responses are built from the product's own types. Requests with unknown fields are refused.
"""

import json
from dataclasses import dataclass, fields
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from assistant.feedback.recording import MAX_COMMENT
from assistant.settings import MAX_TOP_K
from assistant.types import (
    Answer,
    Attribution,
    Block,
    Citation,
    Document,
    DocumentSummary,
    Hit,
    Statement,
)

MAX_MESSAGES = 100
MAX_MESSAGE_CHARACTERS = 20_000
MAX_PARTS = 1000
"""Statements or citations of an answer that is sent back with feedback."""
MOST_LISTED = 1000
MAX_OFFSET = 1_000_000_000

QUESTION: dict[str, Any] = {"question": "When was the SCO founded?"}
CITATION: dict[str, Any] = {
    "number": 1,
    "document_id": "3f2a9c41d07be865",
    "title": "SCO Champions a New Model of Regional Cooperation",
    "source": "sco-champions-a-new-model-of-regional-cooperation.txt",
    "start": 2210,
    "end": 2284,
    "quote": "After the SCO was founded in 2001, it adopted the Shanghai Spirit.",
    "document_sha256": "0" * 64,
    "page": None,
}
ANSWER: dict[str, Any] = {
    "question": QUESTION["question"],
    "standalone_question": QUESTION["question"],
    "status": "answered",
    "text": f"{CITATION['quote']} [1]",
    "statements": [
        {"text": CITATION["quote"], "citations": [1], "highlight": [29, 33], "unsupported": ""}
    ],
    "citations": [CITATION],
    "closest": [],
    "engine": "extractive",
    "notice": "",
    "confidence": 0.94,
    "within": "",
    "timings": {"total": 0.093},
}
UNCERTAIN: dict[str, Any] = {**ANSWER, "status": "uncertain", "confidence": 0.31}
Within = Annotated[
    str | None,
    Field(max_length=1000, description="path of a document or folder to search; all by default"),
]


class RequestModel(BaseModel):
    """A request, which may have known fields only."""

    model_config = ConfigDict(extra="forbid")


class Message(RequestModel):
    """A message of the conversation so far."""

    role: Literal["user", "assistant"]
    content: Annotated[str, Field(max_length=MAX_MESSAGE_CHARACTERS)]


class ExplainBody(RequestModel):
    """A question to explain, with the conversation before it."""

    model_config = ConfigDict(json_schema_extra={"examples": [QUESTION]})

    question: Annotated[
        str, Field(min_length=1, pattern=r"\S", description="the question, in plain language")
    ]
    history: Annotated[
        list[Message],
        Field(max_length=MAX_MESSAGES, description="the conversation so far, oldest first"),
    ] = []
    top_k: Annotated[
        int | None, Field(ge=1, le=MAX_TOP_K, strict=True, description="number of passages to read")
    ] = None
    within: Within = None


class AskBody(ExplainBody):
    """A question, with the conversation before it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                QUESTION,
                {
                    "question": "Where was that?",
                    "history": [
                        {"role": "user", "content": "What was signed in 2003?"},
                        {"role": "assistant", "content": "The Program of Cooperation."},
                    ],
                    "top_k": 8,
                },
            ]
        }
    )

    engine: Annotated[
        str | None, Field(description="engine that answers; chosen by the server by default")
    ] = None


@dataclass(frozen=True, kw_only=True)
class AnswerBody(Answer):
    """An answer: its statements, and the exact passages that they rest on.

    An `uncertain` answer has statements and citations too, but it may not answer the question.
    Show it with words such as "This may answer it:".
    """

    __pydantic_config__ = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [ANSWER, UNCERTAIN]}
    )

    statements: Annotated[tuple[Statement, ...], Field(max_length=MAX_PARTS)] = ()
    citations: Annotated[tuple[Citation, ...], Field(max_length=MAX_PARTS)] = ()
    closest: Annotated[tuple[Citation, ...], Field(max_length=MAX_PARTS)] = ()
    text: Annotated[str, Field(description="all statements as prose, with [n] marks")] = ""

    def to_answer(self) -> Answer:
        """Return the answer without its text, which derives from the statements."""
        return Answer(**{field.name: getattr(self, field.name) for field in fields(Answer)})


_ANSWERS = TypeAdapter(AnswerBody)


def _of_exact_types(answer: object) -> AnswerBody:
    """Return the answer, validated strictly: no number may be a string, a boolean or a fraction."""
    return _ANSWERS.validate_json(json.dumps(answer), strict=True)


class FeedbackBody(RequestModel):
    """A reader's feedback on an answer."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"answer": ANSWER, "helpful": True, "comment": "Just what I needed."}]
        }
    )

    answer: Annotated[
        AnswerBody,
        BeforeValidator(_of_exact_types),
        Field(description="the answer exactly as it was returned"),
    ]
    helpful: Annotated[bool, Field(strict=True)]
    comment: Annotated[str, Field(max_length=MAX_COMMENT)] = ""
    replaces: Annotated[
        str, Field(max_length=64, description="id of earlier feedback to replace")
    ] = ""


class FeedbackKept(BaseModel):
    """Confirmation that feedback was saved."""

    id: Annotated[str, Field(description="id by which to replace this feedback")]
    unchecked: Annotated[
        tuple[int, ...],
        Field(description="numbers of citations that no longer match their documents"),
    ]


class SearchQuery(RequestModel):
    """A search for passages."""

    q: Annotated[
        str,
        Field(
            min_length=1,
            pattern=r"\S",
            description="words to search for",
            examples=["founding year"],
        ),
    ]
    k: Annotated[
        int | None, Field(ge=1, le=MAX_TOP_K, description="number of passages", examples=[5])
    ] = None
    within: Within = None


class ProblemBody(BaseModel):
    """Problem details (RFC 9457): what failed, for programs (`code`) and for people (`detail`)."""

    type: str = "about:blank"
    title: Annotated[str, Field(examples=["Unprocessable Content"])]
    status: Annotated[int, Field(examples=[422])]
    detail: Annotated[str, Field(examples=["The request is not valid. #/question: is missing"])]
    code: Annotated[str, Field(examples=["invalid_request"])]
    request_id: Annotated[str, Field(description="id of the request in the server's log")]
    errors: Annotated[
        list[dict[str, str]],
        Field(
            description="what is wrong: a `pointer` into the body or a `parameter`, and a `detail`"
        ),
    ] = []
    error_count: Annotated[
        int, Field(description="number of faults, if more than the 20 that are listed")
    ] = 0


class OpenAIError(BaseModel):
    """OpenAI's error object: `message`, `type`, `param` and `code`."""

    error: dict[str, str | None]


class SearchResults(BaseModel):
    """Passages, best first."""

    hits: list[Hit]


class DocumentsQuery(RequestModel):
    """Which documents to list."""

    search: Annotated[str, Field(max_length=200, description="text in the title or path")] = ""
    limit: Annotated[int, Field(ge=1, le=MOST_LISTED, description="number of documents")] = (
        MOST_LISTED
    )
    offset: Annotated[int, Field(ge=0, le=MAX_OFFSET, description="documents to pass over")] = 0


class DocumentList(BaseModel):
    """Documents of the index, ordered by path, and how many there are on all pages."""

    documents: list[DocumentSummary]
    total: int


class DocumentBody(BaseModel):
    """A document as indexed. Every offset refers to this text."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    source: Annotated[str, Field(description="path below the document folder")]
    title: str
    text: str
    sha256: Annotated[str, Field(description="SHA-256 of the file, in hexadecimal")]
    media_type: str
    page_starts: Annotated[
        tuple[int, ...], Field(description="offset at which each page begins")
    ] = ()
    attribution: Attribution


class BlockList(BaseModel):
    """The blocks of a document, in order."""

    blocks: list[Block]


class NoQuery(RequestModel):
    """A query without parameters."""


def document_body(document: Document) -> DocumentBody:
    """Return a document as a body of the API."""
    return DocumentBody.model_validate(document)
