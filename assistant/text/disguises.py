"""Undo what hides words from people or from a pattern: invisible characters, encodings, odd letters.

A document that gives orders to a language model may write them so that no reader sees them, or so
that no filter does. A model reads them all the same.
"""

import base64
import binascii
import codecs
import html
import re
import unicodedata
import urllib.parse
from collections.abc import Collection, Iterator

from assistant.text.lexicons import lexicon
from assistant.text.words import STOP_WORDS, words

_HIDDEN_LETTERS = re.compile(r"[\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufe00-\ufe0f]")
"""Characters of no width that Unicode does not count among the formats."""
_TAG_BASE = 0xE0000
_TAG_MESSAGE = re.compile(r"[\U000e0020-\U000e007e]{10,}")
"""Letters of the tag block, which nothing shows. A flag has six of them at most."""
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){16,}")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")
_READABLE = re.compile(r"[^\W\d_]+[\s,.;:!?'’“”\"()-]+[^\W\d_]+[\s\S]*")
_SINGLE_LETTERS = re.compile(r"(?<![^\W_])([^\W_])[ .*_·|-](?=[^\W_](?![^\W_]))")
_LETTER_RUN = re.compile(r"(?<![^\W_])(?:[^\W\d_][ .*_·|-]){12,}[^\W\d_](?![^\W_])")
"""A run in which no gap tells where a word ends, as when white space was folded."""
_INSIDE_WORDS = re.compile(r"(?<=[^\W\d_])[*_.·|\u2010-]+(?=[^\W\d_])")
_MIXED_SCRIPTS = re.compile(r"[a-zA-Z][\u0370-\u04ff]|[\u0370-\u04ff][a-zA-Z]")
_MIXED_DIGITS = re.compile(r"[^\W\d_]\d|\d[^\W\d_]")
_LOOKALIKES = str.maketrans(dict(line.split() for line in lexicon("lookalike_letters")))
_DIGITS_FOR_LETTERS = str.maketrans("0134578@$", "oieastbas")
_LONGEST_DECODED = 4000
_LONG_STOP_WORDS = [word for word in STOP_WORDS if len(word) > 2]
_ROTATED = frozenset(codecs.encode(word, "rot13") for word in _LONG_STOP_WORDS)
_REVERSED = frozenset(word[::-1] for word in _LONG_STOP_WORDS)
"""Function words as they look in a text that is written so."""


def readings(text: str) -> Iterator[str]:
    """Yield a text as a model may read it: without what is invisible, then with each disguise undone."""
    plain = without_invisible(text)
    yield plain
    yield from _hidden_messages(text)
    yield from _decoded(plain)
    if _MIXED_SCRIPTS.search(plain):
        yield plain.translate(_LOOKALIKES)
    if _MIXED_DIGITS.search(plain):
        yield plain.translate(_DIGITS_FOR_LETTERS)
    if _SINGLE_LETTERS.search(plain):
        yield _SINGLE_LETTERS.sub(r"\1", plain)
    if _INSIDE_WORDS.search(plain):
        yield _INSIDE_WORDS.sub("", plain)
    written = {word.lower() for word in words(plain)}
    if not written.isdisjoint(_ROTATED):
        yield codecs.encode(plain, "rot13")
    if not written.isdisjoint(_REVERSED):
        yield plain[::-1]


def has_hidden_message(text: str) -> bool:
    """Return whether a text contains words in letters that nothing shows."""
    return _TAG_MESSAGE.search(text) is not None


def spells_out(text: str, wanted: Collection[str]) -> bool:
    """Return whether a long run of single letters with equal gaps contains one of some words."""
    for run in _LETTER_RUN.finditer(text):
        joined = "".join(filter(str.isalnum, run[0])).lower()
        if any(word in joined for word in wanted):
            return True
    return False


def without_invisible(text: str) -> str:
    """Return a text with compatible letters (ｆｕｌｌ width) folded, and without invisible ones."""
    visible = _HIDDEN_LETTERS.sub("", unicodedata.normalize("NFKC", text))
    return "".join(
        character
        for character in visible
        if character in "\t\n\r" or unicodedata.category(character) not in ("Cf", "Cc", "Co")
    )


def _hidden_messages(text: str) -> Iterator[str]:
    for match in _TAG_MESSAGE.finditer(text):
        yield "".join(chr(ord(letter) - _TAG_BASE) for letter in match[0])


def _decoded(text: str) -> Iterator[str]:
    """Yield what entities, escapes, percent signs, Base64 and hexadecimal digits stand for."""
    undone = _ESCAPED.sub(lambda match: chr(int(match[1] or match[2], 16)), html.unescape(text))
    undone = urllib.parse.unquote(undone, errors="replace")
    if undone != text:
        yield undone
    for pattern, decode in ((_BASE64, _from_base64), (_HEX, bytes.fromhex)):
        for match in pattern.finditer(text[: 10 * _LONGEST_DECODED]):
            try:
                decoded = decode(match[0][:_LONGEST_DECODED]).decode("utf-8", errors="strict")
            except (binascii.Error, ValueError):
                continue
            if _READABLE.fullmatch(decoded):
                yield decoded


def _from_base64(written: str) -> bytes:
    bare = written.rstrip("=").replace("-", "+").replace("_", "/")
    return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
