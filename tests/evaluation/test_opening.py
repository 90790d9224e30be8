"""An assistant for each corpus that case files name, opened once and closed at the end."""

from pathlib import Path

from assistant import Assistant
from assistant.evaluation.opening import OpenAssistants


def test_each_corpus_is_opened_once_and_the_one_given_stays_open(
    mill_assistant: Assistant, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "barn.txt").write_text("The barn burned in 1931.", encoding="utf-8")
    updated: list[Assistant] = []

    def update(assistant: Assistant) -> None:
        updated.append(assistant)
        assistant.ingest()

    with OpenAssistants(mill_assistant, update) as assistants:
        own, barn = assistants.over(None), assistants.over(other)
        assert own is assistants.over(mill_assistant.settings.corpus) is mill_assistant
        assert barn is assistants.over(other)
        assert updated == [mill_assistant, barn]
        assert "1931" in barn.ask("When did the barn burn?").text
        assert not barn.settings.index.is_relative_to(tmp_path)
        assert barn.settings.index.exists()
    assert not barn.settings.index.exists()
    assert "1851" in mill_assistant.ask("When was the mill built?").text
