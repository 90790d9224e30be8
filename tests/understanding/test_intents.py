"""Every phrase of the table, and the product of openings, nouns and verbs."""

from dataclasses import replace
from itertools import product

import pytest

from assistant import Answer, Citation, Statement, Status, Turn
from assistant.text.lexicons import lexicon
from assistant.text.phrases import compiled, phrases
from assistant.text.words import plural
from assistant.understanding.intents import (
    Intent,
    IntentKind,
    understand,
    without_ending,
    without_opening,
)
from tests.text.expansions import expansions

OPENINGS = (
    "",
    "Hi, ",
    "OK, so ",
    "Could you please tell me ",
    "Dear assistant, ",
    "Thanks! ",
    "Sorry, I was just wondering, ",
)
"""Openings of several kinds. That each of the lexicon is taken off is tested by itself."""
NOUNS = tuple(lexicon("document_nouns"))
PLURALS = tuple(map(plural, NOUNS))
BEGINNINGS = tuple(
    f"{form}{'!' if label else ''} "
    for line in lexicon("openings")
    for label, _, phrase in [line.rpartition(": ")]
    for form in expansions(phrase)
)
ENDINGS = tuple(
    f"{',' if label else ''} {form}"
    for line in lexicon("closings")
    for label, _, phrase in [line.rpartition(": ")]
    for form in expansions(phrase)
)
ABOUT = (
    "what is this {} about?",
    "what's the {} about",
    "what this {} is about",
    "what does the {} say?",
    "summarize the {}",
    "sum up this {} in three sentences",
    "the main points of the {}",
    "what are the key findings of this {}?",
)


@pytest.mark.parametrize("opening", OPENINGS)
@pytest.mark.parametrize("form", ABOUT)
def test_a_summary_is_asked_for_of_any_kind_of_document(opening: str, form: str) -> None:
    missed = [
        noun
        for noun in NOUNS
        if understand(opening + form.format(noun)).kind is not IntentKind.SUMMARY
    ]
    assert missed == []


@pytest.mark.parametrize(
    "form",
    [
        "Summarize the {}",
        "Briefly summarize all {}",
        "Give me a summary of all {}",
        "What do the {} say?",
        "What are these {} about?",
        "Sum all of our {} up",
        "Explain both {} to me in plain English",
        "What is in my {}?",
    ],
)
def test_a_summary_is_asked_for_of_several_documents(form: str) -> None:
    asked = {noun: understand(form.format(noun)) for noun in PLURALS}
    missed = [
        noun
        for noun, intent in asked.items()
        if intent.kind is not IntentKind.SUMMARY or intent.topic
    ]
    assert missed == []


@pytest.mark.parametrize("noun", ["handbook", "press release", "code of conduct"])
def test_several_documents_are_called_by_their_noun(noun: str) -> None:
    assert understand(f"Summarize the {plural(noun)}").noun == noun


@pytest.mark.parametrize(
    "message",
    [
        "Summary",
        "tldr",
        "Sum it up",
        "Summarize this",
        "Give me a one-paragraph summary",
        "Can I get a summary of our handbooks?",
        "Can you briefly summarize the handbook for me?",
        "Who wrote this handbook?",
        "What does section 4 say?",
    ],
)
def test_a_polite_ending_changes_nothing(message: str) -> None:
    kind = understand(message).kind
    assert kind is not IntentKind.QUESTION
    assert [one for one in ENDINGS if understand(message + one).kind is not kind] == []
    assert [one for one in ENDINGS if understand(f"{message}{one}!").kind is not kind] == []


def test_the_polite_ending_is_taken_off_a_question() -> None:
    for ending in ENDINGS:
        assert without_ending(f"When was it built?{ending}") == "When was it built?"
        assert without_ending(f"When was it built{ending}?") == "When was it built?"
        assert without_ending(ending) == ending


@pytest.mark.parametrize(
    "message",
    ["How do I say thank you?", "What does the word please mean?", "Whom does it please most?"],
)
def test_words_of_an_ending_within_a_question_stay(message: str) -> None:
    assert without_ending(message) == message


def test_a_summary_of_a_few_sentences_is_asked_for_before_its_name() -> None:
    assert understand("Give me a three-sentence summary, please").sentences == 3


FACTS = (
    ("who wrote these {}?", "author"),
    ("who wrote this {}?", "author"),
    ("who is the author of the {}", "author"),
    ("when was this {} published?", "date"),
    ("where was the {} published?", "publisher"),
    ("what is the title of this {}?", "title"),
)


@pytest.mark.parametrize(("form", "detail"), FACTS)
def test_a_fact_about_any_kind_of_document_is_asked_for(form: str, detail: str) -> None:
    for opening, noun in product(OPENINGS, (*NOUNS, *PLURALS)):
        assert understand(opening + form.format(noun)).detail == detail, (opening, noun)


@pytest.mark.parametrize("name", ["small_talk", "document_facts", "summaries", "openings"])
def test_every_phrase_of_the_table_compiles_and_is_labelled(name: str) -> None:
    assert phrases(name)
    assert all(phrase.label for phrase in phrases(name)) == (name != "openings")


@pytest.mark.parametrize(
    "name",
    ["document_nouns", "general_document_nouns", "stop_words", "summary_verbs", "addressees"],
)
def test_no_word_of_a_list_stands_twice(name: str) -> None:
    words = lexicon(name)
    assert len(set(words)) == len(words)
    assert all(word == word.lower().strip() for word in words)


@pytest.mark.parametrize("phrase", ["what (is", "what [is", "what is)", "(a|b]"])
def test_a_phrase_with_an_open_group_is_an_error(phrase: str) -> None:
    with pytest.raises(ValueError, match="phrase"):
        compiled(phrase)


@pytest.mark.parametrize(
    ("message", "detail"),
    [
        ("hi", "greeting"),
        ("Hello there!", "greeting"),
        ("Good morning", "greeting"),
        ("how are you?", "wellbeing"),
        ("Hey, how are you doing", "wellbeing"),
        ("Thanks!", "thanks"),
        ("ok thank you very much", "thanks"),
        ("Thanks for the help", "thanks"),
        ("Thank you very much, that helps", "thanks"),
        ("Nice to meet you", "greeting"),
        ("Good day to you", "greeting"),
        ("That really helped", "praise"),
        ("great", "praise"),
        ("bye", "farewell"),
        ("What can you do?", "abilities"),
        ("who are you", "abilities"),
        ("Can you help me?", "abilities"),
        ("help", "abilities"),
    ],
)
def test_small_talk_is_recognised(message: str, detail: str) -> None:
    found = understand(message)
    assert (found.kind, found.detail) == (IntentKind.SMALL_TALK, detail)


@pytest.mark.parametrize(
    "message",
    [
        "What can the SCO do?",
        "Who are the members?",
        "thanks to whom was it founded?",
        "help for members",
        "What is good?",
        "Who wrote the SCO charter?",
        "Where was the program signed?",
        "What is the source of growth?",
        "What is the name of the structure in Tashkent?",
        "What does the document say about energy?",
        "Tell me about the Shanghai Spirit",
        "What role does the report play in the trial?",
        "who " * 100,
        "hi" * 100,
        "",
        "…",
    ],
)
def test_a_question_is_a_question(message: str) -> None:
    found = understand(message)
    assert (found.kind, found.question) == (IntentKind.QUESTION, message)


@pytest.mark.parametrize(
    ("message", "question"),
    [
        ("Hi, when was the SCO founded?", "when was the SCO founded?"),
        ("Could you please tell me who leads it?", "who leads it?"),
        ("I’d like to know, which members left", "which members left"),
        ("please", "please"),
        ("And what did they do?", "And what did they do?"),
        ("Will you tell my employer?", "Will you tell my employer?"),
        ("Could you move my booking?", "Could you move my booking?"),
        ("Well water: how deep is it?", "Well water: how deep is it?"),
        ("Now what does it cost?", "Now what does it cost?"),
        ("Tell me about the budget", "Tell me about the budget"),
        ("Sorry for asking, who is she?", "Sorry for asking, who is she?"),
    ],
)
def test_the_polite_opening_is_taken_off(message: str, question: str) -> None:
    assert without_opening(message) == question


def test_each_opening_of_the_lexicon_is_taken_off() -> None:
    question = "when was the mill built?"
    left = {
        beginning: rest
        for beginning in BEGINNINGS
        if (rest := without_opening(beginning + question)) != question
    }
    assert left == {}


def test_each_request_before_a_question_is_left_out() -> None:
    question = "when was the mill built?"
    requests = [
        form for line in lexicon("requests") for form in expansions(line.partition(": ")[2])
    ]
    asked = {one: understand(f"I write on mills, {one} {question}").question for one in requests}
    assert {one: rest for one, rest in asked.items() if rest != question} == {}


@pytest.mark.parametrize(
    ("message", "question"),
    [
        ("Thank you letters are sent when?", "Thank you letters are sent when?"),
        ("Good day care is offered where?", "Good day care is offered where?"),
        ("Nice houses, who owns them?", "Nice houses, who owns them?"),
        ("Thanks! When is it open?", "When is it open?"),
        ("Dear assistant, when is it open?", "when is it open?"),
        ("Dear customers, who are they?", "Dear customers, who are they?"),
        ("Can you explain to me what it costs?", "what it costs?"),
        ("Help me understand what it costs", "what it costs"),
        ("Help me understand the costs", "Help me understand the costs"),
    ],
)
def test_an_opening_that_may_be_more_ends_with_a_punctuation_mark(
    message: str, question: str
) -> None:
    assert understand(message).question == question


@pytest.mark.parametrize(
    ("message", "topic", "names_document"),
    [
        ("summarise the role of China", "the role of China", False),
        ("Give me an overview of the budget, please", "the budget", False),
        ("What is the Alder warranty about?", "the Alder warranty", True),
    ],
)
def test_the_topic_of_a_summary(message: str, topic: str, names_document: bool) -> None:
    found = understand(message)
    assert (found.kind, found.topic) == (IntentKind.SUMMARY, topic)
    assert found.names_document == names_document


@pytest.mark.parametrize(
    ("message", "noun"),
    [
        ("What is the handbook about?", "handbook"),
        ("What is this article about?", ""),
        ("Who wrote the press release?", "press release"),
    ],
)
def test_what_the_document_is_called(message: str, noun: str) -> None:
    assert understand(message).noun == noun


def turn(question: str, status: Status = Status.ANSWERED) -> Turn:
    return Turn(question, Answer(question, question, status))


def test_it_is_what_was_last_talked_of() -> None:
    assert understand("What is it about?").kind is IntentKind.SUMMARY
    about_tax = [turn("Which tax was raised?"), turn("Thanks!", Status.SMALL_TALK)]
    assert understand("What is it about?", about_tax).kind is IntentKind.QUESTION
    named = understand("Summarize what it says about energy", about_tax)
    assert (named.kind, named.topic) == (IntentKind.SUMMARY, "energy")
    about_text = [turn("Who wrote this article?")]
    assert understand("What is it about?", about_text).kind is IntentKind.SUMMARY


@pytest.mark.parametrize(
    "message",
    ["what is " + "the " * 45 + "about", "please " * 2000, "(" * 190, "a, " * 60, "\0\ud800 what"],
)
def test_odd_messages_are_understood_without_an_error(message: str) -> None:
    understand(message)


SUMMARY = Turn(
    "What is this article about?",
    Answer("q", "q", Status.ANSWERED, tuple(Statement("A.", (1,)) for _ in range(5))),
)


@pytest.mark.parametrize(
    ("message", "sentences"),
    [
        ("Summarize the article in three bullet points", 3),
        ("Give me a summary in 2 sentences", 2),
        ("Summarize the article", 0),
    ],
)
def test_a_summary_may_name_its_length(message: str, sentences: int) -> None:
    intent = understand(message)
    assert (intent.kind, intent.sentences) == (IntentKind.SUMMARY, sentences)


@pytest.mark.parametrize(
    ("message", "sentences", "in_points"),
    [
        ("In three bullet points, summarise this article", 3, True),
        ("What is this article about? In four bullet points.", 4, True),
        ("What is this article about? Please answer in two sentences.", 2, False),
        ("Please give me a summary of this report, no more than two sentences.", 2, False),
        ("Give me a three-point summary of this report", 3, True),
        ("What are the three most important points of this article?", 3, True),
        ("Summarise this article as a numbered list of four points", 4, True),
        ("Could you summarise this article for a child in three sentences?", 3, False),
    ],
)
def test_the_length_of_a_summary_may_be_anywhere(
    message: str, sentences: int, in_points: bool
) -> None:
    intent = understand(message)
    assert intent.kind is IntentKind.SUMMARY
    assert (intent.topic, intent.sentences, intent.in_points) == ("", sentences, in_points)


def test_a_summary_may_name_its_number_of_words() -> None:
    assert understand("Summarize this article in 50 words").words == 50
    assert understand("Summarize this article in about 120 words").words == 120
    assert understand("Summarize this article").words == 0


def test_another_length_of_an_explained_summary_is_of_the_whole() -> None:
    said = Citation(1, "d", "D", "d.txt", 0, 2, "A.", "h")
    explained = replace(SUMMARY, answer=replace(SUMMARY.answer, citations=(said,)))
    assert understand("explain", [explained]).said == {("d", 0, 2)}
    again = Turn("explain", explained.answer)
    assert understand("in two sentences", [explained, again]).said == frozenset()


def test_the_length_of_a_question_stays_in_it() -> None:
    question = "How do I get a refund in two sentences?"
    assert understand(question) == Intent(IntentKind.QUESTION, question)


@pytest.mark.parametrize(
    ("message", "sentences"),
    [
        ("shorter", 2),
        ("Can you make it a bit shorter, please?", 2),
        ("longer", 8),
        ("Explain", 0),
        ("Can you explain that in more detail?", 0),
        ("in three bullet points", 3),
        ("In two sentences, please.", 2),
        ("make it 4 bullets", 4),
        ("Make it two sentences", 2),
        ("Can you give me that in 3 bullet points?", 3),
        ("shorten this", 2),
    ],
)
def test_a_summary_is_given_again_in_another_length(message: str, sentences: int) -> None:
    intent = understand(message, [SUMMARY])
    assert (intent.kind, intent.sentences) == (IntentKind.SUMMARY, sentences)
    assert understand(message).kind is IntentKind.QUESTION


@pytest.mark.parametrize(
    ("message", "question"),
    [
        ("I need it for a report, so could you please tell me how old it is?", "how old is it?"),
        ("Please tell me, since I need it for a report: when was it built?", "when was it built?"),
        ("We moved here. I want to know where the school is", "where is the school?"),
        ("When was it built?", "When was it built?"),
        ("What does note 4: how to pay mean?", "What does note 4: how to pay mean?"),
        ("Who could you tell me about?", "Who could you tell me about?"),
    ],
)
def test_a_reason_for_the_question_is_left_out(message: str, question: str) -> None:
    assert understand(message).question == question


@pytest.mark.parametrize(
    ("message", "number", "document"),
    [
        ("What does section 4.2 say?", "4.2", ""),
        ("Please tell me what clause 3a says", "3a", ""),
        ("what's article 5 about", "5", ""),
        ("§ 12", "12", ""),
        ("What does step 2 of the setup guide say?", "2", "the setup guide"),
        ("Show me annex B.", "B", ""),
        ("What is in chapter IV of this handbook?", "IV", "this handbook"),
    ],
)
def test_a_numbered_part_is_asked_for_by_its_number(
    message: str, number: str, document: str
) -> None:
    intent = understand(message)
    assert (intent.kind, intent.detail) == (IntentKind.SECTION, number)
    assert intent.topic == document


@pytest.mark.parametrize(
    "message",
    ["What does the article say?", "What part of the mill burnt?", "Which section is the longest?"],
)
def test_a_part_without_a_number_is_not_asked_for_by_number(message: str) -> None:
    assert understand(message).kind is not IntentKind.SECTION


@pytest.mark.parametrize(
    ("message", "question"),
    [
        ("Can you tell me what the price of the pass is?", "what is the price of the pass?"),
        (
            "I need it for a report, please tell me how large the site was",
            "how large was the site?",
        ),
        ("What is it that they say it is?", "What is it that they say it is?"),
        (
            "When is it, and can you tell me who pays it?",
            "When is it, and can you tell me who pays it?",
        ),
    ],
)
def test_an_indirect_question_is_read_as_a_direct_one(message: str, question: str) -> None:
    assert understand(message).question == question
