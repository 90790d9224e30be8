import pytest

from assistant.text.media_types import (
    ARCHIVES,
    AS_IN_THE_FILE,
    CSV,
    HTML,
    MARKDOWN,
    MEDIA_TYPES,
    MESSAGE,
    PDF,
    PLAIN,
    SOURCE,
    SPREADSHEET,
    WORD,
)


@pytest.mark.parametrize(
    ("ending", "media_type"),
    [
        (".txt", PLAIN),
        (".md", MARKDOWN),
        (".markdown", MARKDOWN),
        (".html", HTML),
        (".htm", HTML),
        (".pdf", PDF),
        (".docx", WORD),
        (".xlsx", SPREADSHEET),
        (".csv", CSV),
        (".eml", MESSAGE),
        (".json", SOURCE),
    ],
)
def test_the_ending_of_a_name_tells_the_media_type(ending: str, media_type: str) -> None:
    assert MEDIA_TYPES[ending] == media_type


def test_every_media_type_has_an_ending() -> None:
    assert set(MEDIA_TYPES.values()) >= ARCHIVES | AS_IN_THE_FILE


def test_endings_are_in_lower_case_with_their_dot() -> None:
    assert all(ending.startswith(".") and ending == ending.lower() for ending in MEDIA_TYPES)
