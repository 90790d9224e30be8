from collections.abc import Sequence

import pytest

from assistant import Chunk, Document, Hit, PassageReading, Reading, WindowText
from assistant.reading.selection import select
from assistant.text.headings import is_heading
from assistant.text.sentences import whole_sentences
from assistant.text.spans import Span

TEXT = (
    "The Title\n\nOtters sleep by day. They fish by night.\n\nFeeding\n\n"
    "- Otters eat crabs.\n- Otters eat eels.\n"
)
DOCUMENT = Document("d", "a.txt", "The Title", TEXT, "h", "text/plain")


class ScriptedReader:
    """Finds given words in the passages, with given probabilities."""

    threshold = 0.5

    def __init__(self, **words: float) -> None:
        self._words = words

    def read(self, question: str, passages: Sequence[WindowText]) -> list[PassageReading]:
        return [PassageReading(passage.in_text(self._in(passage.joined))) for passage in passages]

    def _in(self, text: str) -> list[Reading]:
        found = [
            Reading(text.index(word), text.index(word) + len(word), probability)
            for word, probability in self._words.items()
            if word in text
        ]
        return sorted(found, key=lambda reading: -reading.probability)


def hit(text: str = TEXT.strip(), heading: str = "The Title") -> Hit:
    start = TEXT.index(text)
    return Hit(Chunk(f"c{start}", "d", start, start + len(text), text, heading), 1.0)


def quotes(reader: ScriptedReader, *hits: Hit, threshold: float = 0.5) -> list[str]:
    chosen = select("q", hits or [hit()], lambda _: DOCUMENT, reader, threshold)
    return [passage.text for passage in chosen.passages]


def test_the_whole_sentence_of_the_words_that_answer_is_chosen() -> None:
    chosen = select("q", [hit()], lambda _: DOCUMENT, ScriptedReader(night=0.9), 0.5)
    (passage,) = chosen.passages
    assert passage.text == "They fish by night."
    assert passage.highlight
    assert TEXT[slice(*passage.highlight)] == "night"
    assert chosen.confidence == 0.9


def test_below_the_threshold_nothing_is_chosen_but_the_closest() -> None:
    chosen = select("q", [hit()], lambda _: DOCUMENT, ScriptedReader(night=0.4), 0.5)
    assert chosen.passages == ()
    assert [passage.text for passage in chosen.closest] == ["They fish by night."]


def test_a_further_sentence_is_added_only_if_it_answers_nearly_as_well() -> None:
    assert quotes(ScriptedReader(crabs=0.9, eels=0.89)) == ["Otters eat crabs.", "Otters eat eels."]
    assert quotes(ScriptedReader(crabs=0.9, eels=0.6)) == ["Otters eat crabs."]


def test_list_markers_are_left_out_of_the_quote() -> None:
    assert quotes(ScriptedReader(eels=0.9)) == ["Otters eat eels."]


def test_the_same_sentence_of_two_chunks_is_stated_once() -> None:
    first, second = hit(), hit("Otters sleep by day. They fish by night.")
    assert quotes(ScriptedReader(night=0.9), first, second) == ["They fish by night."]


def test_words_found_in_the_heading_are_never_quoted() -> None:
    assert quotes(ScriptedReader(Title=0.9)) == []
    assert quotes(ScriptedReader(Feeding=0.9)) == []


def test_what_was_said_before_is_not_said_again() -> None:
    start = TEXT.index("They")
    said = {("d", start, start + len("They fish by night."))}
    chosen = select("q", [hit()], lambda _: DOCUMENT, ScriptedReader(night=0.9, day=0.8), 0.5, said)
    assert [passage.text for passage in chosen.passages] == ["Otters sleep by day."]


def test_without_a_hit_there_is_nothing() -> None:
    chosen = select("q", [], lambda _: DOCUMENT, ScriptedReader(), 0.5)
    assert (chosen.passages, chosen.closest, chosen.confidence) == ((), (), 0.0)


def test_a_span_over_two_sentences_gives_both() -> None:
    start, end = TEXT.index("day"), TEXT.index("They") + 4
    span = whole_sentences(DOCUMENT, start, end)
    assert TEXT[span.start : span.end] == "Otters sleep by day. They fish by night."


@pytest.mark.parametrize(
    ("line", "expected"), [("The Title", True), ("Feeding", True), ("They fish by night.", False)]
)
def test_headings_are_told_from_sentences(line: str, expected: bool) -> None:
    start = TEXT.index(line)
    assert is_heading(DOCUMENT, Span(start, start + len(line))) is expected


def test_a_byline_and_a_source_line_are_no_headings() -> None:
    text = "T\n\nBy Ann Example\n\nSource: The Paper\n\nText."
    document = Document("d", "a.txt", "T", text, "h", "text/plain")
    for line in ("By Ann Example", "Source: The Paper"):
        start = text.index(line)
        assert not is_heading(document, Span(start, start + len(line)))
