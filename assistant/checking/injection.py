"""Recognize text in a document that reads like an instruction to a language model.

Such text is data and may be quoted like any other text. But it never supports a sentence that a
model writes, because a model that obeys it would find its own words right there.
"""

import re

from assistant.text.blocks import blocks
from assistant.text.sentences import sentences
from assistant.text.spans import Span
from assistant.types import Passage

_TO = r"(?:previous|prior|above|earlier|preceding|all|any|your|these|those|the|other|my)"
_RULES = r"(?:instructions?|prompts?|rules|directions|guidelines|guardrails|directives|commands)"
_INSTRUCTION = re.compile(
    rf"\b(?:ignore|disregard|forget|override|overrule|bypass|do\s+not\s+follow)\s+(?:{_TO}\s+){{1,4}}(?:\w+\s+){{0,2}}{_RULES}\b|"
    r"\b(?:ignore|disregard|forget)\s+(?:everything|anything|all\s+of|what\s+you|the\s+(?:above|rest|foregoing|previous|preceding))\b|"
    rf"(?<!the )\b(?:new|updated|hidden|real|secret|special)\s+{_RULES}\s*(?::|follow\b)|"
    r"\b(?:begin|end|start)\s+(?:of\s+)?(?:instructions|prompt)\b|"
    r"\bif\s+you\s+are\s+an?\s+(?:ai|llm|language\s+model|chatbot|(?:ai|virtual)\s+assistant)\b|"
    r"\bas\s+an?\s+(?:ai|llm|language\s+model|chatbot|ai\s+assistant),?\s+you\b|"
    r"\b(?:ai|llm|language\s+model|chatbot)s?(?:\s+(?:assistants?|agents?|models?))?\s+(?:reading|processing|summari[sz]ing)\b|"
    r"\b(?:do\s+not|don['’]t|never)\s+(?:answer\s+the\s+(?:question|user)|(?:tell|inform)\s+(?:the\s+)?(?:user|reader|person\s+asking)s?)\b|"
    r"\byou\s+(?:must|should|shall|have\s+to|will)\s+(?:always\s+|only\s+|now\s+)?(?:reply|answer|respond|say|state)\s+(?:that|with|only|exactly)\b|"
    r"[;,]\s+(?:instead\s+)?(?:say|answer|reply|respond)\s+(?:that|with|only|it\s+is)\b|"
    r"\byour\s+(?:new|real|only)\s+(?:task|job|role|goal)\s+is\b|"
    r"\byour\s+(?:answer|reply|response|output)s?\s+(?:must|should|shall|has\s+to)\s+(?:always\s+|also\s+|only\s+)?(?:contain|include|begin|end|start|be|say)\b|"
    r"\b(?:what\s+are|write|list|show|translate)\s+(?:me\s+|down\s+)?your\s+(?:instructions|rules|system\s+prompt)\b|"
    r"\b(?:use|cite|quote)\s+(?:only\s+|this\s+)*passage\b|"
    r"\bwhen\s+(?:answering|replying|responding|summari[sz]ing)\b[^.!?\n]{0,60}\b(?:include|say|add|mention|append|link)\b|"
    r"^\W*(?:append|include|embed|insert|add)\b[^\n]{0,120}(?:https?://|www\.|\bconversation\b)|"
    r"\b(?:system|developer)\s+(?:prompt|message|override|instructions?|note|notice)\b|"
    r"^[\s>#*_-]*(?:system|assistant|developer|user|human)\s*[*_]*:|"
    r"\byou\s+are\s+now\s+(?:an?|the|in|no\s+longer)\b|\bfrom\s+now\s+on,?\s+(?:you|answer|respond|reply|always|only)\b|"
    r"\b(?:pretend|act\s+as\s+if)\s+(?:to\s+be|that\s+you|you)\b|"
    r"\b(?:reveal|print|repeat|output|show|leak|disclose|send|quote)\b[^.!?\n]{0,60}\b(?:prompt|system\s+message|your\s+(?:instructions|rules)|api\s+keys?)\b|"
    r"\b(?:attention|dear|note\s+to|message\s+to|instructions?\s+(?:to|for))[\s,]+(?:the\s+|any\s+|all\s+)?(?:ai\b|llms?\b|language\s+models?|assistants?\b|chatbots?)|"
    r"\b(?:ai|llm|language\s+model|assistant|chatbot)s?\s*(?:,|must|should|shall|has\s+to|have\s+to)\s+(?:now\s+|always\s+|only\s+|also\s+)?(?:say|answer|reply|respond|ignore|output|write|tell|include|append|print)\b|"
    r"^\W*(?:please\s+|now\s+|always\s+)*(?:tell|send|direct|refer|point)\b[^.!?\n]{0,60}\bto\b[^\n]{0,120}(?:https?://|www\.)|"
    r"\b(?:when|if|whenever)\s+(?:you\s+are\s+|you're\s+|a\s+user\s+|the\s+user\s+|the\s+reader\s+|anyone\s+|someone\s+|somebody\s+)?ask(?:ed|s)\b[^.!?\n]{0,80}\b(?:say|answer|reply|respond|output|write|tell)\b|"
    r"^\W*(?:please\s+|now\s+|instead,?\s+|and\s+|then\s+|always\s+|just\s+|only\s+)*(?:say|answer|reply|respond|output|append|include|cite)\s+(?:only|exactly|with|that|this|the\s+following|in\s+your\s+answer|to\s+(?:every|all|any)|[\"“'\[]|:)",
    re.IGNORECASE,
)
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
