from dataclasses import replace
from pathlib import Path

import pytest

from assistant import Answer, Assistant, Citation, Statement, Status
from assistant.web.chat.conversation import Conversation, Exchange, State
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


def test_documents_of_one_title_are_told_apart_by_their_paths(
    corpus: Path, small_assistant: Assistant
) -> None:
    rents = {"mill.txt": 900, "weir.txt": 950, "rules.txt": 0}
    for name, rent in rents.items():
        title = "Agreement" if rent else "Rules"
        (corpus / name).write_text(f"{title}\n\nThe rent is {rent} pounds.\n")
    small_assistant.ingest()
    summaries = small_assistant.documents()
    found = [small_assistant.document(one.id) for one in summaries if one.source in rents]
    citations = tuple(
        Citation(
            number,
            document.id,
            document.title,
            document.source,
            start := document.text.index("The rent"),
            len(document.text.rstrip()),
            document.text[start:].rstrip(),
            document.sha256,
            None,
        )
        for number, document in enumerate(found, 1)
    )
    said = Statement("The rent is 900 pounds.", (1,))
    answer = Answer("q", "q", Status.ANSWERED, (said,), citations)
    shown = _rendered(small_assistant, answer)
    for told in ("Agreement (mill.txt)", "Agreement (weir.txt)", "Rules</cite>"):
        assert told in shown
    of_one = replace(answer, citations=citations[:1])
    assert "Agreement</cite>" in _rendered(small_assistant, of_one)


def _rendered(assistant: Assistant, answer: Answer) -> str:
    conversation = Conversation((Exchange("q", State.ANSWERED, answer),))
    return render_conversation(conversation, CitationChecks(assistant), [])
