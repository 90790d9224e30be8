"""Reads numbers that are written in words, with their scales: "twenty-six", "2.5bn", "half", "twice"."""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from assistant.checking.values.tokens import MOST_DIGITS, Token, is_word

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS = {word: value for value, word in enumerate(_SMALL.split())} | {
    word: 10 * value for value, word in enumerate(_TENS.split(), 2)
}
_SCALES = {
    "hundred": 100,
    "thousand": 1000,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "dozen": 12,
}
_LARGEST = Decimal(10) ** MOST_DIGITS
_PLURAL_SCALES = {f"{word}s": Decimal(2 * amount) for word, amount in _SCALES.items()}
_SHORT_SCALES = {"k": 1000, "m": 10**6, "mn": 10**6, "bn": 10**9, "b": 10**9, "tn": 10**12}
_COUNT_SCALES = {"k", "M", "mn", "bn", "tn"}
"""Short scales of numbers without a currency; "2 m" are metres."""
_ORDINAL_WORDS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_ORDINALS = {word: value for value, word in enumerate(_ORDINAL_WORDS.split(), 1)} | {
    f"{word[:-1]}ieth": 10 * value for value, word in enumerate(_TENS.split(), 2)
}
_DECADES = {f"{word[:-1]}ies": f"{10 * value}s" for value, word in enumerate(_TENS.split(), 2)}
_MULTIPLES = {
    **dict.fromkeys(("twice", "double", "doubles", "doubled", "doubling", "twofold"), 2),
    **dict.fromkeys(("thrice", "triple", "triples", "tripled", "tripling"), 3),
    **dict.fromkeys(("quadruple", "quadruples", "quadrupled", "quadrupling"), 4),
}
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_ROMAN = re.compile(r"(?=[IVX])X{0,3}(?:IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}


def spelt(tokens: Sequence[Token], at: int) -> tuple[Decimal, int] | None:
    """A number in words, "one hundred and twenty-seven" or "a dozen", and where to go on."""
    token = tokens[at]
    if (part := _vulgar(tokens, at)) is not None:
        return part, at + 1
    if token.lower in ("a", "an") and scale_at(tokens, at + 1):
        return Decimal(scale_at(tokens, at + 1)), at + 2
    if token.lower == "half" and is_word(tokens, at + 1, "an", "a"):
        return Decimal("0.5"), at + 2
    if token.kind != "word" or token.lower not in _WORDS:
        return None
    total, part_so_far = 0, 0
    place = at
    while place < len(tokens):
        word = tokens[place].lower
        if word in _WORDS and (place == at or _joins(part_so_far, _WORDS[word])):
            part_so_far += _WORDS[word]
        elif word == "hundred" and 0 < part_so_far < 100:
            part_so_far *= 100
        elif word == "thousand" and part_so_far:
            total, part_so_far = total + part_so_far * 1000, 0
        elif word in ("-", "and") and _goes_on(tokens, place, part_so_far, word):
            pass
        else:
            break
        place += 1
    return Decimal(total + part_so_far), place


def and_a_half(tokens: Sequence[Token], at: int) -> tuple[Decimal, int]:
    """What "and a half" or "½" adds behind a number, and where to go on."""
    if (
        is_word(tokens, at, "and")
        and is_word(tokens, at + 1, "a")
        and is_word(tokens, at + 2, "half")
    ):
        return Decimal("0.5"), at + 3
    touches = at < len(tokens) and tokens[at - 1].end == tokens[at].start
    if touches and (part := _vulgar(tokens, at)) is not None:
        return part, at + 1
    return Decimal(0), at


def scaled(
    tokens: Sequence[Token], at: int, amount: Decimal, *, is_money: bool, is_digits: bool
) -> tuple[Decimal, int]:
    """A number times the scales behind it, "2.5 million" or "300k", and where to go on."""
    while amount < _LARGEST and (scale := scale_at(tokens, at)):
        amount, at = amount * scale, at + 1
    if is_digits and at < len(tokens):
        short = _SHORT_SCALES.get(tokens[at].lower)
        touches = tokens[at].start == tokens[at - 1].end
        is_scale = touches if tokens[at].lower in ("k", "m", "b") else True
        if short and is_scale and (is_money or tokens[at].text in _COUNT_SCALES):
            return amount * short, at + 1
    return amount, at


def scale_at(tokens: Sequence[Token], at: int) -> int:
    """What the word at a token multiplies with; 0 if it is no scale."""
    return _SCALES.get(tokens[at].lower, 0) if at < len(tokens) else 0


def ordinal(tokens: Sequence[Token], at: int) -> tuple[int, int]:
    """An ordinal in digits or words, "21st" or "twenty-first", and where to go on; 0 if none."""
    token = tokens[at]
    if token.kind == "ordinal" and token.is_amount:
        return int(re.sub(r"\D", "", token.text)), at + 1
    if _WORDS.get(token.lower, 0) >= 20 and is_word(tokens, at + 1, "-"):
        unit = _ORDINALS.get(tokens[at + 2].lower, 0) if at + 2 < len(tokens) else 0
        if 0 < unit < 10:
            return _WORDS[token.lower] + unit, at + 3
    return _ORDINALS.get(token.lower, 0), at + 1


def fraction(tokens: Sequence[Token], at: int) -> tuple[Decimal, int] | None:
    """A part of something in percent, "half of" or "two thirds", and where to go on."""
    token = tokens[at]
    if token.lower == "half":
        is_part = is_word(tokens, at + 1, "of", "the", "its", "their", "his", "her", "all")
        return (Decimal(50), at + 1) if is_part else None
    if token.lower not in ("a", "one") and _WORDS.get(token.lower, 10) > 9:
        return None
    count = 1 if token.lower == "a" else _WORDS[token.lower]
    place = at + 2 if is_word(tokens, at + 1, "-") else at + 1
    part = tokens[place].lower if place < len(tokens) else ""
    whole = _PARTS.get(part.removesuffix("s") if count > 1 else part, 0)
    if not whole or (count > 1) != part.endswith("s"):
        return None
    if count == 1 and not is_word(tokens, place + 1, "of"):
        return None
    return Decimal(100) * count / whole, place + 1


def multiple(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    """How many times, "twice" or "tripled" or "30-fold", and where to go on."""
    token = tokens[at]
    if token.lower in _MULTIPLES:
        return _MULTIPLES[token.lower], at + 1
    if token.lower == "once" and is_word(tokens, at + 1, "a", "an", "per", "every"):
        return 1, at + 1
    if token.lower.endswith("fold") and (count := _WORDS.get(token.lower[:-4], 0)):
        return count, at + 1
    counted = int(token.text) if token.is_amount and token.text.isdigit() else 0
    counted = counted or _WORDS.get(token.lower, 0)
    place = at + 2 if is_word(tokens, at + 1, "-") else at + 1
    return (counted, place + 1) if counted and is_word(tokens, place, "fold") else None


def decade(word: str) -> str:
    """The decade that "nineties" is, as "90s"; empty for other words."""
    return _DECADES.get(word, "")


def plural_scale(word: str) -> Decimal | None:
    """The least that "hundreds" or "dozens" is; None for other words."""
    return _PLURAL_SCALES.get(word)


def roman(text: str) -> int:
    """The value of a Roman numeral up to 39 in capitals; 0 for anything else."""
    if not text or not _ROMAN.fullmatch(text):
        return 0
    found = [_ROMAN_VALUES[letter] for letter in text]
    return sum(
        -value if value < following else value
        for value, following in zip(found, [*found[1:], 0], strict=True)
    )


def small(word: str) -> int:
    """The number that one word is, below a hundred; 0 for other words."""
    return _WORDS.get(word, 0)


def _vulgar(tokens: Sequence[Token], at: int) -> Decimal | None:
    """The value of a character like "½"."""
    text = tokens[at].text if at < len(tokens) else ""
    if len(text) == 1 and unicodedata.category(text) == "No":
        return Decimal(str(unicodedata.numeric(text))).quantize(Decimal("0.0001")).normalize()
    return None


def _joins(part: int, value: int) -> bool:
    """Whether a number word goes on with the number so far: "twenty" with "one", not with "ten"."""
    return (part % 100 == 0 and part > 0) or (part % 100 >= 20 and part % 10 == 0 and value < 10)


def _goes_on(tokens: Sequence[Token], place: int, part: int, word: str) -> bool:
    if place + 1 >= len(tokens) or tokens[place + 1].lower not in _WORDS:
        return False
    value = _WORDS[tokens[place + 1].lower]
    return part >= 100 if word == "and" else _joins(part, value)
