"""Recognize text in a document that reads like an instruction to a language model."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from assistant.text.blocks import blocks
from assistant.text.disguises import has_hidden_message, readings, spells_out
from assistant.text.headings import sections
from assistant.text.lexicons import lexicon
from assistant.text.sentences import sentences
from assistant.text.spans import Span, trimmed
from assistant.types import Document, Passage

_PARTS = [tuple(line.split(" = ", 1)) for line in lexicon("steering_parts")]
"""What the patterns write in braces, and the expressions in their place."""


def _pattern(line: str) -> str:
    for name, part in reversed(_PARTS):
        line = line.replace(f"{{{name}}}", part)
    return line.replace(" ", r"\s+")


STEERING_PATTERNS = tuple(map(_pattern, lexicon("steering_patterns")))
STEERING_PATTERNS_ABROAD = tuple(map(_pattern, lexicon("steering_patterns_abroad")))
_INSTRUCTION = re.compile("|".join((*STEERING_PATTERNS, *STEERING_PATTERNS_ABROAD)), re.IGNORECASE)
_CUE = re.compile("|".join(map(re.escape, lexicon("steering_cues"))), re.IGNORECASE)
_LONG_CUES = frozenset(cue for cue in lexicon("steering_cues") if len(cue) > 4)
_MARKUP = re.compile(
    r"</?(?:system|assistant|user|human|instructions?|(?:system[_-]?)?prompt|passages?|question|"
    r"(?:start|end)_of_turn)\s*>|"
    r"\[(?://|comment)\]:|\{\#[^\n]*\#\}|<\?(?!xml\b|php\b)[a-z]+\b|"
    r"\[/?(?:system|assistant|user)\]|"
    r"<>[^<>\n]+<>|"  # what a page shows of <<SYS>>
    r"<\|[^|>\n]{0,40}\|?>|\[/?INST\]|<</?SYS>>|<!--|!\[[^\]\n]*\]\s*\(\s*(?:https?:)?//",
    re.I,
)
_UNSEEN_STYLE = re.compile(
    r"<[a-z][^<>]{0,200}?(?:\shidden(?=[\s>=])|(?:display\s*:\s*none|visibility\s*:\s*hidden|"
    r"opacity\s*:\s*0(?![.\d]*[1-9])|font-size\s*:\s*0|(?:left|top|text-indent)\s*:\s*-\d{3,}|"
    r"(?<![-\w])color\s*[:=]\s*[\"']?(?:white\b|\#f{3}(?:f{3})?\b|rgba?\(\s*255\D{1,3}255\D{1,3}255)))",
    re.I,
)
"""A tag of a page that hides what it contains."""
_HIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    r"\U000e0000-\U000e007f]"
)


def without_hidden(text: str) -> str:
    """Return the text without invisible characters and characters that change text direction."""
    return _HIDDEN.sub("", text)


@lru_cache(maxsize=4096)
def reads_as_instruction(text: str) -> bool:
    """Return whether a sentence of the text addresses a language model or tries to steer it.

    What is hidden from readers, or encoded, counts as well.
    """
    if has_hidden_message(text) or _UNSEEN_STYLE.search(text) or spells_out(text, _LONG_CUES):
        return True
    return any(_steers(reading) for reading in readings(text))


def _steers(text: str) -> bool:
    if _MARKUP.search(text):
        return True
    return _CUE.search(text) is not None and any(
        _CUE.search(text, sentence.start, sentence.end)
        and _INSTRUCTION.search(text[sentence.start : sentence.end])
        for sentence in sentences(text)
    )


def orders_in(
    text: str, media_type: str, go_on: Callable[[], None] = lambda: None
) -> tuple[tuple[int, int], ...]:
    """Return the offsets of the blocks of a text that read like instructions, in order.

    All of a section whose heading does counts as well. ``go_on`` is called between blocks, and may
    raise an error if the text takes too long.
    """
    found = [*_ordering_blocks(text, go_on), *_ordered_sections(text, media_type, go_on)]
    merged: list[tuple[int, int]] = []
    for span in sorted(found, key=lambda one: one.start):
        if merged and span.start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], span.end))
        else:
            merged.append((span.start, span.end))
    return tuple(merged)


def _ordering_blocks(text: str, go_on: Callable[[], None]) -> Iterator[Span]:
    for block in blocks(text, 0, len(text)):
        go_on()
        if reads_as_instruction(text[block.start : block.end]):
            yield Span(block.start, block.end)


def _ordered_sections(text: str, media_type: str, go_on: Callable[[], None]) -> Iterator[Span]:
    for section in sections(text, media_type):
        go_on()
        if any(reads_as_instruction(title) for title in section.titles):
            yield Span(section.start, section.end)


def orders_of(document: Document) -> tuple[tuple[int, int], ...]:
    """Return the stretches of a document that read like instructions, as ingestion found them.

    An index of an earlier version does not have them: then they are found now, and kept a while.
    """
    if document.orders is not None:
        return document.orders
    return _found_orders(document.text, document.media_type)


_found_orders = lru_cache(maxsize=64)(orders_in)


def without_orders(passage: Passage) -> list[Passage]:
    """Return the stretches of a passage around what reads like an instruction."""
    document = passage.document
    ends = [passage.start]
    for start, end in orders_of(document):
        if start < passage.end and passage.start < end:
            ends += [max(start, passage.start), min(end, passage.end)]
    ends.append(passage.end)
    spans = zip(ends[::2], ends[1::2], strict=True)
    stretches = [trimmed(document.text, Span(start, end)) for start, end in spans if start < end]
    return [Passage(document, one.start, one.end) for one in stretches if one.start < one.end]


def has_order(passage: Passage) -> bool:
    """Return whether a passage has a part of what reads like an instruction."""
    return any(
        start < passage.end and passage.start < end for start, end in orders_of(passage.document)
    )
