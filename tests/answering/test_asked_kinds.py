import pytest

from assistant.answering.asked_kinds import AskedKind, asked_kind, fits_kind
from assistant.text.lexicons import lexicon
from assistant.text.phrases import finders


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How long is the notice period?", AskedKind.DURATION),
        ("for how many weeks may I stay", AskedKind.DURATION),
        ("How much does the annual pass cost?", AskedKind.MONEY),
        ("What is the fine for losing a key?", AskedKind.MONEY),
        ("What percentage of members voted?", AskedKind.PERCENTAGE),
        ("How many members are there?", AskedKind.NUMBER),
        ("When was it founded?", AskedKind.DATE),
        ("In which year did she die?", AskedKind.DATE),
        ("Who leads it?", AskedKind.PERSON),
        ("In which city is it?", AskedKind.PLACE),
        ("Why was it closed?", None),
        ("Tell me when it was founded", AskedKind.DATE),
        ("What must I do when I move house?", None),
        ("Do I have to pay when I cancel?", None),
        ("What happens to people who are late?", None),
        ("Is there a place where I may park, and how long?", AskedKind.DURATION),
        ("Which year was it, and when is the party?", AskedKind.DATE),
    ],
)
def test_the_kind_that_is_asked_for(question: str, kind: AskedKind | None) -> None:
    assert asked_kind(question) is kind


@pytest.mark.parametrize(
    ("question", "highlight", "fits"),
    [
        ("How long is the trial?", "20 euros", False),
        ("How long is the trial?", "14 days", True),
        ("How long is the bridge?", "300 m", True),
        ("How long may I stay?", "until the lease ends", True),
        ("How much does it cost?", "three weeks", False),
        ("How much does it cost?", "€ 12.50", True),
        ("When does it open?", "on Tuesdays", True),
        ("When was it built?", "1911", True),
        ("When was it built?", "Anna Quill", False),
        ("How many came?", "the choir", False),
        ("How many came?", "eight in ten", True),
        ("Who came?", "the choir", True),
        ("Who came?", "40", False),
        ("Where was it signed?", "1911", False),
        ("Where was it signed?", "at 12 Mill Lane", True),
        ("Where is her office?", "3.14", True),
        ("Which company built it?", "1911", False),
        ("Which company built it?", "Haldane Yards", True),
    ],
)
def test_a_value_of_another_kind_does_not_fit(question: str, highlight: str, fits: bool) -> None:
    assert fits_kind(asked_kind(question), highlight, highlight) == fits


def test_without_a_value_in_the_highlight_its_sentence_counts() -> None:
    assert fits_kind(AskedKind.NUMBER, "the choir", "The choir has 40 members.")


def test_every_line_of_the_table_names_a_kind_and_finds_itself() -> None:
    assert {label for label, _ in finders("asked_kinds")} == {kind.value for kind in AskedKind}
    assert len(set(lexicon("times"))) == len(lexicon("times"))
