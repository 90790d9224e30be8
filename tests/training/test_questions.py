import random
from pathlib import Path

import pytest

from training.data import Row
from training.questions import contradict, misspell, vary_question
from training.synonyms import Thesaurus

# The layout of wndb(5WN): a licence, synsets at their offsets, an index of lemmas, counts of use.
FILES = {
    "data.verb": """\
  1 This line is the licence.
00000010 41 v 03 found 0 establish 0 set_up 0 001 @ 00000020 v 0000 01 + 08 00 | bring into being
00000020 36 v 01 found 1 001 @ 00000010 v 0000 01 + 08 00 | melt and mould
""",
    "index.verb": """\
  1 This line is the licence.
establish v 1 1 @ 1 1 00000010
found v 2 1 @ 2 2 00000010 00000020
set_up v 1 1 @ 1 1 00000010
""",
    "data.noun": """\
00000030 15 n 02 town 0 burg 0 001 @ 00000030 n 0000 | a place
""",
    "index.noun": "town n 1 1 @ 1 1 00000030\nburg n 1 1 @ 1 0 00000030\n",
    "data.adj": "",
    "index.adj": "",
    "cntlist.rev": """\
establish%2:41:00:: 1 20
found%2:41:00:: 1 12
town%1:15:00:: 1 40
set_up%2:41:00:: 1 9
""",
}


@pytest.fixture
def wordnet(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="ascii")
    return tmp_path


def reworded(folder: Path, question: str, cosine: float = 1.0) -> set[str]:
    thesaurus = Thesaurus(folder, lambda word, other: cosine)
    return {thesaurus.reword(question, random.Random(seed)) for seed in range(20)}


def test_a_synonym_takes_the_form_of_the_word_it_replaces(wordnet: Path) -> None:
    assert reworded(wordnet, "Who founded it?") == {"Who established it?"}
    assert reworded(wordnet, "Was it worth founding?") == {"Was it worth establishing?"}


def test_rare_words_phrases_and_words_far_in_meaning_do_not_replace_any(wordnet: Path) -> None:
    assert reworded(wordnet, "In which town?") == {"In which town?"}
    assert reworded(wordnet, "Who founded it?", cosine=0.1) == {"Who founded it?"}


def test_names_and_the_first_word_are_not_replaced(wordnet: Path) -> None:
    assert reworded(wordnet, "Founded by Founded?") == {"Founded by Founded?"}


def test_a_question_is_varied_as_people_type_it() -> None:
    asked = "Which river did the army cross?"
    found = {vary_question(asked, random.Random(seed)) for seed in range(200)}
    assert {"Which river did the army cross", "which river did the army cross"} <= found
    assert "river army cross" in found


def test_a_slip_changes_one_or_two_words_and_no_short_one() -> None:
    for seed in range(50):
        before, after = "the army at Rhine", misspell("the army at Rhine", random.Random(seed))
        changed = [a != b for a, b in zip(before.split(), after.split(), strict=True)]
        assert not changed[0]
        assert not changed[2]
        assert sum(changed) <= 2


def test_a_contradicted_question_is_another_one_about_its_passage() -> None:
    context = "The bridge was built by Telford in 1826; the tower was built by Brunel in 1864."
    row = Row("1", "squad2", "Bridges", "Who built the bridge in 1826?", context, ("Telford",), ())
    found = {contradict(row, random.Random(seed)) for seed in range(50)} - {None}
    assert "Who built the bridge in 1864?" in found
    assert row.question not in found
