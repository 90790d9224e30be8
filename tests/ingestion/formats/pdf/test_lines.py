import pytest
from reportlab.pdfgen.canvas import Canvas

from assistant.ingestion.formats.pdf.fragments import Fragment
from assistant.ingestion.formats.pdf.lines import joined, segments
from tests.ingestion.formats.pdf.drawing import put_lines, shown


def put_runs(canvas: Canvas, y: float, *runs: tuple[str, float, float]) -> None:
    """Draw a line of runs, each with its size and its rise."""
    text = canvas.beginText(60, y)
    for run, size, rise in runs:
        text.setFont("Times-Roman", size)
        text.setRise(rise)
        text.textOut(run)
    canvas.drawText(text)


@pytest.mark.parametrize(
    ("runs", "line"),
    [
        ((("It is 5.97 x 10", 12, 0), ("24", 7, 5), (" kg.", 12, 0)), "It is 5.97 x 10²⁴ kg."),
        ((("It holds 10", 12, 0), ("-19", 8, 4), (" volts.", 12, 0)), "It holds 10⁻¹⁹ volts."),
        ((("It grew to 10", 12, 0), ("5", 12, 5), (" cells.", 12, 0)), "It grew to 10⁵ cells."),
        (
            (("It is H", 12, 0), ("2", 8, -2), ("O and CO", 12, 0), ("2", 8, -3)),
            "It is H₂O and CO₂",
        ),
        (
            (("The law of 1871", 10, 0), ("12", 6, 4), (" is void.", 10, 0)),
            "The law of 1871¹² is void.",
        ),
        ((("The 1", 12, 0), ("st", 7, 5), (" of May.", 12, 0)), "The 1st of May."),
        ((("12", 6, 4), (" See the Journal.", 10, 0)), "¹² See the Journal."),
        ((("Rook", 12, 0), ("TM", 6, 5), (" lamp", 12, 0)), "Rook™ lamp"),
        ((("A small ", 12, 0), ("word", 8, 0), (" stays.", 12, 0)), "A small word stays."),
    ],
)
def test_what_is_raised_or_lowered_stays_so(
    runs: tuple[tuple[str, float, float], ...], line: str
) -> None:
    assert shown(lambda page: put_runs(page, 700, *runs)) == f"{line}\n"


def test_a_large_first_letter_begins_its_word() -> None:
    def draw(page: Canvas) -> None:
        page.setFont("Times-Roman", 36)
        page.drawString(60, 690, "M")
        page.setFont("Times-Roman", 11)
        lines = ("arlowe founded the brewery in 1884 and led it for forty years. It", "was sold by")
        put_lines(page, 95, 706, lines, 14)
        put_lines(page, 60, 678, ("his widow after the great fire in the harbour of the town.",))

    assert shown(draw).startswith("Marlowe founded the brewery in 1884 and led it for forty years.")


def test_words_of_a_typewriter_are_no_cells() -> None:
    def draw(page: Canvas) -> None:
        page.setFont("Courier", 10)
        put_lines(page, 60, 700, ("00 05 64 69 66", "74 65 78 74 2f", "30 31 32 33 34"), 12)

    assert shown(draw) == "00 05 64 69 66\n74 65 78 74 2f\n30 31 32 33 34\n"


def test_letters_printed_twice_for_bold_type_are_read_once() -> None:
    def draw(page: Canvas) -> None:
        page.drawString(60, 700, "Closed on Sundays")
        page.drawString(60.3, 700, "Closed on Sundays")

    assert shown(draw) == "Closed on Sundays\n"


def words_at(*places: tuple[str, float]) -> list[Fragment]:
    return [
        Fragment(text, left, left + 5 * len(text), 100, 10, f"F{number}", 2 * number)
        for number, (text, left) in enumerate(places)
    ]


def test_a_segment_ends_at_a_wide_gap() -> None:
    parts = segments(words_at(("one", 50), ("two", 68), ("three", 90)))
    assert [(part.text, part.left, part.right) for part in parts] == [
        ("one two", 50, 83),
        ("three", 90, 115),
    ]
    assert joined(parts).text == "one two three"


def test_the_mark_of_an_item_is_with_its_text() -> None:
    assert [part.text for part in segments(words_at(("•", 50), ("one", 70)))] == ["• one"]


def test_words_beside_the_second_line_of_a_large_first_letter_are_not_raised() -> None:
    def draw(page: Canvas) -> None:
        page.setFont("Times-Bold", 30)
        page.drawString(50, 722, "T")
        page.setFont("Times-Roman", 10)
        put_lines(page, 70, 740, ["he mill at Dunmore was", "bought by the Carrows"], 12)
        put_lines(page, 50, 716, ["in 1902 and burnt down in 1911."], 12)

    assert (
        shown(draw)
        == "The mill at Dunmore was bought by the Carrows in 1902 and burnt down in 1911.\n"
    )
