"""Find the names in a sentence, and check whether a source contains them in any form.

Without a tagger, a name is a word with a capital letter in a place that does not require one. At
the beginning of a sentence, a word is a name if another name follows, if it is an acronym, or if it
is a name elsewhere in the source.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from assistant.checking.values.numerals import small
from assistant.checking.values.quantities import Kind, Value, values
from assistant.checking.values.units import UNITS
from assistant.text.lexicons import lexicon
from assistant.text.words import STOP_WORDS

_WORD = re.compile(r"(?:[A-Z]\.){2,}|[^\W\d_]+(?:['’][^\W\d_]+)*(?:\.(?=[A-Z]\.))?|[^\s\w]|\d+|\s+")
_OPENING = set('.!?:“"‘([•*|')
_ENDINGS = lexicon("name_endings")
_PEOPLES = {form: line.split()[0] for line in lexicon("peoples") for form in line.split()}
_LONG = {f" {form.replace('-', ' ')} ": _PEOPLES[form] for form in _PEOPLES if "-" in form}
"""Names of several words, between spaces, with the word that represents them."""
_WORDS_TOO = frozenset(lexicon("names_that_are_words"))
"""Names that mean something else without a capital."""
_WEEKDAYS_SHORT = dict(line.split() for line in lexicon("weekday_abbreviations"))
"""Without "Sat" and "Sun", which are also words and names."""
_SMALL = frozenset(lexicon("name_particles"))
_SMALL_OF_LONG = _SMALL | {"and", "for", "on", "in"}
_WEEKDAYS = frozenset(lexicon("weekdays"))
_OPENERS = frozenset(lexicon("sentence_openers"))
"""Words that begin a sentence without an article and are not names."""
_COMMON_ENDING = re.compile(rf"(?:(?<![ui])s|{'|'.join(lexicon('common_word_endings'))})$")
_VERB = re.compile(
    rf"\s+(?:also\s+|then\s+|never\s+|now\s+)?"
    rf"(?:{'|'.join(lexicon('verbs_after_names'))}|and\s+[A-Z]\w+|\w{{2,}}ed)\b"
)
_TITLES = frozenset(lexicon("personal_titles"))


@dataclass(frozen=True, slots=True)
class Name:
    """A run of capitalised words at ``start:end``. ``words`` leaves out words like "of"."""

    text: str
    start: int
    end: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int
    opens: bool


@lru_cache(maxsize=2048)
def names(text: str, known: frozenset[str] = frozenset()) -> tuple[Name, ...]:
    """Return the names of a text in order.

    ``known`` contains words, in lower case, that are names elsewhere and therefore also at the
    beginning of a sentence. In a text without capitals, only these and countries are recognized.
    """
    if text == text.lower():
        title_words = {*known, *_PEOPLES} - _WORDS_TOO
        text = re.sub(
            r"[^\W\d_]+",
            lambda match: match[0].title() if match[0] in title_words else match[0],
            text,
        )
    covered = _covered([value for value in values(text, known) if value.kind is not Kind.NUMBER])
    names_found: list[Name] = []
    run: list[_Word] = []
    for word in [*_words(text), None]:
        is_money = word is not None and text[word.end : word.end + 1] == "$"
        is_unit = word is not None and word.text.lower() in UNITS
        if word and _is_capital(word.text) and not (is_money or is_unit or word.start in covered):
            if run and not _joined(text, run[-1], word):
                names_found.extend(_name(text, run, known))
                run = []
            run.append(word)
        elif word is None or word.text.lower() not in _SMALL:
            names_found.extend(_name(text, run, known))
            run = []
    return tuple(names_found)


def capitalised(text: str) -> frozenset[str]:
    """Return the words, in lower case, that are always written with a capital.

    A capital at the beginning of a sentence does not count, except that of an acronym.
    """
    words = list(_words(text))
    small = {word.text for word in words if word.text.islower()}
    return frozenset(
        _bare(word.text).lower()
        for word in words
        if _is_capital(word.text) and (not word.opens or _is_acronym(word.text))
    ).difference(small)


class NamesOf:
    """The names in a source: in its passage with its headings, and in its document's acronyms.

    Building takes time in proportion to the text, a lookup in proportion to the name's words.
    """

    def __init__(self, text: str, document_text: str) -> None:
        tokens = [_bare(word.text).lower() for word in _words(text)]
        self._text = " ".join(tokens)
        self._places: dict[str, list[int]] = {}
        for index, token in enumerate(tokens):
            for form in forms(token):
                self._places.setdefault(form, []).append(index)
        self._peoples = {f"={_LONG[long]}" for long in _LONG if long in f" {self._text} "}
        self._acronyms = _acronyms(document_text)
        self._long_forms: dict[str, list[str]] = {}
        for phrase, short in self._acronyms.items():
            for acronym in short:
                self._long_forms.setdefault(acronym, []).append(phrase.replace("-", " "))
        self._known_words: dict[str, bool] = {}
        self._known_neighbours: dict[tuple[str, str], bool] = {}
        self.capitalised = capitalised(text)
        self.capitalised_in_document = _capitalised_of(document_text)

    def has(self, name: Name) -> bool:
        """Return whether the source contains the name, with its parts near each other, or its acronym."""
        words = self._abbreviated([_bare(word).lower() for word in name.words])
        return all(map(self._has_word, words)) and self._side_by_side(words)

    def missing(self, name: Name) -> str:
        """Return the one part of a name that the source lacks, otherwise the whole name."""
        missing = [word for word in name.words if not self._has_word(_bare(word).lower())]
        return missing[0] if len(missing) == 1 else name.text

    def _abbreviated(self, words: Sequence[str]) -> list[str]:
        """Return the words, with phrases that the source abbreviates replaced: "UN", "SCO"."""
        shortened: list[str] = []
        index = 0
        while index < len(words):
            for end in range(min(len(words), index + _LONGEST_PHRASE), index + 1, -1):
                phrase = "-".join(words[index:end])
                known = {*self._acronyms.get(phrase, ()), _PEOPLES.get(phrase, "")} - {""}
                short = next(
                    (short_form for short_form in sorted(known) if self._has_word(short_form)), None
                )
                if short:
                    shortened.append(short)
                    index = end
                    break
            else:
                shortened.append(words[index])
                index += 1
        return shortened

    def _has_word(self, word: str) -> bool:
        if word not in self._known_words:
            self._known_words[word] = (
                word in _TITLES
                or any(form in self._places or form in self._peoples for form in forms(word))
                or any(phrase in self._text for phrase in self._long_forms.get(word, ()))
            )
        return self._known_words[word]

    def _side_by_side(self, words: Sequence[str]) -> bool:
        """Return whether neighbouring words of a name are near each other in the source.

        This keeps a first name from being combined with another person's last name.
        """
        for pair in pairwise(words):
            if pair not in self._known_neighbours:
                self._known_neighbours[pair] = self._are_near(*pair)
            if not self._known_neighbours[pair]:
                return False
        return True

    def _are_near(self, first: str, second: str) -> bool:
        """Return whether two words are near each other somewhere, or one of them is absent."""
        first_places, second_places = self._places_of(first), self._places_of(second)
        near = {index + step for index in first_places for step in range(-_NEAR, _NEAR + 1)}
        return not first_places or not second_places or not near.isdisjoint(second_places)

    def _places_of(self, word: str) -> set[int]:
        return {index for form in forms(word) for index in self._places.get(form, ())}


_NEAR = 5
_LONGEST_PHRASE = 16
"""The largest number of words that an acronym stands for, counting parts between hyphens."""


@lru_cache(maxsize=4096)
def forms(word: str) -> frozenset[str]:
    """Return a name with and without endings of plurals and peoples.

    "Chinese" and "China" share a form.
    """
    word = word.lower()
    if word in _PEOPLES:  # "Niger" and "Nigeria" would share one otherwise
        return frozenset((word, f"={_PEOPLES[word]}"))
    variants = {word, _WEEKDAYS_SHORT.get(word, word)}
    if word.endswith("s") and len(word) > 3:
        variants.add(word[:-1])
    for ending in _ENDINGS:
        root = word[: -len(ending)]
        if word.endswith(ending) and len(root) >= 4:
            variants.add(f"{root}~")
    variants.add(f"{word}~")
    return frozenset(variants)


def _words(text: str) -> Iterator[_Word]:
    opens = True
    for match in _WORD.finditer(text):
        token = match[0]
        if token.isspace():
            opens = opens or "\n" in token
            continue
        if token[0].isalpha():
            yield _Word(token, match.start(), match.end(), opens)
            opens = False
        elif token in _OPENING:
            opens = True


def _name(text: str, run: Sequence[_Word], known: Collection[str]) -> Iterator[Name]:
    """Yield the name in a run of capitalised words, without a word that only begins the sentence."""
    run = list(run)
    while run and run[0].opens and not _is_name_at_start(text, run, known):
        run.pop(0)
    run = [
        word for word in run if _bare(word.text).lower() not in STOP_WORDS or _is_acronym(word.text)
    ]
    if run:
        words = tuple(_bare(word.text) for word in run)
        yield Name(text[run[0].start : run[-1].end], run[0].start, run[-1].end, words)


def _is_name_at_start(text: str, run: Sequence[_Word], known: Collection[str]) -> bool:
    """Return whether the first word of a sentence is a name."""
    word = run[0]
    first = _bare(word.text).lower()
    if _is_acronym(word.text) or first in known or first in _PEOPLES or _is_weekday(first):
        return True
    if first in STOP_WORDS or first in _OPENERS or small(first) or _COMMON_ENDING.search(first):
        return False
    # "Petra Novak", "Petra proposed", "Japan's": before another name, before a verb, or possessive
    goes_on = len(run) > 1 and not text[word.end : run[1].start].strip()
    return goes_on or first != word.text.lower() or _VERB.match(text, word.end) is not None


def _is_weekday(word: str) -> bool:
    return word.removesuffix("s").endswith("day") and word.removesuffix("s") in _WEEKDAYS


def _joined(text: str, first: _Word, second: _Word) -> bool:
    """Return whether two capitalised words belong to one name, with only words like "of" between."""
    between = text[first.end : second.start].strip().lower()
    return all(part in _SMALL for part in between.split()) and between != "the"


def _is_capital(word: str) -> bool:
    return word[0].isupper() and (len(word) > 1 or word not in ("I", "A"))


def _is_acronym(word: str) -> bool:
    letters = _bare(word)
    return len(letters) > 1 and letters.isupper() and letters != "I"


def _bare(word: str) -> str:
    """Return a word without its possessive ending and without full stops: "U.S." becomes "US"."""
    return re.sub(r"['’](?:s|S)?$", "", word).replace(".", "")


def _covered(values: Sequence[Value]) -> set[int]:
    """Return the offsets that some values take up."""
    return {index for value in values for index in range(value.start, value.end)}


_DEFINED = re.compile(
    # Possessive quantifiers ("++") rule out backtracking, so that the time stays linear.
    r"(?<![\w-])((?:[A-Z][\w-]*+\s++(?:(?:of|the|and|for|on|in)\s++){0,2}){1,7}[A-Z]?[\w-]*+)"
    r"\s*+\(([A-Z][A-Za-z]{1,9})\)"
)


@lru_cache(maxsize=64)
def _acronyms(text: str) -> dict[str, frozenset[str]]:
    """Return long forms, joined by hyphens, with their short forms: "World Wide Web (WWW)"."""
    short_forms: dict[str, set[str]] = {}
    for match in _DEFINED.finditer(text):
        words = [w for w in re.findall(r"[\w-]+", match[1]) if w.lower() not in _SMALL_OF_LONG]
        short = match[2]
        for first in range(len(words)):
            long = words[first:]
            if "".join(word[0] for word in long).upper() == short.upper():
                short_forms.setdefault("-".join(long).lower(), set()).add(short.lower())
    return {
        phrase: frozenset(short)
        for phrase, short in short_forms.items()
        if phrase.count("-") < _LONGEST_PHRASE
    }


@lru_cache(maxsize=64)
def _capitalised_of(text: str) -> frozenset[str]:
    return capitalised(text)
