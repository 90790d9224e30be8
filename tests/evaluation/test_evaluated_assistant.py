"""The assistant and its double are what evaluation asks for; mypy compares the signatures."""

from assistant import Assistant
from assistant.evaluation.evaluated_assistant import EvaluatedAssistant
from tests.evaluation.fakes import BUILT, answered, scripted


def asked(assistant: EvaluatedAssistant) -> tuple[str, str, int]:
    """Use each member, as an evaluation does."""
    assistant.warm_up()
    (summary,) = assistant.documents()
    hits = assistant.retrieve(BUILT, assistant.settings.top_k)
    answer = assistant.ask(BUILT, (), engine=assistant.engines[0])
    assert assistant.status().documents == 1
    assert answer.citations[0].quote in assistant.document(summary.id).text
    return summary.source, hits[0].chunk.document_id, len(answer.citations)


def test_the_assistant_and_its_double_are_evaluated_alike(mill_assistant: Assistant) -> None:
    mill_assistant.ingest()
    (source, document, _) = asked(mill_assistant)
    double = scripted({BUILT: answered(BUILT, "The mill was built in 1851.")})
    assert asked(double)[0] == source == "mill.txt"
    assert document
