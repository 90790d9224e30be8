"""Every entry of the checks' word lists does what its list is for."""

import pytest

from assistant.checking.facts import Source, missing_fact
from assistant.checking.names import forms, names
from assistant.checking.negation import bound, denials, flipped
from assistant.storage.stemming import Stemmer
from assistant.text.lexicons import lexicon

STEMMER = Stemmer()
PEOPLES = [line.split() for line in lexicon("peoples")]


def test_a_people_has_one_line() -> None:
    entries = [form for line in PEOPLES for form in line]
    assert len(set(entries)) == len(entries)


@pytest.mark.parametrize("line", PEOPLES, ids=lambda line: line[0])
def test_the_forms_of_a_people_are_one_name(line: list[str]) -> None:
    for form in line:
        assert f"={line[0]}" in forms(form)
        sentence = f"Then the {form.replace('-', ' ').title()} army met."
        assert missing_fact(sentence, Source(f"The {line[0].title()} army met.", "")) == ""


@pytest.mark.parametrize("ending", lexicon("name_endings"))
def test_a_name_has_a_form_without_its_ending(ending: str) -> None:
    assert "zubro~" in forms(f"zubro{ending}")


@pytest.mark.parametrize("word", lexicon("names_that_are_words"))
def test_a_name_that_is_a_word_is_none_in_a_text_without_capitals(word: str) -> None:
    assert names(f"they saw {word} there", frozenset({word})) == ()


@pytest.mark.parametrize("line", lexicon("weekday_abbreviations"))
def test_a_short_weekday_has_the_form_of_the_long_one(line: str) -> None:
    short, weekday = line.split()
    assert weekday in lexicon("weekdays")
    assert weekday in forms(short)


@pytest.mark.parametrize("weekday", lexicon("weekdays"))
def test_a_weekday_is_a_name_at_the_beginning_of_a_sentence(weekday: str) -> None:
    assert [name.text for name in names(f"{weekday.title()} work began.")] == [weekday.title()]


@pytest.mark.parametrize("particle", lexicon("name_particles"))
def test_a_particle_joins_a_name(particle: str) -> None:
    between = "of the" if particle == "the" else particle
    (name,) = names(f"They met Anna {between} Berg.")
    assert name.words == ("Anna", "Berg")


@pytest.mark.parametrize("opener", lexicon("sentence_openers"))
def test_a_sentence_opener_is_not_part_of_a_name(opener: str) -> None:
    assert [name.text for name in names(f"{opener.title()} Rillo was there.")] == ["Rillo"]


@pytest.mark.parametrize("title", lexicon("personal_titles"))
def test_a_title_need_not_appear_in_the_source(title: str) -> None:
    assert missing_fact(f"Then {title.title()} Berg spoke.", Source("Then Berg spoke.", "")) == ""


@pytest.mark.parametrize("verb", lexicon("verbs_after_names"))
def test_a_verb_shows_that_the_word_before_it_is_a_name(verb: str) -> None:
    assert [name.text for name in names(f"Petra {verb} it.")] == ["Petra"]


@pytest.mark.parametrize("ending", lexicon("common_word_endings"))
def test_a_word_with_a_common_ending_is_not_a_name(ending: str) -> None:
    assert names(f"Zubro{ending} was there.") == ()


@pytest.mark.parametrize("negator", lexicon("negators"))
def test_a_negator_denies_what_follows(negator: str) -> None:
    (denial,) = denials(f"They {negator} swim.", STEMMER)
    assert (denial.word, denial.stems) == (negator, ("swim",))


@pytest.mark.parametrize("word", lexicon("denying_words"))
def test_a_denying_word_of_the_source_may_be_paraphrased(word: str) -> None:
    sentence = "Otters do not eat crabs."
    assert flipped(sentence, ["Otters eat crabs."], STEMMER)
    assert flipped(sentence, [f"Otters {word} eat crabs."], STEMMER) == ""


@pytest.mark.parametrize("word", lexicon("words_after_not"))
def test_a_word_after_not_is_not_denied_itself(word: str) -> None:
    assert denials(f"They never {word} swim.", STEMMER)[0].stems == ("swim",)


@pytest.mark.parametrize("word", lexicon("clause_openers"))
def test_a_denial_ends_at_a_clause(word: str) -> None:
    assert denials(f"They never swim {word} otters run.", STEMMER)[0].stems == ("swim",)


@pytest.mark.parametrize("phrase", lexicon("not_denials"))
def test_a_phrase_with_a_negator_may_deny_nothing(phrase: str) -> None:
    assert denials(f"They met {phrase} Anna.", STEMMER) == []


@pytest.mark.parametrize("words", lexicon("lower_limits"))
def test_a_lower_limit_limits_from_below(words: str) -> None:
    assert bound(f"{words} 20", len(words) + 1) == 1


@pytest.mark.parametrize("words", lexicon("upper_limits"))
def test_an_upper_limit_limits_from_above(words: str) -> None:
    assert bound(f"{words} 20", len(words) + 1) == -1
