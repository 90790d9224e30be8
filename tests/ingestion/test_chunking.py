import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Chunk, Document, Encoder
from assistant.ingestion.chunking import chunk_document, embedding_text
from assistant.testing import WordEncoder
from tests.ingestion.texts import any_text

WORDS = WordEncoder().count_tokens


def document(text: str, title: str = "Title", markdown: bool = False) -> Document:
    media_type = "text/markdown" if markdown else "text/plain"
    return Document("id", "a.txt", title, text, "hash", media_type)


def chunks(text: str, limit: int, overlap: int = 0, **given: object) -> list[Chunk]:
    return chunk_document(document(text, **given), WORDS, limit, overlap)  # type: ignore[arg-type]


@given(any_text, st.booleans(), st.integers(16, 40), st.integers(0, 2))
def test_offsets_slice_to_the_text_in_order_and_nothing_is_lost(
    text: str, markdown: bool, limit: int, overlap: int
) -> None:
    covered = bytearray(len(text))
    last = (-1, -1)
    for chunk in chunks(text, limit, overlap, markdown=markdown):
        assert text[chunk.start : chunk.end] == chunk.text
        assert last < (chunk.start, chunk.end)
        last = (chunk.start, chunk.end)
        covered[chunk.start : chunk.end] = b"\1" * (chunk.end - chunk.start)
    assert all(is_covered or char.isspace() for is_covered, char in zip(covered, text, strict=True))


@given(any_text, st.integers(16, 40))
def test_no_chunk_is_over_the_limit_with_its_heading(text: str, limit: int) -> None:
    for chunk in chunks(text, limit, markdown=True):
        assert WORDS([embedding_text(chunk)])[0] <= limit


@pytest.mark.parametrize(
    "text",
    ["x" * 100_000, "word " * 20_000, "你好。" * 20_000, "🙂" * 100_000, "👩\u200d🚀" * 20_000],
    ids=["one word", "one line of words", "chinese", "emoji", "joined emoji"],
)
def test_a_line_of_100000_characters_is_cut_within_the_models_limit(
    text: str, encoder: Encoder
) -> None:
    found = chunk_document(document(text), encoder.count_tokens, 160)
    assert "".join(chunk.text for chunk in found).replace(" ", "") == text.replace(" ", "")
    assert max(encoder.count_tokens([embedding_text(chunk) for chunk in found])) <= 160
    assert max(len(chunk.text) for chunk in found) <= 160 * 12


def test_an_empty_document_has_no_chunks() -> None:
    assert chunks("", 20) == []
    assert chunks(" \n\t\r\n", 20) == []


def test_sentences_are_packed_and_none_is_cut() -> None:
    text = "One two three. Four five six. Seven eight nine. Ten eleven twelve."
    found = chunks(text, 8, title="")
    assert [chunk.text for chunk in found] == [
        "One two three. Four five six.",
        "Seven eight nine. Ten eleven twelve.",
    ]


def test_a_paragraph_that_does_not_fit_begins_a_new_chunk() -> None:
    text = "One two three.\n\nFour five six. Seven eight nine."
    assert [chunk.text for chunk in chunks(text, 8, title="")] == [
        "One two three.",
        "Four five six. Seven eight nine.",
    ]


def test_a_sentence_alone_over_the_limit_is_cut_at_white_space() -> None:
    text = " ".join(f"word{number}" for number in range(40))
    found = chunks(text, 16, title="")
    assert all(len(chunk.text.split()) <= 16 for chunk in found)
    assert " ".join(chunk.text for chunk in found) == text


def test_a_combining_mark_stays_with_its_letter_when_a_word_is_cut() -> None:
    found = chunks("e\u0301" * 2000, 16, title="")
    assert len(found) > 1
    assert not any(chunk.text.startswith("\u0301") for chunk in found)


def test_overlap_repeats_the_last_sentences() -> None:
    text = "One two three. Four five six. Seven eight nine. Ten eleven twelve."
    found = chunks(text, 8, overlap=1, title="")
    assert found[1].text == "Four five six. Seven eight nine."


def test_chunks_do_not_reach_over_a_section() -> None:
    found = chunks("# A\n\nOne.\n\n# B\n\nTwo.\n", 30, markdown=True)
    assert [chunk.text for chunk in found] == ["# A\n\nOne.", "# B\n\nTwo."]


def test_the_heading_travels_with_the_chunk_but_is_no_part_of_its_text() -> None:
    (chunk,) = chunks("# Guide\n\n## Setup\n\nPlug it in.", 30, title="Guide", markdown=True)[-1:]
    assert chunk.heading == "Guide › Setup"
    assert embedding_text(chunk).startswith("Guide › Setup\n")
    assert "›" not in chunk.text


def test_a_title_longer_than_its_share_is_not_embedded() -> None:
    (chunk,) = chunks("Text.", 16, title="many " * 30)
    assert chunk.heading == ""


def test_ids_are_stable_and_change_with_heading_and_text() -> None:
    first, again = chunks("Text.", 20), chunks("Text.", 20)
    assert first == again
    others = [chunks("Text!", 20), chunks("Text.", 20, title="Other")]
    assert len({first[0].id, *(other[0].id for other in others)}) == 3
