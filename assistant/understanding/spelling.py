"""Mends slips of the keyboard in a question: words that the documents have, one edit away.

Norvig's "How to Write a Spelling Corrector" with the documents' own vocabulary as the language
model. A word is mended only if the documents do not have it and it is no common word either.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from string import ascii_lowercase

from assistant.storage.stemming import Stemmer
from assistant.text.words import STOP_WORDS

_WORD = re.compile(r"[A-Za-z]+")
_SHORTEST = 5
_QUESTION_WORDS = {
    "wen": "when",
    "whn": "when",
    "wehn": "when",
    "wich": "which",
    "whcih": "which",
    "wat": "what",
    "waht": "what",
    "hwat": "what",
    "whta": "what",
    "wath": "what",
    "whats": "what is",
    "whos": "who is",
    "wheres": "where is",
    "whens": "when is",
    "hwo": "how",
    "hwy": "why",
    "wher": "where",
    "whre": "where",
    "teh": "the",
    "hte": "the",
    "adn": "and",
}


def mend_spelling(
    question: str,
    document_frequencies: Callable[[Iterable[str]], dict[str, int]],
    stemmer: Stemmer,
    count_tokens: Callable[[Sequence[str]], list[int]],
) -> str:
    """The question with misspelt words replaced; the same string if there are none.

    ``document_frequencies`` tells how many chunks have a stem; ``count_tokens`` is the embedding
    model's: a word that it knows whole, as one token, is a word and is left alone.
    """
    suspects = _suspects(question, document_frequencies, stemmer, count_tokens)

    def replacement(match: re.Match[str]) -> str:
        word = match[0]
        right = _QUESTION_WORDS.get(word.lower()) or suspects.get(word.lower())
        if right is None:
            return word
        return right.capitalize() if word[0].isupper() else right

    return _WORD.sub(replacement, question)


def edits(word: str) -> list[str]:
    """The words one deletion, transposition, replacement or insertion away, without the word."""
    splits = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    deletions = [left + right[1:] for left, right in splits if right]
    transpositions = [
        left + right[1] + right[0] + right[2:] for left, right in splits if len(right) > 1
    ]
    replacements = [
        left + letter + right[1:] for left, right in splits if right for letter in ascii_lowercase
    ]
    insertions = [left + letter + right for left, right in splits for letter in ascii_lowercase]
    found = dict.fromkeys(deletions + transpositions + replacements + insertions)
    found.pop(word, None)
    return list(found)


def _suspects(
    question: str,
    document_frequencies: Callable[[Iterable[str]], dict[str, int]],
    stemmer: Stemmer,
    count_tokens: Callable[[Sequence[str]], list[int]],
) -> dict[str, str]:
    """The misspelt words of a question, in lower case, with what was meant."""
    candidates = [
        word
        for word in dict.fromkeys(match[0].lower() for match in _WORD.finditer(question))
        if len(word) >= _SHORTEST and word not in STOP_WORDS and word not in _QUESTION_WORDS
    ]
    if not candidates:
        return {}
    stems = [found[0] for found in stemmer.stems(candidates)]
    known = document_frequencies(stems)
    pieces = count_tokens(candidates)
    return {
        word: right
        for word, stem, count in zip(candidates, stems, pieces, strict=True)
        if stem not in known
        and count > 1
        and (right := _nearest(word, document_frequencies, stemmer, count_tokens))
    }


def _nearest(
    word: str,
    document_frequencies: Callable[[Iterable[str]], dict[str, int]],
    stemmer: Stemmer,
    count_tokens: Callable[[Sequence[str]], list[int]],
) -> str | None:
    """The documents' word one edit away: of several the plainest, then one of the same letters."""
    near = [edit for edit in edits(word) if edit[0] == word[0]]
    stems = [found[0] for found in stemmer.stems(near)]
    known = document_frequencies(dict.fromkeys(stems))
    present = [(edit, stem) for edit, stem in zip(near, stems, strict=True) if stem in known]
    if not present:
        return None
    pieces = count_tokens([edit for edit, _ in present])
    ranked = sorted(
        zip(present, pieces, strict=True),
        key=lambda item: (item[1], sorted(item[0][0]) != sorted(word), -known[item[0][1]]),
    )
    return ranked[0][0][0]
