"""A session: one view for a whole answer, beside other sessions over other states."""

from pathlib import Path

import pytest

from assistant import Assistant
from tests.sessions import open_session


def test_a_document_is_read_from_the_catalog_once(corpus: Path, small_assistant: Assistant) -> None:
    (corpus / "a.txt").write_text("Otters sleep by day.\n")
    small_assistant.ingest()
    (summary,) = small_assistant.documents()
    with open_session(small_assistant) as session:
        assert session.document(summary.id) is session.document(summary.id)
        with pytest.raises(KeyError):
            session.document("unknown")


def test_seconds_add_up_by_stage(corpus: Path, small_assistant: Assistant) -> None:
    (corpus / "a.txt").write_text("Otters sleep by day.\n")
    small_assistant.ingest()
    with open_session(small_assistant) as session:
        for _ in range(2):
            with session.timed("reading"):
                pass
        assert list(session.timings) == ["reading"]
        assert session.timings["reading"] > 0


def test_a_session_keeps_its_state_while_the_index_moves_on(
    corpus: Path, small_assistant: Assistant
) -> None:
    (corpus / "a.txt").write_text("Otters sleep by day.\n")
    small_assistant.ingest()
    with open_session(small_assistant) as old:
        (corpus / "a.txt").write_text("Badgers dig at night.\n")
        small_assistant.ingest()
        new = small_assistant.retrieve("badgers")
        assert [hit.chunk.text for hit in new] == ["Badgers dig at night."]
        (summary,) = old.view.catalog.summaries()
        assert old.document(summary.id).text == "Otters sleep by day.\n"
        chunks = old.view.catalog.document_chunks(summary.id)
        assert list(old.vectors_of(chunks)) == [chunk.id for chunk in chunks]


def test_an_unfinished_answer_does_not_hold_up_the_next_question(
    corpus: Path, small_assistant: Assistant
) -> None:
    """A long answer over the old state, a new state, and a question: nobody waits."""
    (corpus / "a.txt").write_text("Otters sleep by day. Otters eat crabs.\n")
    small_assistant.ingest()
    pieces = small_assistant.stream("When do otters sleep?")
    next(pieces)
    (corpus / "b.txt").write_text("Badgers dig at night.\n")
    small_assistant.ingest()
    assert small_assistant.retrieve("badgers")
    pieces.close()  # type: ignore[attr-defined]
