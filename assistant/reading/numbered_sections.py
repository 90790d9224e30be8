"""Find the part of a document that bears a number: "section 4.2", "clause 3", "step 2"."""

import re
from collections.abc import Iterator

from assistant.reading.answer_units import MOST_WORDS
from assistant.text.blocks import blocks
from assistant.text.phrases import any_of
from assistant.text.spans import Span
from assistant.types import Document, Passage

_MOST_STRETCHES = 3
_HEADING = re.compile(r"#{1,6} ")


def numbered_section(document: Document, number: str) -> tuple[Passage, ...]:
    """Return what the part with a number says, in order, or nothing if no part surely bears it.

    A long part is cut off after a whole paragraph. Headings within it are left out.
    """
    begins = _beginning(document.text, number)
    if begins is None:
        return ()
    body = Span(begins.end, _end(document.text, begins, number))
    if not _HEADING.match(document.text, begins.start):
        body = Span(begins.start, body.end)
    stretches = list(_stretches(document.text, body))[:_MOST_STRETCHES]
    return tuple(Passage(document, one.start, one.end) for one in stretches)


def _beginning(text: str, number: str) -> Span | None:
    """Return the line with which the part begins; the surest kind of line, if there is just one."""
    label, end = rf"(?:{any_of('section_labels')})\s*", r"(?![.,]?\w)[.):]?[ \t]*"
    counted = re.escape(number)
    dotted = counted if "." in number else rf"{counted}[.)]"
    for pattern in (
        rf"^#{{1,6}} (?:{label})?{counted}{end}.*$",
        rf"^[ \t]*{label}{counted}{end}.*$",
        rf"^[ \t]*{dotted}{end}(?=\S).*$",
        rf"^[ \t]*{counted}{end}(?=\S).*$",
    ):
        found = list(re.finditer(pattern, text, re.MULTILINE | re.IGNORECASE))
        if found:
            return Span(*found[0].span()) if len(found) == 1 else None
    return None


def _end(text: str, begins: Span, number: str) -> int:
    """Return where the next part begins that is not within this one."""
    heading = _HEADING.match(text, begins.start)
    if heading:
        level = heading.end() - heading.start() - 1
        following = re.compile(rf"^#{{1,{level}}} ", re.MULTILINE).search(text, begins.end)
        return following.start() if following else len(text)
    label, counted = any_of("section_labels"), rf"\d+(?:\.\d+){{0,{number.count('.')}}}"
    numbered = re.compile(
        rf"^(?:#{{1,6}} |[ \t]*(?:{label})\s*{counted}\b|[ \t]*{counted}(?![.,]?\w)[.):]?[ \t]*\S)",
        re.MULTILINE | re.IGNORECASE,
    )
    following = numbered.search(text, begins.end)
    return following.start() if following else len(text)


def _stretches(text: str, body: Span) -> Iterator[Span]:
    """Yield the runs of paragraphs, items and rows between headings, up to some words in all."""
    words = 0
    run: Span | None = None
    for block in blocks(text, body.start, body.end):
        is_heading = _HEADING.match(text, block.start) is not None
        words += 0 if is_heading else len(text[block.start : block.end].split())
        if is_heading or (words > MOST_WORDS and run):
            if run:
                yield run
            run = None
            if words > MOST_WORDS:
                return
            continue
        run = Span(run.start if run else block.start, block.end)
    if run:
        yield run
