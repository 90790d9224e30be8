"""A link to a passage of a page on the web names the exact words, and only where they are unique."""

from dataclasses import replace
from urllib.parse import unquote

from assistant.testing import document_of
from assistant.types import Attribution, Document
from assistant.web.documents.text_fragments import link_to_passage

PAGE = "https://site.example/mill"


def on_the_web(text: str, url: str = PAGE) -> Document:
    return replace(document_of(text, "mill.md"), attribution=Attribution(url=url))


def link(document: Document, quote: str, at: int = 0) -> str:
    start = document.text.index(quote, at)
    return link_to_passage(document, (start, start + len(quote)))


def test_a_short_quote_is_named_in_full_without_marks_of_structure() -> None:
    document = replace(on_the_web("# The mill\n\n- Built, in 1851.\n"), media_type="text/markdown")
    assert link(document, "# The mill\n\n- Built, in 1851.") == (
        f"{PAGE}#:~:text=The%20mill%20Built%2C%20in%201851."
    )
    assert "%2D" in link(on_the_web("A well-built mill."), "A well-built mill.")


def test_of_a_long_quote_the_first_and_last_words_are_named() -> None:
    quote = " ".join(f"word{number}" for number in range(40))
    start, end = unquote(link(on_the_web(quote), quote)).removeprefix(f"{PAGE}#:~:text=").split(",")
    assert start == "word0 word1 word2 word3 word4 word5"
    assert end == "word34 word35 word36 word37 word38 word39"


def test_a_quote_that_is_not_unique_is_told_apart_by_the_words_before_it() -> None:
    document = on_the_web("The mill burned. It was rebuilt. The barn burned. It was rebuilt.")
    second = link(document, "It was rebuilt.", 40)
    assert unquote(second) == f"{PAGE}#:~:text=It was rebuilt. The barn burned.-,It was rebuilt."
    assert link(on_the_web("Yes. Yes. Yes."), "Yes.", 0) == ""


def test_a_document_that_is_not_on_the_web_has_no_such_link() -> None:
    assert link(on_the_web("The mill.", ""), "The mill.") == ""
    assert link(on_the_web("The mill.", "file:///mill"), "The mill.") == ""
