"""The signs of a page, found in the text that was read from it."""

import time

import pytest

from assistant.ingestion.formats.pdf.placing import aligned, offsets_of


@pytest.mark.parametrize(
    ("pieces", "text", "expected"),
    [
        (["The", "mill"], "The mill", [[0, 1, 2], [4, 5, 6, 7]]),
        (["infor-", "mation"], "information", [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9, 10]]),
        (["10", "6"], "10⁶", [[0, 1], [2]]),
        (["Adult", "free"], "| Adult | free |", [[2, 3, 4, 5, 6], [10, 11, 12, 13]]),
        (["A long page head", "Otters"], "Otters", [[], [0, 1, 2, 3, 4, 5]]),
        (["nothing alike"], "Otters", [[]]),
        ([], "Otters", []),
        (["ﬁne"], "fine", [[0, 1, 2, 3]]),
    ],
)
def test_signs_are_found_however_they_are_set(
    pieces: list[str], text: str, expected: list[list[int]]
) -> None:
    assert offsets_of(pieces, text) == expected


def test_of_two_sentences_of_the_same_words_each_is_found_where_it_is() -> None:
    first, second = "The fee of the museum is six pounds.", "The fee of the castle is six pounds."
    text = f"Museums {first} Castles {second}"
    pieces = ["Castles", second, "Museums", first]  # printed in another order
    found = offsets_of(pieces, text)
    starts = [offsets[0] for offsets in found]
    assert starts == [text.index(piece) for piece in pieces]
    assert all(len(offsets) == offsets[-1] - offsets[0] + 1 - piece.count(" ")
               for offsets, piece in zip(found, pieces, strict=True))  # fmt: skip


def test_no_place_is_given_twice() -> None:
    places = aligned("abcabcabc abc xyz", "abcabc abcxyz abc")
    known = [place for place in places if place >= 0]
    assert len(known) == len(set(known))


def test_a_table_of_equal_cells_is_found_row_by_row() -> None:
    cells = ["0"] * 60
    assert [offsets[0] for offsets in offsets_of(cells, " ".join(cells))] == list(range(0, 120, 2))


@pytest.mark.parametrize("sign", ["0", "ab", "0123456789"])
def test_a_page_of_nothing_but_the_same_takes_no_time(sign: str) -> None:
    began = time.process_time()
    aligned(sign * 50_000, f"x{sign}" * 25_000)
    assert time.process_time() - began < 5
