import pytest

from assistant import Document
from assistant.reading.naming_lines import names_in, naming_line

TEXT = """\
# TENANCY AGREEMENT

Property: Flat 3, 18 Cobbler's Row
Landlord: Mr Anselm Frewin

1. RENT
1.1 The rent is 900 pounds.
"""
DOCUMENT = Document("d", "a.txt", "TENANCY AGREEMENT", TEXT, "h", "text/plain")
RENT = "TENANCY AGREEMENT\n1.1 The rent is 900 pounds."


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("How high is the rent at Cobbler's Row?", "Property: Flat 3, 18 Cobbler's Row"),
        ("What does Mr Frewin get?", "Landlord: Mr Anselm Frewin"),
        ("How high is the rent in the Tenancy Agreement?", ""),
        ("How high is the rent at Millbank?", ""),
        ("how high is it?", ""),
    ],
)
def test_the_line_that_names_what_a_passage_does_not(question: str, line: str) -> None:
    assert naming_line(DOCUMENT, names_in(question), RENT) == line


def test_only_the_beginning_of_a_text_is_looked_at() -> None:
    late = Document("d", "a.txt", "T", "One.\n\n" * 20 + "Cobbler's Row\n", "h", "text/plain")
    assert naming_line(late, {"cobbler"}, "") == ""
    long = Document("d", "a.txt", "T", "x" * 100_000 + " Cobbler", "h", "text/plain")
    assert naming_line(long, {"cobbler"}, "") == ""
    empty = Document("d", "a.txt", "T", "", "h", "text/plain")
    assert naming_line(empty, {"cobbler"}, "") == ""


def test_a_word_that_begins_a_question_is_no_name() -> None:
    assert names_in("Does NATO's office in Bern open?") == {"nato", "bern"}


@pytest.mark.parametrize(
    ("text", "name", "line"),
    [
        ("# People\n\n## Olga Brandt\n\nShe leads the lab.\n", "olga", ""),
        ("# People\n\nAda Quill, editor\n\n## Olga Brandt\n", "ada", "Ada Quill, editor"),
        ("# Policy\n\nPlumwick Ltd. In force.\n\n## We\n", "plumwick", "Plumwick Ltd. In force."),
        ("# Ferry\n\n## History\n\nIvo Kramer came. He stayed.\n", "kramer", ""),
    ],
)
def test_a_section_names_what_it_is_about_and_no_other(text: str, name: str, line: str) -> None:
    document = Document("d", "a.md", "T", text, "h", "text/markdown")
    assert naming_line(document, {name}, "") == line
