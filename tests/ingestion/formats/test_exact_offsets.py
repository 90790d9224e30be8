"""From a file of each format to an answer: every quote is the document's own text, on its page."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Answer, Assistant, Encoder, Settings, Status
from tests.ingestion.formats import (
    files,
    test_epub,
    test_mail,
    test_open_document,
    test_slides,
)

OPENING = "The observatory of Ferndale 🔭 stands on “Mill Hill” – 412 m above the sea."
MIRROR = "Its main mirror was ground in Jena in 1931 & weighs 840 kilograms."
DOME = "The dome was painted green by Ada Quill after the storm of 1954."
LAST = "Visitors are let in on the first Friday of each month."
PAGES = {OPENING: 1, MIRROR: 1, DOME: 2, LAST: 3}
SENTENCES = tuple(PAGES)
ESCAPED = [sentence.replace("&", "&amp;") for sentence in SENTENCES]
HTML = f"""<!doctype html><meta charset="utf-8"><title>Ferndale</title><nav><a>Home</a></nav>
<main><h1>The observatory</h1>{"".join(f"<p>{one.replace('&', '&amp;')}" for one in SENTENCES)}</main>
"""
SOURCES = {
    "observatory.txt": "\r\n\r\n".join(SENTENCES).encode("utf-16"),
    "observatory.md": "\n\n".join(["# The observatory", *SENTENCES]).encode(),
    "observatory.html": HTML.encode(),
    "observatory.pdf": files.pdf(
        [
            ["# The observatory", OPENING.replace("🔭 ", ""), MIRROR.replace("&", "&amp;")],
            [DOME],
            [LAST],
        ]
    ),
    "observatory.docx": files.word("The observatory", SENTENCES),
    "observatory.odt": test_open_document.document(
        "<text:h>The observatory</text:h>" + "".join(f"<text:p>{one}</text:p>" for one in ESCAPED)
    ),
    "observatory.pptx": test_slides.presentation(
        *(test_slides.slide(test_slides.shape(None, test_slides.line(one))) for one in ESCAPED)
    ),
    "observatory.epub": files.zipped(
        {**test_epub.PARTS, "OEBPS/two.xhtml": "".join(f"<p>{one}</p>" for one in ESCAPED)}
    ),
    "observatory.eml": test_mail.message("The observatory", "\n\n".join(SENTENCES)).as_bytes(),
    "observatory.rst": "\n\n".join(["The observatory\n===============", *SENTENCES]).encode(),
}
QUESTIONS = {
    "How much does the main mirror weigh?": MIRROR,
    "Who painted the dome?": DOME,
    "When are visitors let in?": LAST,
}


@pytest.fixture(scope="module", params=SOURCES)
def assistant(
    request: pytest.FixtureRequest, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Assistant]:
    """The real assistant over the observatory in one of the formats."""
    folder: Path = tmp_path_factory.mktemp("offsets")
    (folder / "corpus").mkdir()
    (folder / "corpus" / request.param).write_bytes(SOURCES[request.param])
    settings = Settings(corpus=folder / "corpus", index=folder / "index")
    with Assistant(settings, encoder) as assistant:
        assistant.ingest()
        yield assistant


def assert_exact(assistant: Assistant, answer: Answer) -> None:
    """Every citation is the document's text at its offsets, and on the page of its words."""
    citations = (*answer.citations, *answer.closest)
    assert citations
    for citation in citations:
        document = assistant.document(citation.document_id)
        assert document.text[citation.start : citation.end] == citation.quote
        assert document.sha256 == citation.document_sha256
        if citation.source.endswith(".pdf"):
            words = citation.quote.split(" ", 3)[:3]
            (page,) = {on for one, on in PAGES.items() if one.split(" ", 3)[:3] == words}
            assert citation.page == page
        else:
            assert citation.page is None


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_quotes_the_words_of_the_file(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.status is Status.ANSWERED
    assert answer.citations[0].quote == QUESTIONS[question]
    assert_exact(assistant, answer)


def test_the_closest_passages_of_an_unanswered_question_are_exact_too(assistant: Assistant) -> None:
    answer = assistant.ask("What does a ticket to the observatory cost?")
    assert answer.status is Status.NOT_FOUND
    assert_exact(assistant, answer)
