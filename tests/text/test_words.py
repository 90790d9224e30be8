from assistant.text.words import query_words, words


def test_query_words_leave_out_function_words() -> None:
    assert query_words("When was the SCO founded?") == ["sco", "founded"]


def test_a_question_of_function_words_keeps_them() -> None:
    assert query_words("Who was he?") == ["who", "was", "he"]


def test_punctuation_alone_has_no_words() -> None:
    assert query_words('?? "!* (NEAR') == ["near"]
    assert query_words("… — ") == []


def test_a_pasted_page_is_still_a_query() -> None:
    assert len(query_words(" ".join(f"word{n}" for n in range(10_000)))) == 64


def test_words_keep_apostrophes_inside() -> None:
    assert words("China’s 18th—meeting_x") == ["China’s", "18th", "meeting", "x"]
