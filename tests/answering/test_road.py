"""The road of a question: how far it is from `Assistant.ask` to the selection of a sentence."""

import inspect
from pathlib import Path
from typing import Any

import pytest

import assistant
from assistant import Assistant
from assistant.reading.selection import Candidate, read_candidates

PACKAGE = str(Path(assistant.__file__).parent)


def test_the_selection_of_a_sentence_is_at_most_six_frames_from_ask(
    corpus: Path, small_assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    (corpus / "a.txt").write_text("Otters sleep by day.\n")
    small_assistant.ingest()
    frames: list[str] = []

    def counting(*given: Any) -> list[Candidate]:
        frames.extend(
            frame.function for frame in inspect.stack()[1:] if frame.filename.startswith(PACKAGE)
        )
        return read_candidates(*given)

    monkeypatch.setattr("assistant.answering.extractive.read_candidates", counting)
    small_assistant.ask("When do otters sleep?")
    assert frames == ["attempt", "attempts", "extract", "stream", "_answers", "ask"]
