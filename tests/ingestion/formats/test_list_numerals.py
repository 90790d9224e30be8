import pytest

from assistant.ingestion.formats.list_numerals import numeral


@pytest.mark.parametrize(
    ("form", "numerals"),
    [
        ("decimal", {1: "1", 27: "27", 0: "0"}),
        ("decimalZero", {1: "01", 12: "12"}),
        ("lowerRoman", {1: "i", 4: "iv", 19: "xix", 44: "xliv", 4000: "4000"}),
        ("upperRoman", {9: "IX", 1998: "MCMXCVIII"}),
        ("lowerLetter", {1: "a", 26: "z", 27: "aa", 53: "aaa"}),
        ("upperLetter", {2: "B", 28: "BB"}),
        (
            "ordinal",
            {1: "1st", 2: "2nd", 3: "3rd", 11: "11th", 12: "12th", 22: "22nd", 113: "113th"},
        ),
        ("cardinalText", {1: "One", 13: "Thirteen", 21: "Twenty-one", 100: "100"}),
        (
            "ordinalText",
            {1: "First", 5: "Fifth", 12: "Twelfth", 20: "Twentieth", 21: "Twenty-first"},
        ),
        ("decimalEnclosedCircle", {3: "③", 21: "21"}),
        ("russianLower", {3: "в"}),
        ("japaneseCounting", {3: "三", 10: "十", 21: "二十一"}),
        ("ideographTraditional", {2: "乙"}),
        ("chicago", {1: "*", 2: "†", 5: "**"}),
        ("hex", {255: "FF"}),
        ("numberInDash", {2: "- 2 -"}),
        ("unheard of", {7: "7"}),
    ],
)
def test_a_number_is_written_as_word_writes_it(form: str, numerals: dict[int, str]) -> None:
    assert {number: numeral(number, form) for number in numerals} == numerals
