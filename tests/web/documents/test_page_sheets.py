"""Pages laid out to be shown: marks on what is cited, and text to select."""

import pytest

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.drawn_page import PlacedLine, PlacedWord
from assistant.types import Document
from assistant.web.documents.page_sheets import has_pages, marks_on, why_not_drawn
from assistant.web.strings import LANGUAGE

WORDS = (
    PlacedWord("The ", 0, 30, 0, 3),
    PlacedWord("fee ", 40, 70, 4, 7),
    PlacedWord("– ", 80, 85, 0, 0),
    PlacedWord("ten", 90, 120, 10, 13),
)
LINE = PlacedLine(10, 20, 120, 15, 0, WORDS)


@pytest.mark.parametrize(
    ("cited", "marks"),
    [
        ((0, 3), [(0, 30)]),
        ((0, 7), [(0, 70)]),
        ((0, 13), [(0, 120)]),
        ((4, 13), [(40, 80)]),
        ((1, 6), [(10, 50)]),
        ((13, 20), []),
        ((0, 0), []),
        ((-50, 100), [(0, 120)]),
    ],
)
def test_what_is_cited_of_a_line_is_marked(
    cited: tuple[int, int], marks: list[tuple[float, float]]
) -> None:
    found = [(left, width) for _, left, width, _ in marks_on(LINE, cited)]
    assert found == marks


def test_what_is_between_two_cited_words_and_is_not_cited_is_not_marked() -> None:
    first, second, _, third = WORDS
    line = PlacedLine(10, 20, 120, 15, 0, (first, third, second))
    assert [left for _, left, _, _ in marks_on(line, (0, 7))] == [0, 40]


def test_a_line_that_is_turned_is_marked_along_itself() -> None:
    line = PlacedLine(10, 20, 120, 15, -90, WORDS)
    ((transform, left, width, height),) = marks_on(line, (0, 3))
    assert (transform, left, width, height) == ("translate(10.0 20.0) rotate(-90.0)", 0, 30, 15)


@pytest.mark.parametrize(
    ("media_type", "page_starts", "expected"),
    [
        ("application/pdf", (0,), True),
        ("image/png", (0,), True),
        ("image/tiff", (0, 5), True),
        ("application/pdf", (), False),
        ("text/plain", (0,), False),
    ],
)
def test_documents_with_pages_can_be_shown_as_printed(
    media_type: str, page_starts: tuple[int, ...], expected: bool
) -> None:
    document = Document("a", "a", "A", "Otters swim.", "0", media_type, page_starts)
    assert has_pages(document) is expected


@pytest.mark.parametrize(
    ("language", "reason", "shown"),
    [
        ("en", "it has no page 3", "The page cannot be shown as it is printed: it has no page 3"),
        ("de", "it has no page 3", "wie sie gedruckt ist: Die Datei hat keine Seite 3"),
        ("fr", "reading it takes longer than 20 s (max_reading_seconds)", "prend plus de 20 s"),
        ("zh", "it is broken: Failed to load page", "文件已损坏：Failed to load page"),
        ("es", "too many pages are being drawn; try again", "demasiadas páginas"),
        ("pt", "an unknown reason", "está impressa: an unknown reason"),
    ],
)
def test_why_a_page_is_not_shown_is_in_the_readers_language(
    language: str, reason: str, shown: str
) -> None:
    token = LANGUAGE.set(language)
    try:
        assert shown in why_not_drawn(UnreadableFileError(reason))
    finally:
        LANGUAGE.reset(token)
