"""What is said of the reading of a PDF."""

from assistant.ingestion.formats.pdf.columns import TextBlock
from assistant.ingestion.formats.pdf.fragments import ReadPage, Segment
from assistant.ingestion.formats.pdf.remarks import has_columns, notes


def block(left: float, right: float, *baselines: float) -> TextBlock:
    lines = tuple(Segment("words", left, right, at, 10, "F") for at in baselines)
    return TextBlock(lines, left, right)


def test_pages_with_one_note_are_listed_together() -> None:
    pages = [ReadPage((), notes=("broken",)), ReadPage(()), ReadPage((), notes=("broken",))]
    assert list(notes(pages)) == ["pages 1 and 3: broken"]


def test_of_many_pages_the_first_ten_are_named() -> None:
    (note,) = notes([ReadPage((), notes=("broken",))] * 12)
    assert note == "pages 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more: broken"


def test_blocks_side_by_side_are_columns() -> None:
    assert has_columns([block(0, 100, 10, 20), block(120, 220, 10, 20)])


def test_blocks_one_above_the_other_are_none() -> None:
    assert not has_columns([block(0, 100, 10, 20), block(0, 220, 40, 50)])
    assert not has_columns([block(0, 100, 10, 20), block(120, 220, 40, 50)])
