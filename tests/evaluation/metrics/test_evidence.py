"""Quotes are found in documents with exact offsets."""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from assistant import Document
from assistant.evaluation.metrics.evidence import DocumentSpan, DocumentTexts
from tests.evaluation.fakes import MILL


def texts(*contents: str) -> DocumentTexts:
    return DocumentTexts(
        Document(f"d{number}", f"{number}.txt", "", text, "", "text/plain")
        for number, text in enumerate(contents)
    )


def test_every_occurrence_in_every_document_counts() -> None:
    found = texts("rye and rye", "oats", "rye").locate("rye")
    assert found == [DocumentSpan("d0", 0, 3), DocumentSpan("d0", 8, 11), DocumentSpan("d2", 0, 3)]


def test_white_space_quotation_marks_and_dashes_match_their_kin_with_exact_offsets() -> None:
    text = "He said:\n“it’s a\n  low–lying mill”."
    (span,) = texts(text).locate('"it\'s a low-lying mill"')
    assert text[span.start : span.end] == "“it’s a\n  low–lying mill”"


def test_a_quote_may_be_of_one_document_only() -> None:
    assert texts("rye", "rye").locate("rye", "1.txt") == [DocumentSpan("d1", 0, 3)]
    assert texts("rye").locate("rye", "9.txt") == []


def test_letters_must_be_the_same() -> None:
    assert texts("Rye").locate("rye") == []
    assert texts("a+b").locate("a.b") == []


def test_the_nearest_passage_is_the_one_that_shares_most_words() -> None:
    near = DocumentTexts([MILL]).nearest("The mill had been built in 1815")
    assert near is not None
    assert (near.source, near.line, near.text) == ("mill.txt", 1, "The mill was built in 1851.")
    assert DocumentTexts([MILL]).nearest("xyzzy") is None
    assert DocumentTexts([]).nearest("mill") is None


def test_the_nearest_passage_of_two_sentences_is_two_sentences() -> None:
    near = DocumentTexts([MILL]).nearest("In 1920 it burnt down. No one was hurt.")
    assert near is not None
    assert (near.line, near.text) == (2, "In 1920 it burned down. Nobody was hurt.")


@given(st.text(min_size=1), st.data())
def test_any_stretch_of_a_document_is_found_where_it_stands(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = text[start:end].strip()
    assume(quote)
    found = texts(text).locate(quote)
    assert found
    assert all(texts(text[span.start : span.end]).locate(quote) for span in found)


def test_the_nearest_passage_of_a_part_of_a_long_sentence_is_that_sentence() -> None:
    text = "After the mill was built in 1815, flour was sold in all villages of the valley. In the mill."
    document = replace(MILL, text=text)
    near = DocumentTexts([document]).nearest("After the mill was bilt in 1815")
    assert near is not None
    assert near.text.startswith("After the mill")
