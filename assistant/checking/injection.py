"""Recognize text in a document that reads like an instruction to a language model.

Such text is data and may be quoted like any other text. But it never supports a sentence that a
model writes, because a model that obeys it would find its own words right there.
"""

import re
from functools import lru_cache

from assistant.checking.disguises import has_hidden_message, readings
from assistant.text.blocks import blocks
from assistant.text.headings import is_heading, sections
from assistant.text.lexicons import lexicon
from assistant.text.sentences import sentences
from assistant.text.spans import Span
from assistant.types import Passage

_PREVIOUS = r"(?:previous|prior|above|earlier|preceding|all|any|your|these|those|the|other|my)"
_RULES = r"(?:instructions?|prompts?|rules|directions|guidelines|guardrails|directives|commands)"
STEERING_PATTERNS = tuple(
    line.replace("{to}", _PREVIOUS).replace("{rules}", _RULES).replace(" ", r"\s+")
    for line in lexicon("steering_patterns")
)
STEERING_PATTERNS_ABROAD = lexicon("steering_patterns_abroad")
_INSTRUCTION = re.compile("|".join((*STEERING_PATTERNS, *STEERING_PATTERNS_ABROAD)), re.IGNORECASE)
_MARKUP = re.compile(
    r"</?(?:system|assistant|user|human|instructions?|(?:system[_-]?)?prompt|passages?|question|"
    r"(?:start|end)_of_turn)\s*>|"
    r"\[(?://|comment)\]:|\{\#[^\n]*\#\}|<\?(?!xml\b|php\b)[a-z]+\b|"
    r"\[/?(?:system|assistant|user)\]|"
    r"<\|[^|>\n]{0,40}\|?>|\[/?INST\]|<</?SYS>>|<!--|-->|!\[[^\]\n]*\]\s*\(\s*(?:https?:)?//",
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
_AROUND = 4000
_LINK = re.compile(
    r"!?\[[^\]\n]*\](?:\s*\(|:\s*<?\w*:?//|\s?\[[^\]\d])|</?[a-z!][^<>\n]*>|"
    r"</?(?:img|a|svg|iframe|script|object|embed|link|style|form|input|video|audio|base|meta)\b|"
    r"\b(?:javascript|vbscript|mailto|tel):|\bdata:(?=[\w/,;])|https?:\\\\|&#?\w{2,8};",
    re.I,
)
_ADDRESS = re.compile(r"(?:\bhttps?://|\bwww\.|//)[^\s<>()\[\]\"“”]+", re.IGNORECASE)


def without_hidden(text: str) -> str:
    """Return the text without invisible characters and characters that change text direction."""
    return _HIDDEN.sub("", text)


@lru_cache(maxsize=4096)
def reads_as_instruction(text: str) -> bool:
    """Return whether a sentence of the text addresses a language model or tries to steer it.

    What is hidden from readers, or encoded, counts as well.
    """
    if has_hidden_message(text) or _UNSEEN_STYLE.search(text):
        return True
    return any(_steers(reading) for reading in readings(text))


def _steers(text: str) -> bool:
    return bool(_MARKUP.search(text)) or any(
        _INSTRUCTION.search(text[sentence.start : sentence.end]) for sentence in sentences(text)
    )


def evidence(passage: Passage) -> list[Passage]:
    """Return the parts of a passage that may support a sentence: paragraphs without instructions.

    A paragraph below a heading that reads like an instruction is not evidence either.
    """
    text = passage.document.text
    around = _paragraphs_around(text, passage)
    ordered = _below_instructions(passage)
    parts: list[Passage] = []
    is_open = is_below_order = False
    for block in blocks(text, around.start, around.end):
        start, end = max(block.start, passage.start), min(block.end, passage.end)
        is_order = reads_as_instruction(text[block.start : block.end])
        if is_heading(passage.document, block):
            is_below_order = is_order
        is_kept_out = is_order or is_below_order
        if (
            start >= end
            or is_kept_out
            or any(order.start <= start < order.end for order in ordered)
        ):
            is_open = False
        elif is_open:
            parts[-1] = Passage(passage.document, parts[-1].start, end)
        else:
            parts.append(Passage(passage.document, start, end))
            is_open = True
    return parts


def carries_link(sentence: str, passages: list[Passage]) -> bool:
    """Return whether a sentence contains link, image or page markup, or an address of its own.

    An address that a passage contains is allowed.
    """
    sentence = without_hidden(sentence)
    if _LINK.search(sentence):
        return True
    addresses = (match[0].rstrip(".,;:!?") for match in _ADDRESS.finditer(sentence))
    return any(not any(address in passage.text for passage in passages) for address in addresses)


def _below_instructions(passage: Passage) -> list[Span]:
    """Return the sections around a passage that a heading above them turns into an instruction."""
    document = passage.document
    return [
        Span(section.start, section.end)
        for section in sections(document.text, document.media_type)
        if section.start < passage.end
        and passage.start < section.end
        and any(reads_as_instruction(title) for title in section.titles)
    ]


def _paragraphs_around(text: str, passage: Passage) -> Span:
    """Return the passage, widened to the blank lines around it if they are near."""
    first = max(0, passage.start - _AROUND)
    last = min(len(text), passage.end + _AROUND)
    start = text.rfind("\n\n", first, passage.start)
    end = text.find("\n\n", passage.end, last)
    return Span(start if start >= 0 else first, end if end >= 0 else last)
