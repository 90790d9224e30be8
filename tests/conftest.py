"""What the tests share: the real article, the real model, and a hand-computable encoder."""

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant import Assistant, Encoder, Settings
from assistant.models.bundled_encoder import BundledEncoder
from assistant.text.words import words
from tests.speeds import marks

REPOSITORY = Path(__file__).parents[1]
CORPUS = REPOSITORY / "docs_corpus"
ARTICLE = "sco-champions-a-new-model-of-regional-cooperation.txt"


@pytest.hookimpl(tryfirst=True)  # before pytest chooses by marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow, and what starts a browser."""
    for item in items:
        path = item.path.relative_to(REPOSITORY).as_posix()
        for mark in marks(path, getattr(item, "fixturenames", ())):
            item.add_marker(mark)


class WordEncoder:
    """An `Encoder` by hand: a text's vector has a 1 at a place for each of its words.

    The place is the sum of the word's code points modulo the dimension; a token is a word.
    """

    name = "words"
    dimension = 64
    max_tokens = 254

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit-length word indicators; for a text without words, the first place."""
        self.encoded.extend(texts)
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            places = [sum(map(ord, word.lower())) % self.dimension for word in words(text)]
            vectors[row, places or [0]] = 1.0
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / lengths, dtype=np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of words of each text."""
        return [len(text.split()) for text in texts]


@pytest.fixture(autouse=True)
def _no_settings_of_the_person_who_runs_the_tests(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for name in [name for name in os.environ if name.startswith("ASSISTANT_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The bundled model, loaded once."""
    return BundledEncoder()


@pytest.fixture
def word_encoder() -> WordEncoder:
    """A fresh hand-computable encoder."""
    return WordEncoder()


@pytest.fixture(scope="session")
def article_text() -> str:
    """The article as it stands in the corpus."""
    return (CORPUS / ARTICLE).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def article_assistant(
    encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Assistant]:
    """The real assistant over the real article."""
    settings = Settings(corpus=CORPUS, index=tmp_path_factory.mktemp("article") / "index")
    with Assistant(settings, encoder) as assistant:
        assistant.ingest()
        yield assistant


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """An empty folder for documents."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    return folder


@pytest.fixture
def small_assistant(corpus: Path, tmp_path: Path, word_encoder: WordEncoder) -> Iterator[Assistant]:
    """A quick assistant over ``corpus``, not ingested yet."""
    with Assistant(Settings(corpus=corpus, index=tmp_path / "index"), word_encoder) as assistant:
        yield assistant


@pytest.fixture
def article_corpus(corpus: Path) -> Path:
    """A copy of the article's corpus that a test may change."""
    shutil.copytree(CORPUS, corpus, dirs_exist_ok=True)
    return corpus
