from assistant.ingestion.formats.markdown import extract
from assistant.ingestion.formats.markdown_origins import origins_in
from assistant.types import Document

SOURCE = """---
title: Tides
---
# **Tide** tables

See [the list](https://list.example/the "list") of the
harbour and `a ** b`.[^n]

| Place | High water |
|-------|-----------:|
| Deal  | 06:12      |
| Dover | **06:40**  |

~~Not the Dover.~~ Dover it is. <!-- Dover --> Dover again.

```sh
tide --at Dover
```

[^n]: The list of Dover.

Last words.
"""


def document() -> Document:
    found = extract(SOURCE.encode())
    return Document(
        "d", "a.md", found.title, found.text, "hash", "text/markdown", origins=found.origins
    )


def test_every_word_is_found_in_the_file_where_it_is_shown() -> None:
    shown = document()
    for offset, place, line in shown.origins:
        assert shown.text[offset] == SOURCE[place]
        assert line == SOURCE.count("\n", 0, place) + 1
    lines = {
        words: shown.line_at(shown.text.index(words))
        for words in ("Tide tables", "of the harbour", "harbour", "06:12", "06:40", "Dover it is")
    }
    assert lines == {
        "Tide tables": 4,
        "of the harbour": 6,
        "harbour": 7,
        "06:12": 11,
        "06:40": 12,
        "Dover it is": 14,
    }
    assert shown.line_at(shown.text.index("tide --at")) == 17
    assert shown.line_at(shown.text.index("The list of Dover")) == 20
    assert shown.line_at(shown.text.index("Last words")) == 22


def test_a_sign_that_begins_a_line_of_the_file_is_on_that_line() -> None:
    source = "| Place | High |\n| --- | --- |\n| Deal | 06:12 |\n\nShe said\n“No” to it.\n"
    found = extract(source.encode())
    shown = Document("d", "a.md", "", found.text, "hash", "text/markdown", origins=found.origins)
    places = ("| Place", "| Deal", "“No”")
    assert [shown.line_at(shown.text.index(place)) for place in places] == [1, 3, 6]


def test_the_offset_in_the_file_is_that_of_the_same_character() -> None:
    shown = document()
    for words in ("the list", "a ** b", "Dover it is", "Dover again", "06:40", "Last words."):
        place = shown.file_offset_at(shown.text.index(words))
        assert SOURCE[place : place + len(words)] == words
    assert shown.file_offset_at(shown.text.index("the list")) == SOURCE.index("the list]")


def test_a_text_that_is_its_file_has_its_own_offsets_and_lines() -> None:
    plain = Document("d", "a.txt", "T", "one\ntwo\n", "hash", "text/plain")
    assert plain.file_offset_at(5) == 5
    assert plain.line_at(5) == 2


def test_words_that_the_file_does_not_have_are_passed_over() -> None:
    assert origins_in("Alpha 10⁶ omega", "Alpha 10<sup>6</sup> omega", [(0, 0)]) == (
        (0, 0, 1),
        (10, 21, 1),
    )


def test_a_place_has_its_name_and_comes_before_lines() -> None:
    slides = Document(
        "d", "a.pptx", "T", "One\n\nTwo\n", "hash", "x", places=((0, "slide 1"), (5, "slide 2"))
    )
    assert [slides.place_at(offset) for offset in (0, 4, 5, 8)] == [
        *("slide 1", "slide 1", "slide 2", "slide 2")
    ]
    assert document().place_at(0) == "line 4"
