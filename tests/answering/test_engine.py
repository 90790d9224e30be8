import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from assistant import Answer, Assistant, Status, Turn
from assistant.answering.engine import Engine
from assistant.answering.extractive import ExtractiveEngine
from assistant.session import Session


class CountingEngine:
    """Answers with how many documents there are, in two pieces, and notes what it was asked."""

    name = "counting"

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []

    def stream(
        self,
        session: Session,
        question: str,
        history: Sequence[Turn],
        stopped: threading.Event | None = None,
    ) -> Iterator[Answer]:
        self.asked.append((question, len(history)))
        begun = Answer(question, question, Status.ANSWERED, engine=self.name, notice="There are")
        yield begun
        if stopped is None or not stopped.is_set():
            count = len(session.view.catalog.summaries())
            yield replace(begun, notice=f"There are {count}.")


def with_engine(assistant: Assistant, engine: Engine) -> Assistant:
    assistant._engines[engine.name] = engine
    return assistant


def test_the_engine_that_quotes_is_one() -> None:
    engine: Engine = ExtractiveEngine()
    assert engine.name == "extractive"


def test_an_assistant_asks_an_engine_by_its_name(corpus: Path, small_assistant: Assistant) -> None:
    (corpus / "a.txt").write_text("Otters sleep by day.\n")
    small_assistant.ingest()
    engine = CountingEngine()
    answer = with_engine(small_assistant, engine).ask("How many?", engine="counting")
    assert (answer.text, answer.engine) == ("There are 1.", "counting")
    assert answer.timings["total"] > 0
    assert engine.asked == [("How many?", 0)]


def test_the_pieces_of_an_engine_are_passed_on_until_it_is_stopped(
    corpus: Path, small_assistant: Assistant
) -> None:
    (corpus / "a.txt").write_text("Otters sleep by day.\n")
    small_assistant.ingest()
    assistant = with_engine(small_assistant, CountingEngine())
    pieces = [piece.text for piece in assistant.stream("How many?", engine="counting")]
    assert pieces == ["There are", "There are 1."]
    stopped = threading.Event()
    stopped.set()
    pieces = [
        piece.text for piece in assistant.stream("How many?", engine="counting", stopped=stopped)
    ]
    assert pieces == ["There are"]
