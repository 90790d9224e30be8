import pytest

from assistant import Attribution, Document
from assistant.reading.document_facts import find_metadata


def document(text: str, **said: str) -> Document:
    return Document("d", "a.txt", "The Title", text, "h", "text/plain", (), Attribution(**said))


TEXT = "The Title\n\nBy Ann Example\n\nSome text about Ann.\n\nSource: The Paper\n"


@pytest.mark.parametrize(
    ("field", "said", "quote"),
    [
        ("author", {}, "By Ann Example"),
        ("author", {"author": "Ann Example"}, "By Ann Example"),
        ("publisher", {}, "Source: The Paper"),
        ("publisher", {"publisher": "The Paper (via The Wire)"}, "Source: The Paper"),
        ("title", {}, "The Title"),
    ],
)
def test_it_is_quoted_from_where_the_text_says_it(
    field: str, said: dict[str, str], quote: str
) -> None:
    (passage,) = find_metadata(field, [document(TEXT, **said)]).passages
    assert passage.text == quote


def test_what_only_the_corpus_file_knows_is_not_quoted() -> None:
    found = find_metadata("author", [document("Just text.", author="Ann Example")])
    assert found.passages == ()
    assert len(found.missing) == 1


def test_a_date_in_the_running_text_is_not_the_date_of_publication() -> None:
    assert find_metadata("date", [document("In 2018 it rained.", date="2018")]).passages == ()
