"""Keep what reads like an instruction to a language model out of the evidence for a sentence.

Such text is data and may be quoted like any other text. But it never supports a sentence that a
model writes, because a model that obeys it would find its own words right there.
"""

import re

from assistant.text.steering import without_hidden, without_orders
from assistant.types import Passage

_AROUND = 4000
_LINK = re.compile(
    r"!?\[[^\]\n]*\](?:\s*\(|:\s*<?\w*:?//|\s?\[[^\]\d])|</?[a-z!][^<>\n]*>|"
    r"</?(?:img|a|svg|iframe|script|object|embed|link|style|form|input|video|audio|base|meta)\b|"
    r"\b(?:javascript|vbscript|mailto|tel):|\bdata:(?=[\w/,;])|https?:\\\\|&#?\w{2,8};",
    re.I,
)
_ADDRESS = re.compile(r"(?:\bhttps?://|\bwww\.|//)[^\s<>()\[\]\"“”]+", re.IGNORECASE)


def evidence(passage: Passage) -> list[Passage]:
    """Return the parts of a passage that may support a sentence: paragraphs without instructions.

    A paragraph below a heading that reads like an instruction is not evidence either.
    """
    return without_orders(passage)


def carries_link(sentence: str, passages: list[Passage]) -> bool:
    """Return whether a sentence contains link, image or page markup, or an address of its own.

    An address that a passage contains is allowed.
    """
    sentence = without_hidden(sentence)
    if _LINK.search(sentence):
        return True
    addresses = (match[0].rstrip(".,;:!?") for match in _ADDRESS.finditer(sentence))
    return any(not any(address in passage.text for passage in passages) for address in addresses)
