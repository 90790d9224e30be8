from importlib import resources

import pytest

from assistant.text.lexicons import lexicon

NAMES = sorted(
    file.name.removesuffix(".txt")
    for file in (resources.files("assistant.text") / "lexicon").iterdir()
    if file.name.endswith(".txt")
)


@pytest.mark.parametrize("name", NAMES)
def test_a_lexicon_has_distinct_entries_without_comments(name: str) -> None:
    entries = lexicon(name)
    assert entries
    assert len(set(entries)) == len(entries)
    assert all(entry == entry.strip() and "#" not in entry for entry in entries)


def test_entries_keep_the_order_of_their_file() -> None:
    assert lexicon("summary_verbs")[:3] == ("summarize", "summarise", "sum up")


def test_a_lexicon_is_read_once() -> None:
    assert lexicon("stop_words") is lexicon("stop_words")


def test_an_unknown_lexicon_is_an_error() -> None:
    with pytest.raises(FileNotFoundError, match="no_such_words"):
        lexicon("no_such_words")
