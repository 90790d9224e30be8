"""Says questions in other words: synonyms of WordNet, in the form of the word they replace."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from lemminflect import getAllLemmas, getInflection

from training.questions import STOP_WORDS

_WORD = re.compile(r"[A-Za-z]+")
_SHORTEST = 4
_FEWEST_USES = 2
"""Uses of a word in a sense, in WordNet's tagged texts, from which it is common in it."""
_NEAREST = 0.25
"""Least cosine of two words: below, they are synonyms in a sense that is rarely meant."""
_TAGS = {"NOUN": ("NN", "NNS"), "VERB": ("VB", "VBD", "VBN", "VBG", "VBZ"), "ADJ": ("JJ",)}
_FILES = {"NOUN": ("noun", "1"), "VERB": ("verb", "2"), "ADJ": ("adj", "35")}


class Thesaurus:
    """Synonyms of common words by WordNet (Miller 1995), whose files lie in ``folder``.

    Debian's package ``wordnet-base`` puts them in /usr/share/wordnet. ``cosine`` compares two
    words: WordNet does not know which sense is meant, and the likelier one has nearer synonyms.
    """

    def __init__(self, folder: Path, cosine: Callable[[str, str], float]) -> None:
        self._cosine = cosine
        counts: dict[tuple[str, str], int] = {}
        for line in (folder / "cntlist.rev").read_text(encoding="ascii").splitlines():
            key, sense, count = line.split()
            lemma, rest = key.split("%")
            counts[lemma, f"{rest[0]}.{sense}"] = int(count)
        self._senses: dict[tuple[str, str], list[tuple[int, frozenset[str]]]] = {}
        for part, (name, kinds) in _FILES.items():
            members = _synsets(folder / f"data.{name}")
            uses = {
                (lemma, place): count
                for (lemma, sense), count in counts.items()
                for kind, _, place in [sense.partition(".")]
                if kind in kinds
            }
            for lemma, offsets in _index(folder / f"index.{name}").items():
                self._senses[lemma, part] = [
                    (uses.get((lemma, str(place)), 0), members[offset])
                    for place, offset in enumerate(offsets, 1)
                ]
        self._common = self._uses_by_synset()
        self._synonyms = lru_cache(maxsize=None)(self._look_up)

    def reword(self, question: str, draw: random.Random) -> str:
        """The question with one to three words replaced; as it is where none has a synonym.

        Names, which have a capital, are left alone, and so is the first word.
        """
        places = [
            match
            for match in _WORD.finditer(question)
            if match.start() > 0
            and len(match[0]) >= _SHORTEST
            and match[0].islower()
            and match[0] not in STOP_WORDS
            and self._synonyms(match[0])
        ]
        chosen = draw.sample(places, min(len(places), draw.choice((1, 2, 3))))
        for match in sorted(chosen, key=lambda one: -one.start()):
            other = draw.choice(self._synonyms(match[0]))
            question = question[: match.start()] + other + question[match.end() :]
        return question

    def _uses_by_synset(self) -> dict[tuple[frozenset[str], str], int]:
        """How often each word is used in each of its senses, by its synset."""
        found: dict[tuple[frozenset[str], str], int] = defaultdict(int)
        for (lemma, _), senses in self._senses.items():
            for count, members in senses:
                found[members, lemma] += count
        return found

    def _look_up(self, word: str) -> tuple[str, ...]:
        """Words for the commonest sense of ``word``, and for others more than half as common."""
        readings = [
            (sum(count for count, _ in senses), part, lemma, senses)
            for part, lemmas in getAllLemmas(word).items()
            if part in _TAGS
            for lemma in lemmas
            if (senses := self._senses.get((lemma, part)))
        ]
        if not readings:
            return ()
        _, part, lemma, senses = max(readings, key=lambda reading: reading[0])
        forms = [tag for tag in _TAGS[part] if word in getInflection(lemma, tag)]
        top = max(count for count, _ in senses)
        if not forms or not top:
            return ()
        others = dict.fromkeys(
            other
            for count, members in senses
            if count > top / 2
            for other in sorted(members)
            if other != lemma and other.isalpha() and self._common[members, other] >= _FEWEST_USES
        )
        inflected = (getInflection(other, forms[0]) for other in others)
        return tuple(
            str(form[0])
            for form in inflected
            if form and form[0] != word and self._cosine(word, form[0]) >= _NEAREST
        )


def _synsets(path: Path) -> dict[str, frozenset[str]]:
    """By offset, the lower-case words of each synset (wndb(5WN))."""
    found = {}
    for line in path.read_text(encoding="ascii").splitlines():
        if not line.startswith(" "):  # the licence
            parts = line.split()
            words = parts[4 : 4 + 2 * int(parts[3], 16) : 2]
            found[parts[0]] = frozenset(word for word in words if word.islower())
    return found


def _index(path: Path) -> dict[str, list[str]]:
    """By lemma, the offsets of its synsets, the commonest first (wndb(5WN))."""
    found = {}
    for line in path.read_text(encoding="ascii").splitlines():
        if not line.startswith(" "):
            parts = line.split()
            found[parts[0]] = parts[-int(parts[2]) :]
    return found
