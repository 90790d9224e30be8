"""Decide whether a question that was completed is shown to the reader who asked it.

The rules of `follow_ups` make what is searched for, which need not be good English. Readers are
shown what surely is: a corrected spelling, a name in place of a pronoun, a name or a year in place of
another, and another adverb of a question in full.
"""

import re
from difflib import SequenceMatcher

from assistant.text.lexicons import lexicon
from assistant.text.phrases import any_of
from assistant.text.words import STOP_WORDS, words

_ALIKE = 0.6
_AUXILIARY = rf"(?:{any_of('auxiliaries')})"
_ADVERB = re.compile(
    rf"(?:(?:since|until|by|from)\s+)?(?:when|where|why|how)\s+{_AUXILIARY}\s+(?:the|an?|[A-Z])",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?:the\s+|an?\s+)?[A-Z][\w.-]*(?:\s+(?:(?:of|the|for|on|and|in)\s+)*[A-Z][\w.-]*)*"
)
_THING = re.compile(r"(?:the|an?)\s+[a-z][\w-]*")
_YEAR = re.compile(r"(?:1\d|20)\d\d")
_LEAD = re.compile(r"\W*(?:and|but|or|so|what about|how about)\b[\s,]*", re.IGNORECASE)
_PREPOSITION = re.compile(rf"(?:{any_of('prepositions_before_question_words')})\s+", re.IGNORECASE)
_SIGNS = " ?.!,"


def shown_question(typed: str, completed: str) -> str:
    """Return a completed question if readers should see it, else "".

    >>> shown_question("When did it join?", "When did China join?")
    'When did China join?'
    >>> shown_question("How high is it?", "How high is By?")
    ''
    """
    completed = completed.strip()
    if not completed or completed == typed.strip():
        return ""
    before, after = typed.strip(_SIGNS).split(), completed.strip(_SIGNS).split()
    is_good = (
        _is_corrected(before, after)
        or _has_name_for_pronoun(before, after)
        or _is_with_another_name(typed, completed)
        or _asks_another_adverb(typed, completed)
    )
    return completed if is_good else ""


def _is_corrected(before: list[str], after: list[str]) -> bool:
    """Return whether the words are the last ones that were typed, some of them spelt otherwise."""
    pairs = zip(before[-len(after) :], after, strict=False)
    pronouns = lexicon("pronouns")
    return len(before) >= len(after) and all(
        one == other
        or (one.lower() not in pronouns and SequenceMatcher(None, one, other).ratio() >= _ALIKE)
        for one, other in pairs
    )


def _has_name_for_pronoun(before: list[str], after: list[str]) -> bool:
    """Return whether a name, or an article and a noun, is where a pronoun was, and all else is as typed."""
    for place, word in enumerate(before):
        rest = before[place + 1 :]
        end = len(after) - len(rest)
        is_all_else_same = after[:place] == before[:place] and after[end:] == rest
        if word.lower() in lexicon("pronouns") and is_all_else_same:
            return _is_name_or_thing(" ".join(after[place:end]))
    return False


def _is_name_or_thing(phrase: str) -> bool:
    named = re.sub(r"[’']s?$", "", phrase)
    is_word_of_sentence = named.lower() in STOP_WORDS
    return bool(_THING.fullmatch(named) or (_NAME.fullmatch(named) and not is_word_of_sentence))


def _is_with_another_name(typed: str, completed: str) -> bool:
    """Return whether "And China?" or "In 2004?" is a question in full with that name or year."""
    topic = _PREPOSITION.sub("", _LEAD.sub("", typed, count=1), count=1).strip(_SIGNS)
    is_name = _NAME.fullmatch(topic) and topic.lower() not in lexicon("question_words")
    is_like = is_name or _YEAR.fullmatch(topic)
    asks = next(iter(words(completed.lower())), "") in lexicon("question_beginnings")
    return bool(is_like and asks and topic in completed and "(" not in completed)


def _asks_another_adverb(typed: str, completed: str) -> bool:
    """Return whether "Why?" is a question in full that begins with it, an auxiliary verb and a subject."""
    adverb = _LEAD.sub("", typed, count=1).strip(_SIGNS).lower()
    begins = adverb in lexicon("question_words") and completed.lower().startswith(f"{adverb} ")
    return begins and "(" not in completed and _ADVERB.match(completed) is not None
