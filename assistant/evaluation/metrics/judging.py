"""Judge an answer by what its case expects: a check for each expectation."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evaluation.cases.case_model import Expectation
from assistant.evaluation.metrics.evidence import DocumentSpan, Need, cites
from assistant.types import Answer, Status

WORDS = ("contains", "contains_any", "excludes")
"""The checks on the words of an answer."""

_ALIKE = str.maketrans({**dict.fromkeys("‘’‚‛`´", "'"), **dict.fromkeys("“”„‟«»", '"')})
_DASHES = re.compile("[‐‑‒–—−]")


@dataclass(frozen=True, slots=True)
class Check:
    """An expectation, whether it is met, and in words what was expected and found."""

    name: str
    passed: bool
    expected: str
    found: str


def prose(answer: Answer) -> str:
    """Return the text of an answer without its marks: the statements, or the notice without any."""
    if not answer.statements:
        return answer.notice
    return " ".join(statement.text for statement in answer.statements)


def prediction(answer: Answer) -> str:
    """Return what is compared with reference answers: the first highlighted words, or all the text.

    Empty for an answer that states nothing. A possible answer is compared like a certain one.
    """
    if answer.status not in (Status.ANSWERED, Status.UNCERTAIN):
        return ""
    for statement in answer.statements:
        if statement.highlight:
            return statement.text[slice(*statement.highlight)]
    return prose(answer)


def holds_words(text: str, wanted: str) -> bool:
    """Return whether words appear in a text, whatever the case, spaces, quotation marks and dashes.

    Part of a word suffices ("extremis" appears in "extremism"), but a number must be whole: "8"
    does not appear in "18", nor "127" in "1,127" or "127.5".
    """
    pattern = re.escape(_even(wanted))
    if pattern and _even(wanted)[0].isdigit():
        pattern = r"(?<!\d)(?<!\d[.,])" + pattern
    if pattern and _even(wanted)[-1].isdigit():
        pattern += r"(?!\d|[.,]\d)"
    return re.search(pattern, _even(text)) is not None


def _even(text: str) -> str:
    even = unicodedata.normalize("NFKC", text).casefold().translate(_ALIKE)
    return " ".join(_DASHES.sub("-", even).split())


def cited_spans(answer: Answer) -> tuple[DocumentSpan, ...]:
    """Return the spans of the answer's citations; none if nothing was found."""
    return tuple(DocumentSpan(one.document_id, one.start, one.end) for one in answer.citations)


def judge(
    expect: Expectation, answer: Answer, one_of: Sequence[Need], all_of: Sequence[Need]
) -> tuple[Check, ...]:
    """Return every expectation as a check.

    ``one_of`` and ``all_of`` are the places of the quotes of ``cites`` and of ``cites_all``.
    """
    text, shown = prose(answer), answer.text or "(nothing)"
    checks: list[Check] = []
    if awaited := expect.awaited_status:
        checks.append(Check("status", answer.status == awaited, awaited.value, answer.status.value))
    checks += [
        Check("contains", holds_words(text, words), f"“{words}”", shown)
        for words in expect.contains
    ]
    if expect.contains_any:
        found = any(holds_words(text, words) for words in expect.contains_any)
        listed = " or ".join(f"“{words}”" for words in expect.contains_any)
        checks.append(Check("contains_any", found, listed, shown))
    checks += [
        Check("excludes", not holds_words(text, words), f"not “{words}”", shown)
        for words in expect.excludes
    ]
    checks += _citation_checks(expect, answer, one_of, all_of)
    if expect.max_statements is not None:
        count = len(answer.statements)
        checks.append(
            Check(
                "max_statements",
                count <= expect.max_statements,
                f"at most {expect.max_statements}",
                str(count),
            )
        )
    return tuple(checks)


def is_right(expect: Expectation, answer: Answer, checks: Sequence[Check]) -> bool:
    """Return whether an answer, certain or not, meets every expectation except that of the status.

    False for a question that the documents do not answer, and if nothing is stated.
    """
    states = answer.status in (Status.ANSWERED, Status.UNCERTAIN)
    wanted = expect.awaited_status not in (Status.NOT_FOUND, Status.SMALL_TALK)
    return states and wanted and all(one.passed for one in checks if one.name != "status")


def words_correct(expect: Expectation, checks: Sequence[Check]) -> bool | None:
    """Return whether the words are right, stated with certainty; None if no words are expected."""
    if not (expect.contains or expect.contains_any) or expect.awaited_status != Status.ANSWERED:
        return None
    status = (check.passed for check in checks if check.name == "status")
    return all(status) and all(check.passed for check in checks if check.name in WORDS)


def _citation_checks(
    expect: Expectation, answer: Answer, one_of: Sequence[Need], all_of: Sequence[Need]
) -> list[Check]:
    cited = cited_spans(answer)
    quotes = " · ".join(f"“{one.quote}”" for one in answer.citations) or "no passage"
    checks: list[Check] = []
    if expect.cites:
        listed = " or ".join(f"“{quote.quote}”" for quote in expect.cites)
        met = any(_met(need, cited) for need in one_of)
        checks.append(Check("cites", met, listed, quotes))
    for quote, need in zip(expect.cites_all, all_of, strict=True):
        checks.append(Check("cites_all", _met(need, cited), f"“{quote.quote}”", quotes))
    return checks


def _met(need: Need, cited: Sequence[DocumentSpan]) -> bool:
    return any(cites(citation, span) for citation in cited for span in need)
