from assistant import Chunk, Document, Hit
from assistant.reading.selection import select
from assistant.testing import ScriptedReader

TEXT = (
    "The Title\n\nOtters sleep by day. They fish by night.\n\nFeeding\n\n"
    "- Otters eat crabs.\n- Otters eat eels.\n"
)
DOCUMENT = Document("d", "a.txt", "The Title", TEXT, "h", "text/plain")


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
