import pytest
from reportlab.pdfgen.canvas import Canvas

from assistant.ingestion.formats.pdf.fragments import Segment
from assistant.ingestion.formats.pdf.paragraphs import Measures, goes_on, measures, paragraphs
from tests.ingestion.formats.pdf.drawing import MILL, RESERVOIR, put_lines, shown, wrapped

USUAL = Measures(1.3)


def lines_of(*texts: str, font: str = "F") -> list[Segment]:
    """Lines of type as wide as a typewriter's, 13 points apart."""
    return [
        Segment(text, 50, 50 + 5 * len(text), 100 + 13 * row, 10, font)
        for row, text in enumerate(texts)
    ]


def test_filled_lines_are_a_paragraph_and_one_that_ends_early_ends_it() -> None:
    text = shown(
        lambda page: put_lines(page, 50, 700, wrapped(RESERVOIR, 340) + wrapped(MILL, 340))
    )
    assert text == f"{RESERVOIR}\n\n{MILL}\n"


@pytest.mark.parametrize(
    "lines",
    [
        ("Opening hours", "Monday to Friday: 9 to 17", "Phone: 01482 555 010", "Sunday: closed"),
        ("Tom Baker", "Head of sales", "tom.baker@tern.example"),
        ("Introduction ........ 1", "Methods ............ 4", "Index ............. 23"),
        ("flour", "milk", "sugar and salt", "a spoon of honey"),
    ],
)
def test_short_lines_stay_lines(lines: tuple[str, ...]) -> None:
    assert paragraphs(lines_of(*lines), 50, 550, USUAL) == ["\n".join(lines)]


def test_an_address_that_goes_on_in_the_next_line_is_one() -> None:
    lines = lines_of("Write to office@hill-top.", "example or come by.")
    assert paragraphs(lines, 50, 550, USUAL) == ["Write to office@hill-top.example or come by."]


def test_lines_set_to_the_right_stay_lines() -> None:
    lines = [
        Segment(text, 540 - 5 * len(text), 540, 100 + 13 * row, 10, "F")
        for row, text in enumerate(
            ("Tern Supplies Limited", "4 Quay Road in the East", "Hull HU3 1AA")
        )
    ]
    assert paragraphs(lines, 440, 540, USUAL) == ["\n".join(line.text for line in lines)]


def test_items_of_a_list_are_lines_with_all_that_belongs_to_them() -> None:
    lines = lines_of("Do this:", "• Close the main valve of the", "boiler.", "• Drain it.")
    assert paragraphs(lines, 50, 250, USUAL) == [
        "Do this:\n• Close the main valve of the boiler.\n• Drain it."
    ]


def test_an_indented_line_begins_a_paragraph() -> None:
    first, second = wrapped(MILL, 400), wrapped(RESERVOIR, 380)

    def draw(page: Canvas) -> None:
        y = put_lines(page, 50, 700, first)
        put_lines(page, 65, y, second[:1])
        put_lines(page, 50, y - 13, wrapped(" ".join(second[1:]), 400))

    assert shown(draw) == f"{MILL}\n\n{RESERVOIR}\n"


def test_a_wide_distance_or_other_size_separates_paragraphs() -> None:
    above, below = lines_of("a line of a text which goes on and", "on in the next line of it")
    for apart in (
        Segment(below.text, 50, 175, 140, 10, "F"),
        Segment(below.text, 50, 175, 113, 14, "F"),
    ):
        assert paragraphs([above, apart], 50, 250, USUAL) == [above.text, below.text]


def test_the_usual_distance_is_that_of_most_letters() -> None:
    lines = lines_of("a" * 50, "b" * 50, "c" * 50)
    assert measures([lines]) == Measures(1.3)
    assert measures([]) == Measures(1.2)


def test_whether_a_sentence_goes_on() -> None:
    assert goes_on("It was", "never rebuilt")
    assert not goes_on("It was.", "never")
    assert not goes_on("It was", "Never")
    assert not goes_on("These are", "a) one")
