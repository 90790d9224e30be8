"""The white strips between columns."""

from assistant.ingestion.formats.pdf.fragments import Segment
from assistant.ingestion.formats.pdf.gutters import division, stacked_parts


def column(left: float, top: float, rows: int, text: str = "and so it goes on as") -> list[Segment]:
    return [Segment(text, left, left + 100, top + 13 * row, 10, "F") for row in range(rows)]


def by_line(*columns: list[Segment]) -> list[Segment]:
    return sorted(
        (one for some in columns for one in some), key=lambda one: (one.baseline, one.left)
    )


def test_a_strip_is_white_between_two_columns() -> None:
    strip, columns = division(by_line(column(0, 100, 5), column(130, 100, 5)))
    assert strip is not None
    assert [len(some) for some in columns] == [5, 5]


def test_lines_of_one_column_have_no_strip() -> None:
    assert division(column(0, 100, 5)) == (None, [])


def test_far_apart_parts_with_other_columns_are_parts_of_their_own() -> None:
    upper = by_line(column(0, 100, 5), column(130, 100, 5))
    lower = by_line(*(column(left, 300, 5) for left in (0, 130, 260)))
    assert stacked_parts([*upper, *lower]) == [upper, lower]


def test_parts_with_the_same_number_of_columns_stay_together() -> None:
    upper = by_line(column(0, 100, 5), column(130, 100, 5))
    lower = by_line(column(0, 300, 5), column(130, 300, 5))
    assert stacked_parts([*upper, *lower]) == [[*upper, *lower]]
    assert stacked_parts([]) == [[]]


def test_a_strip_that_cuts_no_line_in_two_is_preferred() -> None:
    def row(y: float, *cells: tuple[str, float, float]) -> list[Segment]:
        return [Segment(text, left, right, y, 10, "") for text, left, right in cells]

    segments = [
        *row(0, ("Pos", 50, 70), ("What", 90, 120), ("Quantity", 340, 380), ("Price", 436, 460)),
        *row(20, ("1", 50, 56), ("Pump", 90, 120), ("2", 375, 380), ("118", 440, 460)),
        *row(40, ("2", 50, 56), ("Hose", 90, 120), ("5", 375, 380), ("9", 454, 460)),
        *row(60, ("3", 50, 56), ("Discount", 90, 140), ("-9", 450, 460)),
    ]
    strip, columns = division(segments)
    assert strip is not None
    assert not strip.above
    assert [len(column) for column in columns] == [4, 4, 3, 4]


def test_a_label_that_touches_the_gutter_stays_with_its_value() -> None:
    rows = (("Mon – Fri", 95, 106), ("Sat", 66, 93), ("Sun", 68, 93), ("Holidays", 88, 93))
    segments = [
        segment
        for number, (label, right, left) in enumerate(rows)
        for segment in (
            Segment(label, 50, right, 14 * number, 10, ""),
            Segment("9:00 – 17:00", left, left + 60, 14 * number, 10, ""),
        )
    ]
    strip, _ = division(segments)
    assert strip is not None
    assert [segment.text for segment in strip.above] == ["Mon – Fri", "9:00 – 17:00"]
