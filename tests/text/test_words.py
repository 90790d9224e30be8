import pytest

from assistant.text.words import plain_form, plain_variants, plural, query_words, words


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


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("CO₂", "CO2"),
        ("ﬁnal eﬀort", "final effort"),
        ("ＡＢＣ１２３", "ABC123"),
        ("10⁶ units", "10^6 units"),
        ("2 x 10⁻³", "2 x 10^-3"),
        ("250 m²", "250 m2"),
        ("plain", "plain"),
        ("Zürich", "Zürich"),
    ],
)
def test_the_plain_form_is_what_people_type(text: str, plain: str) -> None:
    assert plain_form(text).replace("\u2212", "-") == plain


def test_only_words_that_differ_are_variants() -> None:
    assert plain_variants("CO₂ and ﬁnal CO₂ are plain") == "CO2 final"
    assert plain_variants("CO2 and Zürich") == ""


@pytest.mark.parametrize(
    ("noun", "form"),
    [
        ("report", "reports"),
        ("policy", "policies"),
        ("essay", "essays"),
        ("speech", "speeches"),
        ("syllabus", "syllabuses"),
        ("thesis", "theses"),
        ("code of conduct", "codes of conduct"),
        ("terms and conditions", "terms and conditions"),
        ("", "s"),
    ],
)
def test_the_plural_of_a_noun_is_its_own_plural(noun: str, form: str) -> None:
    assert plural(noun) == form
    assert plural(form) == form
