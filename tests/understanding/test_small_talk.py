import pytest

from assistant.understanding.small_talk import small_talk_kind, small_talk_reply


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("hi", "greeting"),
        ("Hello there!", "greeting"),
        ("Good morning 🙂".replace(" 🙂", ""), "greeting"),
        ("how are you?", "wellbeing"),
        ("Hey, how are you doing", "wellbeing"),
        ("Thanks!", "thanks"),
        ("ok thank you very much", "thanks"),
        ("great", "praise"),
        ("bye", "farewell"),
        ("What can you do?", "abilities"),
        ("who are you", "abilities"),
        ("Can you help me?", "abilities"),
        ("help", "abilities"),
    ],
)
def test_small_talk_is_recognised(text: str, kind: str) -> None:
    assert small_talk_kind(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "Hi, when was the SCO founded?",
        "What can the SCO do?",
        "Who are the members?",
        "thanks to whom was it founded?",
        "help for members",
        "What is good?",
        "hi" * 100,
        "",
    ],
)
def test_a_question_is_no_small_talk(text: str) -> None:
    assert small_talk_kind(text) is None


def test_replies_suggest_questions_where_there_are_some() -> None:
    assert "When?" in small_talk_reply("greeting", "The SCO", ["When?"])
    assert "“The SCO”" in small_talk_reply("greeting", "The SCO", [])
    assert "the documents" in small_talk_reply("abilities", "", [])
