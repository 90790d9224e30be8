import pytest

from assistant.ingestion.formats.hyphens import MARK
from assistant.ingestion.formats.pdf.joining import (
    begins_with_address,
    ends_within_address,
    joined_lines,
)


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        ("the town of", "Hull is", "the town of Hull is"),
        ("the infor-", "mation is", f"the infor{MARK}mation is"),
        ("in 2001-", "2003 it", "in 2001-2003 it"),
        ("write to info@north-", "sea.example now", "write to info@north-sea.example now"),
        ("write to anna-", "maria@sea.example", "write to anna-maria@sea.example"),
        ("write to info", "@sea.example", "write to info@sea.example"),
        ("see https://sea.example/", "tides.html", "see https://sea.example/tides.html"),
        ("see www.sea.", "example for", "see www.sea.example for"),
        ("It is at www.sea.example.", "The tide", "It is at www.sea.example. The tide"),
        ("either and/", "or", "either and/ or"),
        ("东京的", "天气", "东京的天气"),
        ("soft\xad", "ware", "software"),
    ],
)
def test_lines_of_a_paragraph(above: str, below: str, joined: str) -> None:
    assert joined_lines(above, below) == joined


def test_what_an_address_begins_with() -> None:
    assert begins_with_address("tom.baker@tern.example")
    assert begins_with_address("www.tern.example is")
    assert not begins_with_address("tern and")


def test_a_line_that_ends_within_an_address() -> None:
    assert ends_within_address("write to office@hill-top.", "example or call")
    assert ends_within_address("see https://hill.example/tides-", "and-moons")
    assert not ends_within_address("at www.hill.example.", "The tide")
    assert not ends_within_address("Hull", "@hillclub")
