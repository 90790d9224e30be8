import pytest

from assistant import Assistant
from assistant.web.chat.conversation import Conversation
from assistant.web.chat.rendering import render_conversation
from assistant.web.citation_checks import CitationChecks


@pytest.mark.parametrize(
    ("writer", "words"),
    [
        ("", "Answers are quotes from the documents."),
        (
            "qwen3:<4b>",
            "Answers are written by qwen3:&lt;4b&gt;, each sentence checked against the documents.",
        ),
    ],
)
def test_the_start_says_which_way_answers_are_given(
    writer: str, words: str, small_assistant: Assistant
) -> None:
    checks = CitationChecks(small_assistant)
    assert words in render_conversation(Conversation(), checks, [], writer=writer)


def test_the_writer_is_the_language_model(small_assistant: Assistant) -> None:
    assert small_assistant.writer == ""
    with Assistant.open(small_assistant.settings) as assistant:
        assert assistant.writer == ""
    settings = small_assistant.settings.model_copy(update={"chat_model": "openai:name"})
    with Assistant.open(settings) as assistant:
        assert assistant.writer == "openai:name"
