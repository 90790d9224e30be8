"""Split a text into words, and choose the words of a question for keyword search."""

import re
import unicodedata

from assistant.text.lexicons import lexicon

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_MOST_WORDS = 64
_FEWEST_SHARED = 4
"""Letters that the stems of two words share at least."""
_POWER = re.compile(r"(?<=\d)[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
"""Digits that are raised after a digit are no more digits of it."""

STOP_WORDS = frozenset(lexicon("stop_words"))
"""Function words of English, which shape a question without saying what it is about."""


def words(text: str) -> list[str]:
    """Return the words of a text in order, unchanged."""
    return _WORD.findall(text)


def plural(noun: str) -> str:
    """Return the regular plural of a noun or of a name with one, and a plural unchanged.

    >>> [plural(noun) for noun in ("policy", "code of conduct", "thesis", "press release", "notes")]
    ['policies', 'codes of conduct', 'theses', 'press releases', 'notes']
    """
    head, of, rest = noun.partition(" of ")
    if re.search(r"[^aeiou]y$", head):
        head = f"{head[:-1]}ies"
    elif head.endswith("is"):
        head = f"{head[:-2]}es"
    elif re.search(r"(?:[sx]s|us|x|z|ch|sh)$", head):
        head = f"{head}es"
    elif not head.endswith("s"):
        head = f"{head}s"
    return f"{head}{of}{rest}"


def telling_words(text: str) -> set[str]:
    """Return the words of a text in lower case that are more than the form of a sentence."""
    return {word for word in words(text.casefold()) if word not in STOP_WORDS}


def are_alike(one: str, other: str) -> bool:
    """Return whether two words are one, but for their endings.

    >>> are_alike("deliveries", "delivery"), are_alike("cat", "cats"), are_alike("cat", "catalog")
    (True, True, False)
    """
    size = max(_FEWEST_SHARED, min(len(one), len(other)) - 2)
    if one == other or one.removesuffix("s") == other.removesuffix("s"):
        return True
    return one[:size] == other[:size] and min(len(one), len(other)) >= size


def plain_form(text: str) -> str:
    """Return a text as people type it: CO₂ as CO2, ﬁ as fi, 10⁶ as 10^6."""
    if unicodedata.is_normalized("NFKC", text):
        return text
    return unicodedata.normalize("NFKC", _POWER.sub(r"^\g<0>", text))


def plain_variants(text: str) -> str:
    """Return the words that only the plain form of a text has; empty for most texts."""
    plain = plain_form(text)
    if plain is text:
        return ""
    known = set(words(text))
    return " ".join(dict.fromkeys(word for word in words(plain) if word not in known))


def query_words(question: str) -> list[str]:
    """Return the distinct content words of a question, or all its words if it has no others.

    Only the first 64 are returned, so that a pasted page is still a query.
    """
    distinct = list(dict.fromkeys(word.casefold().replace("’", "'") for word in words(question)))
    content = [word for word in distinct if word not in STOP_WORDS]
    return (content or distinct)[:_MOST_WORDS]
