"""Read numbers in words and their scales: "twenty-six", "2.5bn", "half", "twice"."""

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
"""Short scales of numbers without a currency. "2 m" means metres."""
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


def spelt(tokens: Sequence[Token], index: int) -> tuple[Decimal, int] | None:
    """Return a number in words, as in "one hundred and six" or "a dozen", and the index after it."""
    token = tokens[index]
    if (part := _vulgar(tokens, index)) is not None:
        return part, index + 1
    if token.lower in ("a", "an") and scale_at(tokens, index + 1):
        return Decimal(scale_at(tokens, index + 1)), index + 2
    if token.lower == "half" and is_word(tokens, index + 1, "an", "a"):
        return Decimal("0.5"), index + 2
    if token.kind != "word" or token.lower not in _WORDS:
        return None
    total, part_so_far = 0, 0
    end = index
    while end < len(tokens):
        word = tokens[end].lower
        if word in _WORDS and (end == index or _joins(part_so_far, _WORDS[word])):
            part_so_far += _WORDS[word]
        elif word == "hundred" and 0 < part_so_far < 100:
            part_so_far *= 100
        elif word == "thousand" and part_so_far:
            total, part_so_far = total + part_so_far * 1000, 0
        elif word in ("-", "and") and _goes_on(tokens, end, part_so_far, word):
            pass
        else:
            break
        end += 1
    return Decimal(total + part_so_far), end


def and_a_half(tokens: Sequence[Token], index: int) -> tuple[Decimal, int]:
    """Return the fraction that "and a half" or "½" adds to a number, and the index after it."""
    if (
        is_word(tokens, index, "and")
        and is_word(tokens, index + 1, "a")
        and is_word(tokens, index + 2, "half")
    ):
        return Decimal("0.5"), index + 3
    touches = index < len(tokens) and tokens[index - 1].end == tokens[index].start
    if touches and (part := _vulgar(tokens, index)) is not None:
        return part, index + 1
    return Decimal(0), index


def scaled(
    tokens: Sequence[Token], index: int, amount: Decimal, *, is_money: bool, is_digits: bool
) -> tuple[Decimal, int]:
    """Return a number times the scales after it, as in "2.5 million", and the index after them."""
    while amount < _LARGEST and (scale := scale_at(tokens, index)):
        amount, index = amount * scale, index + 1
    if is_digits and index < len(tokens):
        short = _SHORT_SCALES.get(tokens[index].lower)
        touches = tokens[index].start == tokens[index - 1].end
        is_scale = touches if tokens[index].lower in ("k", "m", "b") else True
        if short and is_scale and (is_money or tokens[index].text in _COUNT_SCALES):
            return amount * short, index + 1
    return amount, index


def scale_at(tokens: Sequence[Token], index: int) -> int:
    """Return the factor of the scale at a token, or 0 if it is not a scale."""
    return _SCALES.get(tokens[index].lower, 0) if index < len(tokens) else 0


def ordinal(tokens: Sequence[Token], index: int) -> tuple[int, int]:
    """Return an ordinal, as in "21st" or "twenty-first", or 0, and the index after it."""
    token = tokens[index]
    if token.kind == "ordinal" and token.is_amount:
        return int(re.sub(r"\D", "", token.text)), index + 1
    if _WORDS.get(token.lower, 0) >= 20 and is_word(tokens, index + 1, "-"):
        unit = _ORDINALS.get(tokens[index + 2].lower, 0) if index + 2 < len(tokens) else 0
        if 0 < unit < 10:
            return _WORDS[token.lower] + unit, index + 3
    return _ORDINALS.get(token.lower, 0), index + 1


def fraction(tokens: Sequence[Token], index: int) -> tuple[Decimal, int] | None:
    """Return a fraction in percent, as in "half of" or "two thirds", and the index after it."""
    token = tokens[index]
    if token.lower == "half":
        is_part = is_word(tokens, index + 1, "of", "the", "its", "their", "his", "her", "all")
        return (Decimal(50), index + 1) if is_part else None
    if token.lower not in ("a", "one") and _WORDS.get(token.lower, 10) > 9:
        return None
    count = 1 if token.lower == "a" else _WORDS[token.lower]
    place = index + 2 if is_word(tokens, index + 1, "-") else index + 1
    part = tokens[place].lower if place < len(tokens) else ""
    whole = _PARTS.get(part.removesuffix("s") if count > 1 else part, 0)
    if not whole or (count > 1) != part.endswith("s"):
        return None
    if count == 1 and not is_word(tokens, place + 1, "of"):
        return None
    return Decimal(100) * count / whole, place + 1


def multiple(tokens: Sequence[Token], index: int) -> tuple[int, int] | None:
    """Return a multiple, as in "twice", "tripled" or "30-fold", and the index after it."""
    token = tokens[index]
    if token.lower in _MULTIPLES:
        return _MULTIPLES[token.lower], index + 1
    if token.lower == "once" and is_word(tokens, index + 1, "a", "an", "per", "every"):
        return 1, index + 1
    if token.lower.endswith("fold") and (count := _WORDS.get(token.lower[:-4], 0)):
        return count, index + 1
    counted = int(token.text) if token.is_amount and token.text.isdigit() else 0
    counted = counted or _WORDS.get(token.lower, 0)
    place = index + 2 if is_word(tokens, index + 1, "-") else index + 1
    return (counted, place + 1) if counted and is_word(tokens, place, "fold") else None


def decade(word: str) -> str:
    """Return "90s" for "nineties", and an empty string for a word that is not a decade."""
    return _DECADES.get(word, "")


def plural_scale(word: str) -> Decimal | None:
    """Return the smallest amount that "hundreds" or "dozens" can mean, or None for other words."""
    return _PLURAL_SCALES.get(word)


def roman(text: str) -> int:
    """Return the value of a Roman numeral in capitals up to 39, or 0 for anything else."""
    if not text or not _ROMAN.fullmatch(text):
        return 0
    digits = [_ROMAN_VALUES[letter] for letter in text]
    return sum(
        -value if value < following else value
        for value, following in zip(digits, [*digits[1:], 0], strict=True)
    )


def small(word: str) -> int:
    """Return the number below a hundred that a single word names, or 0 for other words."""
    return _WORDS.get(word, 0)


def _vulgar(tokens: Sequence[Token], index: int) -> Decimal | None:
    """Return the value of a character like "½"."""
    text = tokens[index].text if index < len(tokens) else ""
    if len(text) == 1 and unicodedata.category(text) == "No":
        return Decimal(str(unicodedata.numeric(text))).quantize(Decimal("0.0001")).normalize()
    return None


def _joins(part: int, value: int) -> bool:
    """Return whether a number word continues a number: "one" continues "twenty", "ten" does not."""
    return (part % 100 == 0 and part > 0) or (part % 100 >= 20 and part % 10 == 0 and value < 10)


def _goes_on(tokens: Sequence[Token], place: int, part: int, word: str) -> bool:
    if place + 1 >= len(tokens) or tokens[place + 1].lower not in _WORDS:
        return False
    value = _WORDS[tokens[place + 1].lower]
    return part >= 100 if word == "and" else _joins(part, value)
