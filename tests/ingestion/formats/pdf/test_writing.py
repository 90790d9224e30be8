import pytest
from reportlab.pdfgen.canvas import Canvas

from assistant.ingestion.formats.pdf import extract
from assistant.ingestion.formats.pdf.fragments import ReadPage
from assistant.ingestion.formats.pdf.writing import text_of
from tests.ingestion.formats.case_matching import CASES
from tests.ingestion.formats.pdf.drawing import MILL, drawn, put_lines, put_rows, shown, wrapped


def test_pages_without_text_have_offsets_too() -> None:
    assert text_of([ReadPage(()), ReadPage(())], "").page_starts == (0, 0)


def test_what_is_not_read_is_named_by_pages() -> None:
    pages = [ReadPage((), notes=("broken",) if number % 2 else ()) for number in range(1, 30)]
    assert text_of(pages[:2], "").notes == ("page 1: broken",)
    assert text_of(pages[:5], "").notes == ("pages 1, 3 and 5: broken",)
    (note,) = text_of(pages, "").notes
    assert note == "pages 1, 3, 5, 7, 9, 11, 13, 15, 17, 19 and 5 more: broken"


def test_pages_are_named_by_the_numbers_printed_on_them() -> None:
    found = extract((CASES / "pdf" / "page-labels.pdf").read_bytes())
    assert found.places == tuple(
        (start, f"p. {label} (page {number} of the file)")
        for start, label, number in zip(
            found.page_starts, ("i", "ii", "1", "2"), (1, 2, 3, 4), strict=True
        )
    )
    assert extract(drawn(lambda page: page.drawString(50, 700, "One."))).places == ()


def test_a_word_that_two_pages_share_is_whole_on_the_first() -> None:
    found = extract(
        drawn(
            lambda page: put_lines(page, 50, 700, ("It was burnt down by the inter-",)),
            lambda page: put_lines(page, 50, 700, ("national board of works.",)),
        )
    )
    assert found.text == "It was burnt down by the international\nboard of works.\n"
    assert found.text[found.page_starts[1] :] == "board of works.\n"


def test_a_paragraph_goes_on_in_the_next_column() -> None:
    lines = wrapped(MILL, 220)

    def draw(page: Canvas) -> None:
        put_lines(page, 50, 700, lines[:2])
        put_lines(page, 300, 700, lines[2:])

    assert extract(drawn(draw)).text == f"{MILL}\n"


def test_a_table_is_a_block_of_its_own() -> None:
    def draw(page: Canvas) -> None:
        y = put_lines(page, 50, 700, wrapped(MILL, 400))
        put_rows(page, (50, 150), y - 13, (("Hallam", "11 m"), ("Selby", "7 m")))

    assert extract(drawn(draw)).text == f"{MILL}\n\n| Hallam | 11 m |\n| Selby | 7 m |\n"


@pytest.mark.parametrize("dots", [". " * 40, "." * 80, "·" * 60])
def test_dots_that_lead_to_a_page_number_are_no_text(dots: str) -> None:
    rows = [(title, dots, number) for title, number in (("Safety", "3"), ("Start-up", "11"))]
    text = shown(lambda page: put_rows(page, (60, 160, 500), 700, rows))
    assert text == "| Safety | 3 |\n| Start-up | 11 |\n"
    text = shown(lambda page: put_lines(page, 60, 700, [f"Safety {dots} 3", "Text of it."]))
    assert text == "Safety … 3\nText of it.\n"
