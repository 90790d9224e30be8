"""A small corpus, and a quick assistant over it: everything real but the embedding model."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant, load_settings
from tests.conftest import WordEncoder
from tests.evaluation.fakes import TEXT


@pytest.fixture
def mill_corpus(corpus: Path) -> Path:
    """A corpus of one document."""
    (corpus / "mill.txt").write_text(TEXT, encoding="utf-8")
    return corpus


@pytest.fixture
def quick_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every assistant that is opened has the hand-computable encoder and reads without a model."""
    monkeypatch.setattr("assistant.assistant.BundledEncoder", WordEncoder)
    monkeypatch.setattr(
        "assistant.assistant.SentenceTransformerEncoder", lambda name: WordEncoder()
    )
    monkeypatch.setenv("ASSISTANT_READER", "none")


@pytest.fixture
def mill_assistant(quick_models: None, mill_corpus: Path, tmp_path: Path) -> Iterator[Assistant]:
    """A quick assistant over the corpus of one document, not ingested yet."""
    settings = load_settings(corpus=mill_corpus, index=tmp_path / "index")
    with Assistant.open(settings) as assistant:
        yield assistant
