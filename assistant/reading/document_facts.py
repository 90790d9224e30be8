"""Questions about a document itself: who wrote it, where it was published, what it is called.

They are cited from the text where it says so. What only ``corpus.toml`` knows is no citation:
the attribution line is shown instead.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.text.blocks import blocks
from assistant.text.sentences import sentences
from assistant.text.spans import Span
from assistant.types import Document, Passage

_IT = (
    r"(?:(?:this|the|that)\s+(?:news\s+|opinion\s+)?(?:article|document|text|piece|page|paper|report|story|essay|file|"
    r"op-ed|editorial|post|manual|guide|policy|faq|minutes|source)|this|it)"
)
_WHOSE = rf"(?:\s+(?:of|for|behind)\s+{_IT})?"
_ASKS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (
        field,
        re.compile(
            rf"^\W*(?:(?:and|so|but|ok|please|can you tell me|tell me|do you know)[\s,]+)*(?:{pattern})\W*$",
            re.I,
        ),
    )
    for field, pattern in (
        (
            "author",
            rf"who(?:\s+is|(?:'|’)s|\s+was)?\s+(?:wrote|written|authored|penned)\s+{_IT}|by\s+whom\s+(?:is|was)\s+{_IT}\s+written|"
            rf"who\s+(?:is|are|was|were)\s+the\s+(?:author|writer|journalist|reporter)s?{_WHOSE}|"
            rf"who(?:'|’)s\s+the\s+(?:author|writer)s?{_WHOSE}|who\s+(?:is|was)\s+{_IT}\s+(?:written\s+)?by|"
            rf"(?:what\s+is\s+|what(?:'|’)s\s+)?(?:the\s+)?(?:author|writer)(?:(?:'|’)s)?(?:\s+name)?{_WHOSE}|name\s+the\s+author{_WHOSE}|"
            rf"whose\s+(?:article|text|piece|opinion)\s+is\s+(?:this|it)|who\s+(?:did\s+)?(?:write|wrote)\s+{_IT}",
        ),
        (
            "publisher",
            rf"where\s+(?:was|is|has)\s+{_IT}\s+(?:been\s+)?(?:first\s+|originally\s+)?(?:published|printed|released|from|appear(?:ed)?)|"
            rf"where\s+did\s+{_IT}\s+(?:first\s+|originally\s+)?(?:appear|come\s+from)|who\s+(?:has\s+)?(?:published|publishes|printed|released)\s+{_IT}|"
            rf"(?:who|what)\s+(?:is|was)\s+the\s+(?:publisher|source|publication){_WHOSE}|"
            rf"(?:which|what)\s+(?:newspaper|magazine|journal|outlet|site|website|publication|publisher)\s+(?:published|printed|ran|released|is)\s+{_IT}(?:\s+from|\s+in)?|"
            rf"(?:in|by)\s+(?:which|what)\s+(?:newspaper|magazine|journal|outlet|publication)\s+(?:was|is)\s+{_IT}\s+published|"
            rf"(?:what\s+is\s+)?(?:the\s+)?(?:publisher|source){_WHOSE}|who\s+(?:is|was)\s+{_IT}\s+published\s+by",
        ),
        (
            "date",
            rf"when\s+(?:was|is|has)\s+{_IT}\s+(?:been\s+)?(?:first\s+)?(?:published|written|printed|released|posted|from|dated)|"
            rf"when\s+did\s+{_IT}\s+(?:first\s+)?(?:appear|come\s+out)|how\s+old\s+is\s+{_IT}|"
            rf"(?:what\s+is\s+|what(?:'|’)s\s+)?(?:the\s+)?(?:publication\s+date|date(?:\s+of\s+publication)?){_WHOSE}|"
            rf"(?:in\s+)?(?:what|which)\s+year\s+(?:was|is)\s+{_IT}\s+(?:published|written)|what(?:'|’)s?\s*(?:is\s+)?the\s+date\s+of\s+{_IT}",
        ),
        (
            "title",
            rf"what(?:\s+is|(?:'|’)s)\s+(?:the\s+)?(?:title|headline|name){_WHOSE}|what\s+is\s+{_IT}\s+(?:called|titled|named)|"
            rf"(?:the\s+)?(?:title|headline){_WHOSE}|how\s+is\s+{_IT}\s+(?:called|titled)|"
            rf"what(?:'|’)s\s+(?:this|the)\s+(?:article|document|text)(?:\s+called|(?:'|’)s\s+title)",
        ),
    )
)
_IN_TEXT = {
    "author": re.compile(
        r"(?:^|\n)[ \t]*(?P<span>(?:by|author|written by|words by|text by|story by)[:\s]\s*(?P<value>[A-Z][\w.’'-]+(?: [\w.’'-]+){0,5}))[ \t]*(?=\r?\n|$)",
        re.IGNORECASE,
    ),
    "publisher": re.compile(
        r"(?:^|\n)[ \t]*(?P<span>(?:source|publisher|published (?:by|in|on)|first published (?:by|in)|originally published (?:by|in|on))[:\s]\s*(?P<value>[^\r\n]{2,80}?))[ \t]*(?=\r?\n|$)",
        re.IGNORECASE,
    ),
    "date": re.compile(
        r"(?:^|\n)[ \t]*(?P<span>(?:date|published(?: on)?|updated|last updated|effective(?: date)?|posted)[:\s]\s*(?P<value>[^\r\n]{0,30}\d{4}[^\r\n]{0,20}?))[ \t]*(?=\r?\n|$)",
        re.IGNORECASE,
    ),
}
_BY_NAME = 40


@dataclass(frozen=True, slots=True)
class Found:
    """Where documents say what was asked; ``missing`` are those that do not."""

    passages: tuple[Passage, ...]
    missing: tuple[Document, ...]


def metadata_field(question: str) -> str | None:
    """Which of author, publisher, date and title the whole of a question asks for."""
    if len(question) > 200:
        return None
    return next((field for field, pattern in _ASKS if pattern.match(question)), None)


def find_metadata(field: str, documents: Sequence[Document]) -> Found:
    """The passages in which the documents' own text says it."""
    passages: list[Passage] = []
    missing: list[Document] = []
    for document in documents:
        passage = _find(field, document)
        passages += [passage] if passage else []
        missing += [] if passage else [document]
    return Found(tuple(passages), tuple(missing))


def _find(field: str, document: Document) -> Passage | None:
    text = document.text
    if field == "title":
        start = text.find(document.title)
        return Passage(document, start, start + len(document.title)) if start >= 0 else None
    for value in _names(getattr(document.attribution, field) or ""):
        start = text.find(value)
        if start >= 0 and field != "date":
            span = _sentence_around(text, start, start + len(value))
            if span.end - span.start <= len(value) + _BY_NAME:
                return Passage(document, span.start, span.end, (start, start + len(value)))
    match = _IN_TEXT[field].search(text)
    return Passage(document, *match.span("span"), match.span("value")) if match else None


def _names(value: str) -> list[str]:
    """A value of the attribution and the names it is made of, the whole first."""
    parts = re.split(r"\s*(?:[(),;/]|\bvia\b|\band\b)\s*", value)
    return [name for name in dict.fromkeys([value, *parts]) if len(name) > 2]


def _sentence_around(text: str, start: int, end: int) -> Span:
    block = next((b for b in blocks(text) if b.start <= start < b.end), Span(start, end))
    inside = [s for s in sentences(text, block.start, block.end) if s.start < end and start < s.end]
    return Span(inside[0].start, inside[-1].end) if inside else block
