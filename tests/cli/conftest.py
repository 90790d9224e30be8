"""The corpus of one document, where the commands look for it."""

from pathlib import Path

import pytest

from assistant import Assistant


@pytest.fixture
def mill_settings(
    monkeypatch: pytest.MonkeyPatch, quick_models: None, mill_corpus: Path, tmp_path: Path
) -> Path:
    """The folder of the corpus, which the settings name; nothing is ingested yet."""
    monkeypatch.setenv("ASSISTANT_CORPUS", str(mill_corpus))
    monkeypatch.setenv("ASSISTANT_INDEX", str(tmp_path / "index"))
    return mill_corpus


@pytest.fixture
def mill_index(mill_settings: Path) -> Path:
    """The same, with its index."""
    with Assistant.open() as assistant:
        assistant.ingest()
    return mill_settings
