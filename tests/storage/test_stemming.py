from assistant.storage.stemming import Stemmer


def test_stems_are_those_of_the_keyword_index() -> None:
    stemmer = Stemmer()
    assert stemmer.stems(["Running cafés", "", "the runs"]) == [["run", "cafe"], [], ["the", "run"]]
    assert stemmer.stems(["again"]) == [["again"]]


def test_stop_stems_are_those_of_function_words() -> None:
    assert {"the", "is", "about"} <= Stemmer().stop_stems
    assert "otter" not in Stemmer().stop_stems


def test_a_lone_surrogate_parts_words() -> None:
    assert Stemmer().stems(["the\ud800runs \udfff"]) == [["the", "run"]]
