"""What is quoted for each sentence of small documents: a question is never the answer."""

import pytest

from assistant import Document
from assistant.reading.answer_units import answer_unit, paragraph_around, table_around
from assistant.text.spans import Span

FAQ = (
    "Questions of our members\n\nMay I keep hens on my plot?\nTwo at most, and no cockerel.\n\n"
    "Who pays when the shared pump breaks?\n\nThe association, unless a member left it running.\n\n"
    "Is the pass enough?\n\nA: No. The pass only shows that you were on board.\n\n"
    "What is a plot? What is a pump?\n"
)
LISTS = (
    "Tarn is a client. The projects below add asynchronous calls:\n\n- tarn-threads\n- greentarn\n\n"
    "They are free.\n\nA copy stays usable only if you\n1. note the date,\n2. keep the original.\n\n"
    "Put them into its jar:\n\n```python\njar = {}\n\njar.update(a=1)\n```\n\nThat is all.\n"
)
LIST = "The projects below add asynchronous calls:\n\n- tarn-threads\n- greentarn"
TABLE = (
    "The parts below are sold by the piece:\n\n| Part | Price |\n| --- | --- |\n| Valve | 12 |\n"
)
HEADED = "Not allowed here\n\n- Dogs on the lawn.\n- Fires at night.\n"
STEPS = "A copy stays usable only if you\n1. note the date,\n2. keep the original."
CODE = "Put them into its jar:\n\n```python\njar = {}\n\njar.update(a=1)\n```"


def quoted(text: str, sentence: str, media_type: str = "text/plain") -> str:
    document = Document("d", "a.txt", "", text, "h", media_type)
    start = text.index(sentence)
    unit = answer_unit(document, Span(start, start + len(sentence)))
    return text[unit.start : unit.end]


@pytest.mark.parametrize(
    ("sentence", "unit"),
    [
        ("May I keep hens on my plot?", "Two at most, and no cockerel."),
        ("Two at most, and no cockerel.", "Two at most, and no cockerel."),
        (
            "Who pays when the shared pump breaks?",
            "The association, unless a member left it running.",
        ),
        ("Is the pass enough?", "No. The pass only shows that you were on board."),
        (
            "The pass only shows that you were on board.",
            "No. The pass only shows that you were on board.",
        ),
        ("Questions of our members", "Questions of our members"),
    ],
)
def test_the_answer_below_a_question_is_quoted(sentence: str, unit: str) -> None:
    assert quoted(FAQ, sentence) == unit


def test_a_question_with_no_answer_below_stays_what_it_is() -> None:
    assert quoted(FAQ, "What is a pump?") == "What is a pump?"


@pytest.mark.parametrize(
    ("sentence", "unit"),
    [
        ("The projects below add asynchronous calls:", LIST),
        ("- tarn-threads", LIST),
        ("- greentarn", LIST),
        ("Tarn is a client.", "Tarn is a client."),
        ("They are free.", "They are free."),
        ("A copy stays usable only if you", STEPS),
        ("2. keep the original.", STEPS),
        ("Put them into its jar:", CODE),
        ("jar.update(a=1)\n```", CODE),
        ("That is all.", "That is all."),
    ],
)
def test_a_lead_in_comes_with_what_it_introduces(sentence: str, unit: str) -> None:
    assert quoted(LISTS, sentence) == unit


def test_of_a_long_list_the_item_alone_is_quoted() -> None:
    items = "\n".join(f"- item {n} with a few more words" for n in range(40))
    text = f"All of these are allowed:\n\n{items}\n"
    assert quoted(text, "- item 7 with a few more words") == "- item 7 with a few more words"
    assert quoted(text, "All of these are allowed:").endswith("- item 0 with a few more words")


@pytest.mark.parametrize("text", ["?", "a?\n\n", ":\n\n- ", "```", "\n\n?\n\n?"])
def test_odd_texts_are_quoted_without_an_error(text: str) -> None:
    for start in range(len(text)):
        document = Document("d", "a.txt", "", text, "h", "text/plain")
        unit = answer_unit(document, Span(start, len(text)))
        assert 0 <= unit.start <= unit.end <= len(text)


def test_a_row_of_a_table_is_quoted_alone_and_its_lead_in_with_the_table() -> None:
    assert quoted(TABLE, "| Valve | 12 |") == "| Valve | 12 |"
    assert quoted(TABLE, "The parts below are sold by the piece:") == TABLE.strip()


ASKED = (
    "## How do I get in?\n\n1. Open the box.\n2. Take the key.\n\n## What is there?\n\n"
    "- a kettle\n- two pans\n\n**What do I do last?**\n\n* Strip the beds.\n* Close the door.\n\n"
    "## Who keeps what is lost?\n\nSee below.\n\nThe porter does.\n"
)


@pytest.mark.parametrize(
    ("sentence", "unit"),
    [
        ("## How do I get in?", "1. Open the box.\n2. Take the key."),
        ("1. Open the box.", "1. Open the box.\n2. Take the key."),
        ("two pans", "- a kettle\n- two pans"),
        ("* Close the door.", "* Strip the beds.\n* Close the door."),
        ("## Who keeps what is lost?", "## Who keeps what is lost?"),
    ],
)
def test_a_list_below_a_question_is_quoted_whole(sentence: str, unit: str) -> None:
    assert quoted(ASKED, sentence) == unit


def test_of_a_long_list_below_a_question_the_item_alone_is_quoted() -> None:
    items = "\n".join(f"- item {n} with a few more words" for n in range(40))
    assert quoted(f"What is there?\n\n{items}\n", "- item 7 with") == "- item 7 with"


RULES = "The house has two rules:\nNo smoking indoors.\nQuiet after ten."
STEPS_TOLD = "To reset it, do the following. Unplug it. Wait a while. Plug it in again."
WAYS = "There are two ways to pay. You can use a card here. You can send us a cheque."


@pytest.mark.parametrize(
    ("text", "sentence", "unit"),
    [
        (RULES, "Quiet after ten.", RULES),
        (RULES, "The house has two rules:\nNo smoking indoors.", RULES),
        (STEPS_TOLD, "Unplug it.", STEPS_TOLD),
        (f"{WAYS} Ask us.", "You can send us a cheque.", WAYS),
        (f"It is old. {WAYS}", "It is old.", "It is old. There are two ways to pay."),
        ("It has two floors. The roof is closed. A cook lives there.", "The roof is closed.", "The roof is closed."),
        (f"There are two ways: {'very ' * 60}long. You may.", "You may.", "You may."),
        ("There are two: rooms. Is it? Is that so?", "Is it?", "Is it?"),
    ],
)  # fmt: skip
def test_what_a_sentence_announces_is_quoted_with_it(text: str, sentence: str, unit: str) -> None:
    assert quoted(text, sentence) == unit


def test_a_short_table_is_shown_around_a_row_and_another_below_it_is_not() -> None:
    text = f"{TABLE}\n| Day | From |\n| --- | --- |\n| Monday | 7 |\n"
    document = Document("d", "a.txt", "", text, "h", "text/plain")
    start = text.index("| Valve")
    around = paragraph_around(document, Span(start, start + 3))
    assert around
    assert text[around.start : around.end] == TABLE.strip()
    long = TABLE + "".join(f"| Part {n} | {n} |\n" for n in range(40))
    document = Document("d", "a.txt", "", long, "h", "text/plain")
    row = Span(start, start + len("| Valve | 12 |"))
    assert paragraph_around(document, row) == row
    assert table_around(document, row) is None
    assert table_around(document, Span(0, 3)) is None


def test_a_heading_does_not_lead_in() -> None:
    assert quoted(HEADED, "Fires at night.") == "Fires at night."


def test_what_was_discussed_is_quoted_with_its_outcome() -> None:
    proposed = "Ms Ray proposed to sell the boat."
    outcome = (
        f"{proposed} Mr Orr said that the juniors row in it. The motion failed by nine to four."
    )
    text = f"{outcome} {'Then the members talked of the weather and other things. ' * 10}"
    assert quoted(text, proposed).startswith(outcome)
    assert len(quoted(text, proposed).split()) <= 55
    assert quoted(text, "Mr Orr said that the juniors row in it.").startswith("Mr Orr")
    long = f"{proposed} {'very ' * 60}long it was. The end."
    assert quoted(long, proposed).endswith("long it was.")


@pytest.mark.parametrize(
    ("text", "sentence", "shown"),
    [
        ("2. RENT\n2.1 The rent is due.\n2.2 It is 900 pounds.\n", "The rent is due.", "The rent is due."),
        ("(1) Members pay.\n(2) Juniors do not.\n", "Members pay.", "(1) Members pay.\n(2) Juniors do not."),
    ],
)  # fmt: skip
def test_around_a_numbered_clause_is_nothing_but_the_clause(
    text: str, sentence: str, shown: str
) -> None:
    document = Document("d", "a.txt", "T", text, "h", "text/plain")
    start = text.index(sentence)
    around = paragraph_around(document, Span(start, start + len(sentence)))
    assert around
    assert text[around.start : around.end] == shown
