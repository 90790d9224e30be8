"""Write a question with the names that the documents use: of a short and a long form, the usual one."""

import re
from collections.abc import Sequence


def with_usual_forms(question: str, forms: Sequence[tuple[str, str]]) -> str:
    """Return the question with each name in its usual form, so that both forms are answered alike.

    ``forms`` are pairs of the usual form and the other one. A short form is recognized as written,
    a long one in any case.

    >>> with_usual_forms("Who leads the Halden compact?", [("HC", "Halden Compact")])
    'Who leads the HC?'
    """
    longest_first = sorted(forms, key=lambda pair: -len(pair[1]))
    for usual, other in longest_first:
        flags = re.IGNORECASE if " " in other else 0
        if re.search(_whole(usual), question):
            continue
        question = re.sub(_whole(other), lambda _, usual=usual: usual, question, flags=flags)
    return question


def _whole(form: str) -> str:
    between = r"\s+".join(re.escape(word) for word in form.split())
    return rf"(?<![\w-]){between}(?![\w-])"
