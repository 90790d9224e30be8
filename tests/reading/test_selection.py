from collections.abc import Collection, Sequence
from dataclasses import replace

import pytest

from assistant import Chunk, Document, Hit, PassageReading, Reading, WindowText
from assistant.reading.selection import (
    MAX_WORDS,
    Candidate,
    Place,
    distinct,
    read_candidates,
    within_bounds,
)
from assistant.testing import ScriptedReader
from assistant.types import Passage

TEXT = (
    "The Title\n\nOtters sleep by day. They fish by night.\n\nFeeding\n\nThey eat well.\n\n"
    "- Otters eat crabs.\n- Otters eat eels.\n\nDo they dive?\n\nYes, for minutes at a time.\n"
)
DOCUMENT = Document("d", "a.txt", "The Title", TEXT, "h", "text/plain")


def hit(text: str = TEXT.strip(), heading: str = "The Title") -> Hit:
    start = TEXT.index(text)
    return Hit(Chunk(f"c{start}", "d", start, start + len(text), text, heading), 1.0)


def read(reader: ScriptedReader, *hits: Hit, said: Collection[Place] = ()) -> list[Candidate]:
    return read_candidates("q", hits or [hit()], lambda _: DOCUMENT, reader, said)


def quotes(reader: ScriptedReader, *hits: Hit) -> list[str]:
    return [candidate.passage.text for candidate in read(reader, *hits)]


def passages(*texts: str) -> list[Passage]:
    return [Passage(DOCUMENT, TEXT.index(text), TEXT.index(text) + len(text)) for text in texts]


def test_the_whole_sentence_of_the_words_that_answer_is_quoted() -> None:
    (candidate,) = read(ScriptedReader(night=0.9))
    assert candidate.passage.text == "They fish by night."
    assert candidate.passage.highlight
    assert TEXT[slice(*candidate.passage.highlight)] == "night"
    assert candidate.probability == 0.9


def test_the_most_probable_comes_first_whatever_its_passage() -> None:
    first, second = hit("Otters sleep by day."), hit("They fish by night.")
    assert quotes(ScriptedReader(day=0.3, night=0.9), first, second) == [
        "They fish by night.",
        "Otters sleep by day.",
    ]


def test_list_markers_are_left_out_of_the_quote() -> None:
    assert quotes(ScriptedReader(eels=0.9)) == ["Otters eat eels."]


def test_words_found_in_the_heading_are_never_quoted() -> None:
    assert quotes(ScriptedReader(Title=0.9)) == []
    assert quotes(ScriptedReader(Feeding=0.9)) == []


def test_a_question_of_the_document_is_answered_by_what_stands_below_it() -> None:
    assert quotes(ScriptedReader(dive=0.9)) == ["Yes, for minutes at a time."]


def test_what_was_said_before_is_left_out() -> None:
    start = TEXT.index("They")
    said = {("d", start, start + len("They fish by night."))}
    chosen = read(ScriptedReader(night=0.9, day=0.8), said=said)
    assert [candidate.passage.text for candidate in chosen] == ["Otters sleep by day."]


def test_without_a_hit_there_is_nothing() -> None:
    assert read_candidates("q", [], lambda _: DOCUMENT, ScriptedReader()) == []


class EvidenceReader(ScriptedReader):
    """Finds "night", and the first sentence as evidence with the probability given."""

    def __init__(self, evidence: float) -> None:
        super().__init__(night=0.9)
        self._evidence = evidence

    def read(self, question: str, passages: Sequence[WindowText]) -> list[PassageReading]:
        found = super().read(question, passages)
        start = TEXT.index("Otters")
        sentence = Reading(start, start + len("Otters sleep by day."), self._evidence)
        return [PassageReading(one.spans, (sentence,)) for one in found]


def test_the_sentence_that_shows_the_answer_is_quoted_beside_the_words_that_answer() -> None:
    (likely,) = read_candidates("q", [hit()], lambda _: DOCUMENT, EvidenceReader(0.8))
    assert likely.evidence
    assert likely.evidence.text == "Otters sleep by day."
    (unlikely,) = read_candidates("q", [hit()], lambda _: DOCUMENT, EvidenceReader(0.4))
    assert unlikely.evidence is None


def test_a_byline_is_no_evidence() -> None:
    text = "Otters\n\nBy Ann Example\n\nThey fish by night.\n"
    document = Document("b", "b.txt", "Otters", text, "h", "text/plain")
    chunk = Hit(Chunk("c", "b", 0, len(text), text, "Otters"), 1.0)

    class BylineReader(ScriptedReader):
        def read(self, question: str, passages: Sequence[WindowText]) -> list[PassageReading]:
            start = text.index("By Ann")
            byline = Reading(start, start + len("By Ann Example"), 0.9)
            return [replace(one, evidence=(byline,)) for one in super().read(question, passages)]

    (candidate,) = read_candidates("q", [chunk], lambda _: document, BylineReader(night=0.9))
    assert (candidate.passage.text, candidate.evidence) == ("They fish by night.", None)


def test_quotes_that_overlap_or_repeat_an_earlier_one_are_left_out() -> None:
    day, both, crabs = passages(
        "Otters sleep by day.", "Otters sleep by day. They fish by night.", "Otters eat crabs."
    )
    assert distinct([day, both, day, crabs], 3) == [day, crabs]
    assert distinct([day, crabs], 1) == [day]
    copy = Document("e", "b.txt", "Copy", TEXT, "h", "text/plain")
    assert distinct([day, Passage(copy, day.start, day.end)], 3) == [day]


def test_further_quotes_are_given_while_all_together_are_short() -> None:
    text = "word " * MAX_WORDS
    long = Passage(Document("l", "l.txt", "Long", text, "h", "text/plain"), 0, len(text))
    (day,) = passages("Otters sleep by day.")
    assert within_bounds([long, day]) == [long]
    assert within_bounds([day, long]) == [day]


@pytest.mark.parametrize("rule", ["| --- | --- |\n", ""])
def test_the_head_of_a_table_is_never_quoted(rule: str) -> None:
    table = f"| Part | Price |\n{rule}| Valve | 12 euros |"
    document = Document("t", "t.md", "Prices", table, "h", "text/markdown")
    whole = Hit(Chunk("c", "t", 0, len(table), table, "Prices"), 1.0)
    reader = ScriptedReader({"Price": 0.9, "---": 0.8, "12 euros": 0.7})
    (candidate,) = read_candidates("q", [whole], lambda _: document, reader)
    assert candidate.passage.text == "| Valve | 12 euros |"


def test_a_passage_is_read_below_the_line_that_names_what_is_asked_for() -> None:
    text = "The Agreement\n\nProperty: 18 Weir Lane\n\nThe rent is 900 pounds.\n"
    document = Document("d", "a.txt", "The Agreement", text, "h", "text/plain")
    start = text.index("The rent")
    found = Hit(Chunk("c", "d", start, len(text), text[start:], "The Agreement"), 1.0)
    headers: list[str] = []

    class Noting(ScriptedReader):
        def read(self, question: str, passages: Sequence[WindowText]) -> list[PassageReading]:
            headers.extend(passage.header for passage in passages)
            return super().read(question, passages)

    for question, above in (
        ("How high is the rent in Weir Lane?", "Property: 18 Weir Lane › The Agreement"),
        ("How high is the rent in Mill Street?", "The Agreement"),
    ):
        headers.clear()
        (read,) = read_candidates(question, [found], lambda _: document, Noting(pounds=0.9))
        assert headers == [above]
        assert ("Weir Lane" in read.around) == ("Weir Lane" in above)
        assert read.passage.text == "The rent is 900 pounds."


def test_statements_of_two_documents_that_differ_in_a_word_are_both_distinct() -> None:
    def stated(name: str, text: str) -> Passage:
        return Passage(Document(name, f"{name}.txt", name, text, "h", "text/plain"), 0, len(text))

    first = stated("a", "The lock stays on after a power cut.")
    other = stated("b", "The lock goes off after a power cut.")
    copy = stated("c", "The lock stays on after a power cut.")
    assert distinct([first, other, copy], 3) == [first, other]


def test_what_is_in_the_same_quote_is_beside_it() -> None:
    start, end = TEXT.index("- Otters eat crabs"), TEXT.index("\n\nDo they")
    whole, item = Passage(DOCUMENT, start, end), Passage(DOCUMENT, end - len("eels."), end)
    assert Candidate(whole, 0.9, hit()).is_beside(Candidate(whole, 0.8, hit()))
    assert Candidate(whole, 0.9, hit()).is_beside(Candidate(item, 0.8, hit()))
    sleep = Passage(DOCUMENT, TEXT.index("Otters sleep"), TEXT.index(" They fish"))
    assert not Candidate(whole, 0.9, hit()).is_beside(Candidate(sleep, 0.8, hit()))
