"""Dialogues: half of the last questions lean on what came before, half must ignore it."""

import pytest

from assistant import Answer, Statement, Status, Turn
from assistant.text.lexicons import lexicon
from assistant.text.phrases import Phrase, phrases
from assistant.text.words import plural
from assistant.understanding.follow_ups import needs_history, resolve

REQUESTS = (
    "tell me more",
    "more details",
    "go on",
    "continue",
    "explain further",
    "elaborate",
    "say more",
    "anything else",
    "any other details",
    "details",
    "in more detail",
    "give me more details",
)
PROGRAM = (
    "The Program of Multilateral Trade and Economic Cooperation was signed at an SCO prime "
    "ministers’ meeting in Beijing in 2003."
)
OBSERVERS = (
    "In 2004, Mongolia became the first observer of the SCO and in the following years five new "
    "observers and six dialogue partners were admitted."
)
STRUCTURE = "The SCO Regional Anti-Terrorist Structure was set up in Tashkent, Uzbekistan."


def turn(question: str, answer: str = "", highlight: tuple[int, int] | None = None) -> Turn:
    statements = (Statement(answer, (1,), highlight),) if answer else ()
    status = Status.ANSWERED if answer else Status.NOT_FOUND
    return Turn(question, Answer(question, question, status, statements))


@pytest.mark.parametrize(
    ("before", "answer", "question", "completed"),
    [
        ("When was the SCO founded?", "", "Who founded it?", "Who founded the SCO?"),
        ("When was the SCO founded?", "", "Where?", "Where was the SCO founded?"),
        ("When was the SCO founded?", "", "and by whom?", "By whom was the SCO founded?"),
        ("When was the SCO founded?", "", "What are its aims?", "What are the SCO’s aims?"),
        (
            "When was the SCO founded?",
            "",
            "What about the university?",
            "When was the university founded?",
        ),
        (
            "How many observers came later?",
            OBSERVERS,
            "And partners?",
            "How many partners came later?",
        ),
        (
            "How many observers came later?",
            OBSERVERS,
            "and dialogue partners",
            "How many dialogue partners came later?",
        ),
        ("What was signed in 2003?", PROGRAM, "And in 2004?", "What was signed in 2004?"),
        ("What happened in 2003?", PROGRAM, "what about 2009?", "What happened in 2009?"),
        (
            "What was set up in Tashkent?",
            STRUCTURE,
            "What does it do?",
            "What does the SCO Regional Anti-Terrorist Structure do?",
        ),
        (
            "Which country became the first observer?",
            OBSERVERS,
            "When did it join?",
            "When did Mongolia join?",
        ),
        (
            "What does China say about Russia?",
            "",
            "And India?",
            "What does India say about Russia?",
        ),
        ("Where will the summit be held?", "", "When?", "When will the summit be held?"),
        (
            "Who are the new members?",
            "",
            "Why do critics worry about them?",
            "Why do critics worry about the new members?",
        ),
    ],
)
def test_a_follow_up_is_completed_from_the_last_turn(
    before: str, answer: str, question: str, completed: str
) -> None:
    found = resolve(question, [turn(before, answer)])
    assert (found.question, found.from_history) == (completed, True)


@pytest.mark.parametrize(
    ("before", "answer", "question", "words"),
    [
        ("What did they sign in 2003?", PROGRAM, "Where was that?", ["Where", "2003", "Program"]),
        (
            "What is the Shanghai Spirit?",
            "",
            "why is that important?",
            ["Shanghai Spirit", "important"],
        ),
        ("What is the Shanghai Spirit?", "", "Tell me more", ["Shanghai Spirit"]),
        ("Which agreements were signed?", "", "anything else?", ["agreements", "signed"]),
        (
            "Where will the summit be held?",
            "",
            "How many leaders will be there?",
            ["leaders", "summit"],
        ),
        ("Which members joined?", "", "Which ones are large?", ["large", "members joined"]),
    ],
)
def test_a_follow_up_that_points_at_an_event_carries_what_it_was(
    before: str, answer: str, question: str, words: list[str]
) -> None:
    found = resolve(question, [turn(before, answer)])
    assert found.from_history
    assert all(word in found.question for word in words)


INDEPENDENT = [
    "How many member states does the SCO have?",
    "Does the SCO publish its budget?",
    "Is it true that the SCO is an eastern NATO?",
    "Are there any working groups?",
    "What is this article about?",
    "When was the SCO founded and who founded it?",
    "SCO founding year",
    "Tashkent",
    "Who claims that the SCO is an eastern NATO?",
    "And when was the SCO founded?",
    "So how many projects were identified?",
    "What are the 11 priority areas that members identified?",
    "How did the countries reduce the risks they faced?",
    "Why did China lend money to other members?",
    "What is the capital of France?",
    "who took part in the conference on afghanistan",
    "Which organization did Mongolia join when it became an observer?",
    "Did India and Pakistan join before their conflict ended?",
    "What does the document say about energy?",
    "What role do China and Russia play in the SCO?",
]


@pytest.mark.parametrize("question", INDEPENDENT)
def test_a_complete_question_is_not_polluted_by_the_history(question: str) -> None:
    history = [turn("What did they sign in 2003?", PROGRAM), turn("How many observers?", OBSERVERS)]
    found = resolve(question, history)
    assert (found.question, found.from_history) == (question, False)


@pytest.mark.parametrize("pointing", ["this", "the", "your", "that"])
def test_a_question_about_a_document_is_complete_whatever_the_document_is_called(
    pointing: str,
) -> None:
    nouns = lexicon("document_nouns")
    before = turn("How long is parental leave?", "It lasts twelve months.")
    asked = [f"What does {pointing} {noun} say on sick pay?" for noun in nouns]
    asked += [f"What do these {plural(noun)} say on sick pay?" for noun in nouns]
    assert [question for question in asked if resolve(question, [before]).from_history] == []


def test_a_document_that_was_just_talked_of_is_meant_by_its_noun() -> None:
    before = turn("Which form is for a new passport?", "Form B12 is for passports.")
    assert resolve("Where do I send this form?", [before]).from_history
    assert not resolve("What does this text say on visas?", [before]).from_history


def test_without_a_history_nothing_is_completed() -> None:
    assert resolve("Where was that?", []).question == "Where was that?"


def test_small_talk_in_between_is_passed_over() -> None:
    thanks = Turn(
        "thanks", Answer("thanks", "thanks", Status.SMALL_TALK, notice="You are welcome.")
    )
    found = resolve("Where?", [turn("When was the SCO founded?"), thanks])
    assert found.question == "Where was the SCO founded?"


def test_a_chain_of_follow_ups_keeps_its_subject() -> None:
    first = turn("When was the SCO founded?", "After the SCO was founded in 2001, it grew.")
    second = resolve("Where?", [first])
    answer = Answer("Where?", second.question, Status.NOT_FOUND)
    third = resolve("And why?", [first, Turn("Where?", answer)])
    assert third.question == "Why was the SCO founded?"


def test_the_words_that_answered_are_what_a_pronoun_means() -> None:
    answered = turn("Who became the first observer?", OBSERVERS, (9, 17))
    assert resolve("When did it join?", [answered]).question == "When did Mongolia join?"


def test_asking_for_more_says_so() -> None:
    assert resolve("Tell me more", [turn("What is the Shanghai Spirit?")]).more


@pytest.mark.parametrize(
    "question", ["", "?", "…", "it", "and", "what about", "(" * 1000, "that " * 500]
)
def test_odd_questions_are_resolved_without_an_error(question: str) -> None:
    resolve(question, [turn("When was the SCO founded?", PROGRAM)])
    needs_history(question)


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("When was the SCO founded?", "And what came before it?"),
        ("Who gave loans to the other member states?", "How much was it?"),
    ],
)
def test_a_pronoun_that_nothing_in_the_question_names_needs_the_history(
    before: str, question: str
) -> None:
    assert resolve(question, [turn(before)]).from_history


def test_a_pronoun_agrees_in_number_with_what_it_means() -> None:
    found = resolve("How much was it?", [turn("Who gave loans to the other member states?")])
    assert "was the other member states" not in found.question


def test_other_ways_to_complete_a_question_are_offered() -> None:
    found = resolve("What does it do?", [turn("What was set up in Tashkent?", STRUCTURE)])
    assert found.others == ("What does Tashkent do?", "What does it do? (set up in Tashkent)")


@pytest.mark.parametrize(
    "phrase", phrases("more_of_the_same"), ids=lambda phrase: phrase.pattern.pattern[:20]
)
def test_each_request_for_more_is_one_alone_or_of_it(phrase: Phrase) -> None:
    known = [request for request in REQUESTS if phrase.match(request)]
    assert known
    for request in known:
        resolved = resolve(f"Please, {request} about that?", [turn("When was the SCO founded?")])
        assert resolved.more
    assert not any(phrase.match(question) for question in ("More money?", "Go on strike?"))


@pytest.mark.parametrize(
    ("before", "completed"),
    [
        ("How many new members joined?", "How many partners joined?"),
        ("Which two countries joined?", "Which partners joined?"),
        ("Which country has joined?", "Which partners has joined?"),
        ("How many observers came later?", "How many partners came later?"),
    ],
)
def test_what_is_counted_is_replaced_with_the_words_that_belong_to_it(
    before: str, completed: str
) -> None:
    assert resolve("And partners?", [turn(before)]).question == completed


@pytest.mark.parametrize("verb", lexicon("verbs_after_it"))
def test_it_before_a_verb_and_to_refers_to_nothing(verb: str) -> None:
    asked = f"How much does it {verb} to rent a bike for a week?"
    before = turn("What do I need to take out a boat?", "A certificate is needed.")
    assert resolve(asked, [before]).question == asked
    assert needs_history(f"How much does it {verb}?")


def test_the_person_who_asks_is_not_what_a_pronoun_means() -> None:
    before = turn("What do I need?", "")
    resolved = resolve("How much does it cost?", [before])
    assert "does I" not in " ".join((resolved.question, *resolved.others))
