"""Correct typing errors in a question by words of the documents that are one edit away.

This is Norvig's "How to Write a Spelling Corrector", with the documents' vocabulary as the language
model. A word is corrected only if the documents do not contain it and it is not a common word.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from string import ascii_lowercase

from assistant.storage.stemming import Stemmer
from assistant.text.lexicons import lexicon
from assistant.text.words import STOP_WORDS

_WORD = re.compile(r"[A-Za-z]+")
_SHORTEST = 5
_ENDINGS = ("", "e", "s", "es", "d", "ed", "r", "er", "ing")
"""Endings of regular inflection, which tell a rare form of a known word from a slip."""
_QUESTION_WORDS = dict(line.split(": ") for line in lexicon("question_word_slips"))


def mend_spelling(
    question: str,
    document_frequencies: Callable[[Iterable[str]], dict[str, int]],
    stemmer: Stemmer,
    count_tokens: Callable[[Sequence[str]], list[int]],
) -> str:
    """Return the question with misspelt words replaced, or unchanged if there are none.

    ``document_frequencies`` returns the number of chunks with each stem. ``count_tokens`` is that
    of the embedding model: a word that is a single token is a known word and is left alone.
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
    """Return the other words that are one deletion, transposition, replacement or insertion away."""
    splits = [(word[:index], word[index:]) for index in range(len(word) + 1)]
    deletions = [left + right[1:] for left, right in splits if right]
    transpositions = [
        left + right[1] + right[0] + right[2:] for left, right in splits if len(right) > 1
    ]
    replacements = [
        left + letter + right[1:] for left, right in splits if right for letter in ascii_lowercase
    ]
    insertions = [left + letter + right for left, right in splits for letter in ascii_lowercase]
    edited = dict.fromkeys(deletions + transpositions + replacements + insertions)
    edited.pop(word, None)
    return list(edited)


def _suspects(
    question: str,
    document_frequencies: Callable[[Iterable[str]], dict[str, int]],
    stemmer: Stemmer,
    count_tokens: Callable[[Sequence[str]], list[int]],
) -> dict[str, str]:
    """Return the misspelt words of a question, in lower case, with their corrections."""
    candidates = [
        word
        for word in dict.fromkeys(match[0].lower() for match in _WORD.finditer(question))
        if len(word) >= _SHORTEST and word not in STOP_WORDS and word not in _QUESTION_WORDS
    ]
    if not candidates:
        return {}
    stems = [word_stems[0] for word_stems in stemmer.stems(candidates)]
    known = document_frequencies(stems)
    pieces = count_tokens(candidates)
    return {
        word: right
        for word, stem, count in zip(candidates, stems, pieces, strict=True)
        if stem not in known
        and count > 1
        and not _is_form_of_known_word(word, count_tokens)
        and (right := _nearest(word, document_frequencies, stemmer, count_tokens))
    }


def _is_form_of_known_word(word: str, count_tokens: Callable[[Sequence[str]], list[int]]) -> bool:
    """Return whether another regular form of a word is a single token: "criticised", "criticises"."""
    bases = {word.removesuffix(ending) for ending in _ENDINGS}
    forms = [base + ending for base in bases for ending in _ENDINGS if len(base) >= _SHORTEST - 1]
    return bool(forms) and 1 in count_tokens(forms)


def _nearest(
    word: str,
    document_frequencies: Callable[[Iterable[str]], dict[str, int]],
    stemmer: Stemmer,
    count_tokens: Callable[[Sequence[str]], list[int]],
) -> str | None:
    """Return the documents' word that is one edit away, or None.

    Of several words, prefer fewer tokens, then the same letters, then the more frequent word.
    """
    near = [edit for edit in edits(word) if edit[0] == word[0]]
    stems = [word_stems[0] for word_stems in stemmer.stems(near)]
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
