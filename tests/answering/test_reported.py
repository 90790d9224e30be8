import pytest

from assistant.answering.reported import is_only_planned, is_view_of_another

ARCHITECT = "In the opinion of the architect Lia Moss the site is too narrow."
LEAGUE = "The Taxpayers' League claims that it would cost 900 million crowns."
CALLED = 'Professor Oduya calls the plan "a gift to every developer".'


@pytest.mark.parametrize(
    ("question", "sentence", "highlight"),
    [
        ("Is the site too narrow?", ARCHITECT, ARCHITECT),
        ("In the author's view, is the site too narrow?", ARCHITECT, ARCHITECT),
        ("Does Bo Hedley think the site is too narrow?", ARCHITECT, ARCHITECT),
        ("What would the tunnel cost?", LEAGUE, "900 million crowns"),
        ("What does the author call the plan?", CALLED, "a gift to every developer"),
        ("Is it a monument?", '"It is a monument to vanity," was heard.', "a monument to vanity"),
        ("Is it tedious?", "Reviewers found it tedious, and critics agreed.", "tedious"),
    ],
)
def test_a_view_is_no_fact_and_not_the_authors(
    question: str, sentence: str, highlight: str
) -> None:
    assert is_view_of_another(question, sentence, highlight)


@pytest.mark.parametrize(
    ("question", "sentence", "highlight"),
    [
        ("What do critics say of the site?", ARCHITECT, ARCHITECT),
        ("What does Lia Moss think of the site?", ARCHITECT, ARCHITECT),
        ("How much did the League put it at?", LEAGUE, "900 million crowns"),
        ("Is the site narrow?", "The site is 12 metres wide.", "12 metres"),
        ("What is the ship called?", "The ship is called “Heron”.", "Heron"),
        ("When is it taken down?", "If you believe it is private, write within a week.", "a week"),
        (
            "What do I write?",
            "Whoever objects, or anyone who claims damages, gives reasons.",
            "reasons",
        ),
    ],
)
def test_who_asks_for_a_view_gets_it(question: str, sentence: str, highlight: str) -> None:
    assert not is_view_of_another(question, sentence, highlight)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Is there a four-day week?", "A draft proposes a four-day week."),
        ("When is the fair held?", "It was suggested to hold the fair on Sunday."),
        ("How many trees have been planted?", "The company promised to plant 500 trees."),
        ("When was the bridge finished?", "The bridge is expected to be finished in 2028."),
        ("When did the museum close?", "The museum was to close in May."),
        ("What was decided on weddings?", "It was asked whether the hall may be rented out."),
        ("Is there an allowance for cycling?", "A flat allowance for cycling is under review."),
    ],
)
def test_a_plan_is_not_what_is(question: str, sentence: str) -> None:
    assert is_only_planned(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("When will the bridge be finished?", "The bridge is expected to be finished in 2028."),
        ("What did Cllr Marsh propose?", "Cllr Marsh proposed speed humps."),
        ("When was the bridge finished?", "The bridge was finished in 1928."),
        ("What do scholars claim?", "Scholars claim that it intends to become a bloc."),
        ("How high is the rent?", "The rent is due on the first of the month."),
        ("Where do I report it?", "We suggest reporting it to the police."),
        ("What do I do?", "If a sale was planned for May, call us."),
        ("When do I give notice?", "Whoever wants to leave gives notice by June."),
    ],
)
def test_who_asks_for_plans_gets_them(question: str, sentence: str) -> None:
    assert not is_only_planned(question, sentence)
