"""Tell what a text states from what it reports: somebody's view, or what was only planned.

"In the opinion of the architect, the site is too narrow" does not say that it is, nor that its
author thinks so. "A draft proposes a four-day week" does not say that there is one.
"""

import re

from assistant.reading.naming_lines import name_words
from assistant.text.lexicons import lexicon
from assistant.text.phrases import finders
from assistant.text.words import STOP_WORDS, words

_CAPITALISED = re.compile(r"\b[A-Z][\w’'-]*")
_SUBJECT = re.compile(r"\b(?i:do|does|did)\s+(?P<name>[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*)*)")
_SIGNS = " .,;:!?“”„«»\"'"
_CONDITION = re.compile(r"\b(?:if|when|unless|whenever|whether)\b[^,;:]*$", re.IGNORECASE)
_QUOTED = re.compile(r"[“„«\"](?P<words>[^“”„«»\"]+)[”“»\"]")
_FEWEST_QUOTED = 3
"""Words in quotation marks from which they are what somebody said, and not a name."""


def is_view_of_another(question: str, sentence: str, highlight: str) -> bool:
    """Return whether a sentence reports a view, and the question asks for no view, or for another's.

    A question that asks what is said or thought is answered by it, unless it asks what the author
    or somebody with a name says. So is one that names who holds the view.
    """
    if not (_holds(sentence, "attributions") or _is_quoted(sentence, highlight)):
        return False
    asked = set(name_words(question))
    named = name_words(" ".join(_CAPITALISED.findall(sentence)))
    holders = set(named) - STOP_WORDS
    if subject := _SUBJECT.search(question):
        return holders.isdisjoint(name_words(subject["name"]))
    asks_for_author = not asked.isdisjoint(lexicon("author_words"))
    asks_for_view = not asked.isdisjoint(lexicon("asking_for_views")) and not asks_for_author
    return not asks_for_view and holders.isdisjoint(asked)


def is_only_planned(question: str, sentence: str) -> bool:
    """Return whether a sentence tells of a plan or a proposal, and the question asks what is so.

    Who asks for what is said or thought gets what is said of plans as well.
    """
    asked = set(words(question.casefold()))
    told = {*lexicon("asking_for_plans"), *lexicon("asking_for_views")}
    return asked.isdisjoint(told) and _holds(sentence, "plans")


def _holds(sentence: str, name: str) -> bool:
    """Return whether a sentence has a phrase of a lexicon, as the act of somebody, not of "you" or "anyone"."""
    return any(
        _is_somebodys(sentence[: match.start()])
        for _, pattern in finders(name)
        for match in pattern.finditer(sentence)
    )


def _is_somebodys(before: str) -> bool:
    last = words(before.casefold())[-1:]
    is_own = not set(last).isdisjoint(lexicon("words_of_own_acts"))
    return not is_own and not _CONDITION.search(before)


def _is_quoted(sentence: str, highlight: str) -> bool:
    """Return whether the words that answer are, or are in, several words in quotation marks."""
    said = (match["words"] for match in _QUOTED.finditer(sentence))
    answer = highlight.strip(_SIGNS)
    return any(answer in one and len(one.split()) >= _FEWEST_QUOTED for one in said if answer)
