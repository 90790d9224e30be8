"""The doubles that other tests rest on do what their docstrings say."""

from pathlib import Path

import numpy as np
import pytest

from assistant import Assistant, Settings, Status, WindowText, testing
from assistant.evaluation import case_of, evaluate
from assistant.testing import (
    ScriptedAssistant,
    ScriptedChatModel,
    ScriptedReader,
    WordEncoder,
    answer_not_found,
    answer_quoting,
    answer_uncertain,
    citation_of,
    document_of,
    line_chunks,
)

MILL = document_of("The mill was built in 1851.\n\nIt burned down.\n", "mill.txt", "The mill")


def test_every_double_is_exported_and_documented() -> None:
    for name in testing.__all__:
        assert getattr(testing, name).__doc__


def test_equal_words_have_equal_vectors_of_unit_length() -> None:
    encoder = WordEncoder()
    first, second, empty = encoder.encode(["The mill", "mill the", ""])
    assert np.array_equal(first, second)
    assert np.count_nonzero(first) == 2
    assert empty[0] == pytest.approx(np.linalg.norm(first)) == pytest.approx(1.0)
    assert encoder.count_tokens(["The old mill"]) == [3]


def test_the_assistant_answers_with_the_encoder_and_the_model(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "mill.txt").write_text(MILL.text)
    model = ScriptedChatModel(texts=["The mill was built in 1851 [1]."])
    settings = Settings(corpus=tmp_path / "corpus", index=tmp_path / "index", reader="none")
    with Assistant(settings, WordEncoder(), model) as assistant:
        assistant.ingest()
        assert "1851. [1]" in assistant.ask("When was the mill built?").text
    assert len(model.prompts) == 1


def test_the_reader_finds_the_words_it_is_given_the_likeliest_first() -> None:
    (found,) = ScriptedReader({"in 1851": 0.5}, mill=0.9).read("?", [WindowText("", MILL.text)])
    assert [MILL.text[one.start : one.end] for one in found.spans] == ["mill", "in 1851"]


def test_citations_and_chunks_are_the_text_of_the_document() -> None:
    citation = citation_of(MILL, "built in 1851")
    assert MILL.text[citation.start : citation.end] == "built in 1851"
    assert [chunk.text for chunk in line_chunks(MILL)] == [
        "The mill was built in 1851.",
        "It burned down.",
    ]
    with pytest.raises(ValueError, match="substring not found"):
        citation_of(MILL, "built in 1815")


def test_a_scripted_assistant_can_be_evaluated() -> None:
    assistant = ScriptedAssistant(
        {
            "Built?": answer_quoting("Built?", MILL, "The mill was built in 1851."),
            "Why?": answer_not_found("Why?"),
            "Raises?": RuntimeError("no"),
        },
        [MILL],
        retrieved=[1, 0],
    )
    cases = [
        case_of("Built?", contains="1851", cites="built in 1851"),
        case_of("Why?", status=Status.NOT_FOUND),
        case_of("Raises?", contains="1851"),
    ]
    report = evaluate(assistant, cases)
    assert [result.passed for result in report.results] == [True, True, False]
    assert [hit.chunk.text for hit in assistant.retrieve("?", 1)] == ["It burned down."]
    assert assistant.asked[0] == ("Built?", ())


def test_an_uncertain_answer_cites_like_any_other_and_has_a_lead() -> None:
    answer = answer_uncertain("Built?", MILL, "The mill was built in 1851.", confidence=0.3)
    assert (answer.status, answer.lead) == (Status.UNCERTAIN, "This may answer it:")
    (citation,) = answer.citations
    assert MILL.text[citation.start : citation.end] == citation.quote
