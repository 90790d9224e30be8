"""Recognize text in a document that reads like an instruction to a language model.

Such text is data and may be quoted like any other text. But it never supports a sentence that a
model writes, because a model that obeys it would find its own words right there.
"""

import re

from assistant.text.blocks import blocks
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
_INSTRUCTION = re.compile("|".join(STEERING_PATTERNS), re.IGNORECASE)
_MARKUP = re.compile(
    r"</?(?:system|assistant|user|human|instructions?|prompt|(?:start|end)_of_turn)\s*>|"
    r"\[/?(?:system|assistant|user)\]|"
    r"<\|[^|>\n]{0,40}\|?>|\[/?INST\]|<</?SYS>>|<!--|-->|!\[[^\]\n]*\]\s*\(\s*(?:https?:)?//",
    re.I,
)
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


def reads_as_instruction(text: str) -> bool:
    """Return whether a sentence of the text addresses a language model or tries to steer it."""
    text = without_hidden(text)
    return bool(_MARKUP.search(text)) or any(
        _INSTRUCTION.search(text[sentence.start : sentence.end]) for sentence in sentences(text)
    )


def evidence(passage: Passage) -> list[Passage]:
    """Return the parts of a passage that may support a sentence: paragraphs without instructions."""
    text = passage.document.text
    around = _paragraphs_around(text, passage)
    parts: list[Passage] = []
    is_open = False
    for block in blocks(text, around.start, around.end):
        start, end = max(block.start, passage.start), min(block.end, passage.end)
        if start >= end or reads_as_instruction(text[block.start : block.end]):
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


def _paragraphs_around(text: str, passage: Passage) -> Span:
    """Return the passage, widened to the blank lines around it if they are near."""
    first = max(0, passage.start - _AROUND)
    last = min(len(text), passage.end + _AROUND)
    start = text.rfind("\n\n", first, passage.start)
    end = text.find("\n\n", passage.end, last)
    return Span(start if start >= 0 else first, end if end >= 0 else last)
