"""The road of a question: how far it is from `Assistant.ask` to the selection of a sentence."""

import inspect
from pathlib import Path
from typing import Any

import pytest

import assistant
from assistant import Assistant
from assistant.reading.selection import Candidate, read_candidates

PACKAGE = str(Path(assistant.__file__).parent)


@pytest.mark.parametrize(
    ("question", "fewest"),
    [
        ("When do otters sleep?", 1),
        ("When do otters sleep, and what do zebras eat all day?", 3),
    ],
)
def test_the_selection_of_a_sentence_is_at_most_six_frames_from_ask(
    corpus: Path,
    small_assistant: Assistant,
    monkeypatch: pytest.MonkeyPatch,
    question: str,
    fewest: int,
) -> None:
    (corpus / "a.txt").write_text("Otters sleep by day. Zebras eat grass all day.\n")
    small_assistant.ingest()
    roads: list[list[str]] = []

    def counting(*given: Any) -> list[Candidate]:
        stack = inspect.stack()[1:]
        roads.append([frame.function for frame in stack if frame.filename.startswith(PACKAGE)])
        return read_candidates(*given)

    monkeypatch.setattr("assistant.answering.extractive.read_candidates", counting)
    small_assistant.ask(question)
    assert len(roads) >= fewest
    for road in roads:
        assert road == ["attempt", "attempts", "extract", "stream", "_answers", "ask"]
