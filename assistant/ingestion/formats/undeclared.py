"""Guess the encoding of a text that is not Unicode and does not declare one; the only importer of charset-normalizer."""

import re
import unicodedata

from charset_normalizer import from_bytes
from charset_normalizer.models import CharsetMatch

_WESTERN = "windows-1252"
_SAMPLE = 50_000
_CHAOS, _COHERENCE = 0.02, 0.05
"""Guesses this near to the best one are as good."""
_HIGH = re.compile(rb"[\x80-\xff]+")
_LETTER = re.compile(rb"[A-Za-z]")
_DASH = re.compile(rb"\s[\x96\x97]\s")
_MOSTLY, _FEW = 0.8, 0.3
_JAPANESE = frozenset(("HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "CJK"))


def guessed_encoding(content: bytes) -> str:
    """Return the encoding in which the bytes make the likeliest text: Windows-1252 if in doubt."""
    is_latin = _reads_as_latin(content)
    guesses = list(from_bytes(_sample(content), enable_fallback=False))
    if is_latin and _has_signs_of_windows(content):
        guesses = [guess for guess in guesses if _is_of_windows(guess)]
    if not guesses:
        return _WESTERN
    best = guesses[0]
    near = [
        guess
        for guess in guesses
        if guess.chaos <= best.chaos + _CHAOS
        and guess.coherence >= best.coherence - _COHERENCE
        and _decodes(content, guess.encoding)
        and (not is_latin or _scripts(guess) <= {"LATIN"})
    ]
    if not near or any("cp1252" in guess.could_be_from_charset for guess in near):
        return _WESTERN
    likeliest = min(near, key=lambda guess: _oddity(guess, has_language=best.coherence > 0))
    is_common = likeliest.encoding == "cp932" and _decodes(content, "shift_jis")
    return "shift_jis" if is_common else likeliest.encoding  # a name that browsers know, too


def _sample(content: bytes) -> bytes:
    """Return the first lines, as many as tell an encoding."""
    if len(content) <= _SAMPLE:
        return content
    end = content.rfind(b"\n", 0, _SAMPLE)
    return content[: end if end > 0 else _SAMPLE]


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _reads_as_latin(content: bytes) -> bool:
    """Return whether bytes beyond ASCII are few and stand alone, as accented letters do."""
    runs = [len(run) for run in _HIGH.findall(content)]
    alone, letters = runs.count(1), len(_LETTER.findall(content))
    return alone >= _MOSTLY * len(runs) and sum(runs) < _FEW * (sum(runs) + letters)


def _has_signs_of_windows(content: bytes) -> bool:
    """Return whether dashes stand alone, or quotation marks in pairs, as Windows writes them."""
    opening, closing = content.count(b"\x93"), content.count(b"\x94")
    return 0 < opening == closing or _DASH.search(content) is not None


def _is_of_windows(guess: CharsetMatch) -> bool:
    return any(name.startswith("cp125") for name in guess.could_be_from_charset)


def _oddity(guess: CharsetMatch, has_language: bool) -> int:
    """Return how odd a text is: how many signs are no letters, else how many scripts it mixes.

    Japanese counts as one script. Where a language was recognised, scripts tell nothing more.
    """
    beyond = [character for character in str(guess) if ord(character) > 127]
    if has_language:
        return sum(not character.isalpha() for character in beyond)
    names = _scripts(guess)
    return len(names - _JAPANESE) + bool(names & _JAPANESE)


def _scripts(guess: CharsetMatch) -> set[str]:
    """Return the scripts of the letters beyond ASCII, by the first words of their names."""
    letters = {
        character for character in str(guess) if character.isalpha() and ord(character) > 127
    }
    return {unicodedata.name(letter, "?").split()[0] for letter in letters}
