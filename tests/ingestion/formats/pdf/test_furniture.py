from collections.abc import Callable

import pytest
from reportlab.pdfgen.canvas import Canvas

from assistant.ingestion.formats.pdf.furniture import roman
from tests.ingestion.formats.pdf.drawing import MILL, put_lines, shown, wrapped

WORDS = ("one", "two", "three", "four", "five", "six")


def pages_with(
    head: Callable[[int], str] | None = None,
    foot: Callable[[int], str] | None = None,
    size: float = 10,
) -> str:
    """The text of six pages with a head and a foot."""

    def page(number: int) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            put_lines(canvas, 72, 740, wrapped(f"Record {WORDS[number - 1]}. {MILL}", 440))
            canvas.setFont("Helvetica", size)
            if head:
                canvas.drawString(72, 800, head(number))
            if foot:
                canvas.drawCentredString(297, 40, foot(number))

        return draw

    return shown(*(page(number) for number in range(1, 7)))


@pytest.mark.parametrize(
    "foot",
    [
        str,
        "Page {} of 6".format,
        "- {} -".format,
        lambda number: f"[{number + 16}]",
        lambda number: roman(number + 2),
        "Seite {}".format,
        "A-{}".format,
        lambda number: roman(number) if number < 4 else str(number - 3),
    ],
)
def test_page_numbers_are_no_text(foot: Callable[[int], str]) -> None:
    text = pages_with(foot=foot)
    assert text == "\n\n".join(f"Record {word}. {MILL}" for word in WORDS) + "\n"


@pytest.mark.parametrize(
    ("head", "size"),
    [
        (lambda _: "The Otter Book", 10),
        (lambda number: f"The Otter Book | {number + 10}", 10),
        (lambda number: f"{number + 10} The Otter Book", 8),
        (lambda number: "The Otter Book" if number % 2 else "Ada Quill", 10),
    ],
)
def test_a_running_head_is_read_once(head: Callable[[int], str], size: float) -> None:
    text = pages_with(head, size=size)
    assert text.count("The Otter Book") == 1
    assert text.count("Ada Quill") <= 1


@pytest.mark.parametrize(
    "line",
    [
        "Step {}",
        "Step {} of the procedure",
        "The insurer may cancel this policy with two months notice.",
        "signed off by the shift leader",
        "(c) the choice of court",
    ],
)
def test_text_that_repeats_at_an_edge_is_kept(line: str) -> None:
    for text in (pages_with(head=line.format), pages_with(foot=line.format)):
        assert all(line.format(number) in text for number in range(1, 7))
        assert text.count(line.split("{")[0]) == 6


def test_the_text_of_pages_with_but_a_few_lines_is_kept() -> None:
    def page(number: int) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            put_lines(canvas, 72, 790, (f"Policy {number}", "The holder pays each year"))
            put_lines(canvas, 72, 60, ("Signed in Hull", f"Policy {number} of Hull", str(number)))

        return draw

    text = shown(*(page(number) for number in range(1, 5)))
    assert text.count("The holder pays each year") == 4
    assert text.count("Signed in Hull") == 4


def test_lines_that_belong_to_a_line_that_changes_are_kept() -> None:
    def page(number: int) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            put_lines(canvas, 72, 740, wrapped(MILL, 440))
            put_lines(
                canvas, 72, 60, ("The holder signs here", f"as policy {WORDS[number]} of Hull")
            )

        return draw

    text = shown(*(page(number) for number in range(4)))
    assert text.count("The holder signs here as policy") == 4


def test_small_print_is_furniture_on_two_pages_too() -> None:
    def draw(canvas: Canvas) -> None:
        put_lines(canvas, 72, 740, wrapped(MILL, 440))
        canvas.setFont("Helvetica", 8)
        canvas.drawString(72, 800, "County notes")

    assert shown(draw, draw).count("County notes") == 1


def test_a_watermark_is_read_once() -> None:
    def draw(canvas: Canvas) -> None:
        put_lines(canvas, 72, 740, wrapped(MILL, 440))
        canvas.rotate(45)
        canvas.setFont("Helvetica", 60)
        canvas.drawString(300, 0, "DRAFT")

    assert shown(*[draw] * 4).count("DRAFT") == 1


def test_roman_numerals() -> None:
    assert [roman(number) for number in (1, 4, 9, 14, 40, 399)] == [
        *("i", "iv", "ix", "xiv", "xl", "cccxcix"),
    ]
    assert roman(400) == ""


def test_a_running_head_on_a_page_of_a_few_lines_is_left_out() -> None:
    lines = wrapped(" ".join([MILL] * 10), 440)

    def page(number: int) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            canvas.drawString(72, 815, "The Otter Book")
            put_lines(canvas, 72, 780, lines[8 * number : 8 * number + (3 if number == 3 else 8)])

        return draw

    text = shown(*map(page, range(4)))
    assert text.count("The Otter Book") == 1


def test_the_title_of_short_sheets_stays_on_each() -> None:
    def page(number: int) -> Callable[[Canvas], None]:
        lines = [f"Member {number}001", f"Joined in {1990 + number}"]

        def draw(canvas: Canvas) -> None:
            canvas.drawString(72, 800, "Member card")
            put_lines(canvas, 72, 780, lines)

        return draw

    assert shown(*map(page, range(1, 6))).count("Member card") == 5
