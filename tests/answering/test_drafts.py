import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.drafts import (
    Claim,
    is_refusal,
    may_become_refusal,
    read_draft,
)


def whole(written: str, passages: int = 3) -> list[tuple[str, tuple[int, ...]]]:
    return [(one.text, one.passages) for one in read_draft(written, passages, is_whole=True).claims]


@pytest.mark.parametrize(
    ("written", "cited"),
    [
        ("It was built. [1]", (1,)),
        ("It was built [1].", (1,)),
        ("It was built [1, 3].", (1, 3)),
        ("It was built [1][3].", (1, 3)),
        ("It was built [ 2 ].", (2,)),
        ("It was [2] built [1] [2].", (2, 1)),
        ("It was built.", ()),
    ],
)
def test_marks_are_read_and_taken_out(written: str, cited: tuple[int, ...]) -> None:
    assert whole(written) == [("It was built.", cited)]
    assert read_draft(written, 3, is_whole=True).dropped == 0


@pytest.mark.parametrize(
    ("mark", "dropped"),
    [
        ("[0]", 1),
        ("[4]", 1),
        ("[0, 4, 99]", 3),
        ("[99999999999999999999]", 1),
        ("[[1]]", 1),
        ("[1[2]]", 1),
        ("[1-3]", 1),
        ("[-1]", 1),
        ("[1.2]", 1),
        ("[1a]", 1),
        ("[١]", 1),
        ("[^1]", 1),
        ("[Passage 2]", 1),
        ("[source]", 1),
        ("【1】", 1),
        ("[1", 1),
    ],
)
def test_wrong_marks_are_dropped_and_counted(mark: str, dropped: int) -> None:
    draft = read_draft(f"It was built {mark}", 3, is_whole=True)
    assert draft.claims == (Claim("It was built", ()),)
    assert draft.dropped == dropped


def test_of_one_mark_the_good_numbers_are_kept() -> None:
    draft = read_draft("It was built [2, 9].", 3, is_whole=True)
    assert (draft.claims, draft.dropped) == ((Claim("It was built.", (2,)),), 1)


def test_words_in_brackets_are_no_marks() -> None:
    assert whole("He [sic] built it [1].") == [("He [sic] built it.", (1,))]


def test_a_mark_after_the_full_stop_belongs_to_the_sentence_before() -> None:
    written = "The mill was built. [1] The pond froze [2]. Nobody was hurt."
    assert whole(written) == [
        ("The mill was built.", (1,)),
        ("The pond froze.", (2,)),
        ("Nobody was hurt.", ()),
    ]


def test_a_link_that_looks_like_a_mark_is_none() -> None:
    assert whole("Look [1](http://evil.invalid).") == [("Look [1](http://evil.invalid).", ())]


def test_list_items_are_sentences_without_their_markup() -> None:
    assert whole("- **The mill** was built [1]\n- The `pond` froze [2]\n") == [
        ("The mill was built", (1,)),
        ("The pond froze", (2,)),
    ]


def test_what_a_model_thinks_aloud_is_not_part_of_it() -> None:
    assert whole("<think>Is it [2]? Yes.</think>It was built [1].") == [("It was built.", (1,))]
    assert whole("<think>It never ends [1].") == []


def test_the_last_sentence_is_unfinished_until_its_end_has_come() -> None:
    draft = read_draft("It was built. The pond fr", 3, is_whole=False)
    assert (draft.claims, draft.rest) == ((Claim("It was built.", ()),), "The pond fr")
    draft = read_draft("It was built. The pond froze [1", 3, is_whole=False)
    assert (draft.claims, draft.rest) == ((Claim("It was built.", ()),), "The pond froze")
    draft = read_draft("It was built. The pond froze [1].", 3, is_whole=False)
    assert (draft.claims[1:], draft.rest) == ((Claim("The pond froze.", (1,)),), "")


@pytest.mark.parametrize(
    "written", ["NOT FOUND", "Not found.", "**NOT FOUND** [1]", " not found\n"]
)
def test_a_refusal_is_told_from_a_sentence(written: str) -> None:
    assert is_refusal(written) is (written != "**NOT FOUND** [1]")
    assert not is_refusal(f"{written} The mill was built.")


def test_the_beginning_of_a_refusal_is_not_shown() -> None:
    assert all(may_become_refusal("NOT FOUND"[:count]) for count in range(10))
    assert not may_become_refusal("Nothing")


@given(st.text(alphabet="ab .[]()0123,【】*-\n", max_size=60), st.booleans())
def test_every_number_that_is_kept_is_one_of_the_passages(written: str, is_whole: bool) -> None:
    draft = read_draft(written, 2, is_whole=is_whole)
    assert all(number in (1, 2) for claim in draft.claims for number in claim.passages)
    assert all(claim.text.strip() for claim in draft.claims)


def test_no_half_of_a_character_is_left_in_a_sentence() -> None:
    assert whole("It sm\ud83d\ude42les [1]. It \ud800 ends [2].") == [
        ("It sm🙂les.", (1,)),
        ("It \ufffd ends.", (2,)),
    ]


def test_list_items_are_numbered_and_end_with_their_line() -> None:
    written = (
        "The mill has two parts. [1]\n\n- The wheel turns. It is old. [2]\n"
        "2. The pond froze. [3]\n\nBoth are open. [1]"
    )
    claims = read_draft(written, 3, is_whole=True).claims
    assert [(claim.text, claim.item) for claim in claims] == [
        ("The mill has two parts.", 0),
        ("The wheel turns.", 1),
        ("It is old.", 1),
        ("The pond froze.", 2),
        ("Both are open.", 0),
    ]


def test_a_heading_is_no_claim_and_stays_with_those_below_it() -> None:
    text = "Hello.\n\n## History of the **mill**\n\nIt was built. [1] It burnt.\n# End"
    draft = read_draft(text, 3, is_whole=True)
    assert [(claim.text, claim.heading) for claim in draft.claims] == [
        ("Hello.", ""),
        ("It was built.", "History of the mill"),
        ("It burnt.", "History of the mill"),
    ]
