from assistant.ingestion.formats.pdf.records import records

HULL = ["Plant Hull", "12 Dock Street", "Hull HU1 2AB", "hull@tern.example"]
YORK = ["The old plant at York", "9 Mill Lane", "York YO1 7HD", "york@tern.example"]


def test_lines_of_the_same_kinds_make_records() -> None:
    assert records([*HULL, *YORK]) == [HULL, YORK]
    assert records(["Contacts", *HULL, *YORK]) == [["Contacts"], HULL, YORK]


def test_lines_of_one_kind_or_of_no_order_are_one() -> None:
    for lines in (["flour", "milk", "sugar", "salt"], [*HULL, "Closed", "Room 3", "Monday"]):
        assert records(lines) == [lines]
