from dataclasses import replace

import pytest

from assistant.ingestion.formats.pdf.fonts import garbled_fonts, readable
from assistant.ingestion.formats.pdf.fragments import UNKNOWN, Fragment, Layer, ReadPage
from tests.ingestion.formats.pdf.drawing import BRIDGE, MILL, RESERVOIR

GERMAN = (
    "Das Wasserwerk wurde im Jahr 1936 erbaut und versorgt die Stadt bis heute mit Trinkwasser. Nach der "
    "Flut von 1958 erhöhte man die Mauer um zwei Meter, und seitdem wird sie jedes Frühjahr geprüft."
)


def page_of(text: str, font: str = "F") -> ReadPage:
    """A page with the words of a text."""
    words = (
        Fragment(word, 50, 50 + 5 * len(word), 100 + 13 * row, 10, font, row)
        for row, word in enumerate(text.split())
    )
    return ReadPage((Layer(0, tuple(words), 0, 0, 600, 800),))


def text_of(page: ReadPage) -> str:
    return " ".join(one.text for layer in page.layers for one in layer.fragments)


def shifted(text: str, by: int) -> str:
    """The text with each letter some places further in the table of characters."""
    return "".join(chr(ord(letter) + by) if letter.isalpha() else letter for letter in text)


@pytest.mark.parametrize("by", [-29, -3, 1, 13])
def test_a_font_that_gives_each_letter_as_another_is_found(by: int) -> None:
    (page,) = readable([page_of(shifted(f"{MILL} {RESERVOIR} {BRIDGE}", by))])
    assert text_of(page) == ""
    assert page.notes == ("in a font that does not tell its characters",)


def test_a_font_that_gives_letters_in_another_order_is_found() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    table = str.maketrans(letters, letters[::-1])
    (page,) = readable([page_of(f"{MILL} {RESERVOIR} {BRIDGE}".lower().translate(table))])
    assert not page.layers


@pytest.mark.parametrize(
    "text",
    [
        MILL,
        GERMAN,
        "KX-200B 4711-0815 Q7 XJ9 " * 20,
        "ACGT" * 60,
        "AAPL MSFT XOM QQQ JNJ KO WMT ZZ VOO HX PFE BRK " * 10,
        "1,250.00 237.50 18 % 30 2024 " * 20,
        "京都の天気はよい" * 20,
        "Быстрая лиса прыгает через забор " * 10,
    ],
)
def test_texts_and_codes_are_kept(text: str) -> None:
    page = page_of(text)
    assert readable([page]) == [page]


def unmapped(page: ReadPage) -> ReadPage:
    """The page in a font that names no characters."""
    (layer,) = page.layers
    fragments = tuple(replace(one, is_mapped=False) for one in layer.fragments)
    return replace(page, layers=(replace(layer, fragments=fragments),))


@pytest.mark.parametrize("first", ["!", "0", "A"])
def test_numbers_of_glyphs_are_no_text(first: str) -> None:
    numbers = {letter: chr(ord(first) + place) for place, letter in enumerate(dict.fromkeys(MILL))}
    text = "".join(letter if letter == " " else numbers[letter] for letter in MILL[:60].strip())
    (page,) = readable([unmapped(page_of(text))])
    assert not page.layers


@pytest.mark.parametrize("text", [MILL, GERMAN, "12.5 378 40.1 77.2 9,004.11", "A B"])
def test_a_font_that_names_no_characters_but_has_them_is_read(text: str) -> None:
    page = unmapped(page_of(text))
    assert readable([page]) == [page]


def test_a_page_of_unknown_glyphs_is_a_picture_and_others_are_kept() -> None:
    unknown = page_of(" ".join(UNKNOWN * len(word) for word in MILL.split()), "G")
    first, second = readable([unknown, page_of(RESERVOIR)])
    assert not first.layers
    assert text_of(second) == RESERVOIR


def test_a_single_unknown_glyph_is_a_box() -> None:
    (page,) = readable([page_of(MILL.replace("burnt", f"bur{UNKNOWN}t"))])
    assert "and bur□t down" in text_of(page)
    assert page.notes


def test_a_word_in_a_font_that_cannot_be_read_is_a_box_and_a_whole_line_is_left_out() -> None:
    plain = page_of(f"{MILL} {RESERVOIR}").layers[0]
    bold = page_of(shifted(f"{MILL} {BRIDGE}", 1), "G").layers[0].fragments[:20]
    in_line = tuple(replace(one, baseline=plain.fragments[5].baseline) for one in bold[:1])
    alone = tuple(replace(one, baseline=700) for one in bold[1:])
    layer = replace(plain, fragments=(*plain.fragments, *in_line, *alone))
    others = ReadPage(
        (replace(plain, fragments=page_of(shifted(BRIDGE, 1), "G").layers[0].fragments),)
    )
    page, _ = readable([ReadPage((layer,)), others])
    assert text_of(page) == f"{MILL} {RESERVOIR} □"


def test_fonts_are_told_apart() -> None:
    some = [*page_of(shifted(f"{MILL} {BRIDGE}", 1), "A").layers, *page_of(RESERVOIR, "B").layers]
    assert garbled_fonts(one for layer in some for one in layer.fragments) == {"A"}
