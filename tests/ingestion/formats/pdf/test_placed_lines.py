"""Lines of pages with their places: as text, and as recognised in pictures."""

import pytest

from assistant.ingestion.formats.drawn_page import PARTS
from assistant.ingestion.formats.pdf import extract
from assistant.ingestion.formats.pdf.fragments import Fragment, Layer, ReadPage
from assistant.ingestion.formats.pdf.placed_lines import placed_lines
from tests.ingestion.formats.pdf.drawing import drawn
from tests.ingestion.formats.pdf.test_recognised import Lines, line, put_scan
from tests.models.pages import put_text


def page_of(*fragments: Fragment) -> ReadPage:
    return ReadPage((Layer(0, fragments, 0, 0, 600, 800),))


def test_a_line_has_its_words_with_spaces_and_places() -> None:
    words = ("The", "fee", "is", "10⁶")
    fragments = [
        Fragment(word, 50 + 30 * n, 70 + 30 * n, 100, 10, "F", n, bool(n))
        for n, word in enumerate(words)
    ]
    (found,) = placed_lines(page_of(*fragments), "The fee is 10⁶.", lambda _, x, y: (2 * x, 2 * y))
    assert (found.x, found.y, found.width, found.turn) == (100, 184, 220, 0)
    assert found.height == pytest.approx(21)
    assert "".join(word.text for word in found.words) == "The fee is 10⁶"
    assert [(word.left, word.right) for word in found.words] == [
        (60 * n, 60 * n + 40) for n in range(4)
    ]
    assert [(word.start, word.end) for word in found.words] == [(0, 3), (4, 7), (8, 10), (11, 14)]


def test_a_word_whose_letters_are_far_apart_in_the_text_has_no_place_in_it() -> None:
    fragments = [Fragment("abcdefghijkl", 50, 150, 100, 10, "F", 0)]
    text = "abcdef" + " " * 50 + "ghijkl"
    ((word,),) = [
        found.words for found in placed_lines(page_of(*fragments), text, lambda *at: at[1:])
    ]
    assert word.start == word.end


def test_recognised_lines_are_kept_with_their_borders() -> None:
    recognise = Lines(line("The tern dives.", 200, 300), line("Gulls do not.", 200, 700))
    found = extract(drawn(put_text, put_scan), recognise)
    assert [found.text[start:end] for start, end, *_ in found.boxes] == [
        "The tern dives.",
        "Gulls do not.",
    ]
    assert all(start >= found.page_starts[1] for start, *_ in found.boxes)
    height, width, _ = recognise.pictures[0].shape
    (_, _, left, top, right, bottom), _ = found.boxes
    assert left / PARTS * width == pytest.approx(200, abs=1)
    assert right / PARTS * width == pytest.approx(200 + 15 * 15, abs=1)
    assert top / PARTS * height == pytest.approx(300, abs=8)
    assert bottom / PARTS * height == pytest.approx(330, abs=8)


def test_text_that_is_printed_as_text_has_no_boxes() -> None:
    assert extract(drawn(put_text)).boxes == ()
