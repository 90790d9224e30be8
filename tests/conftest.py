"""What the tests share: the real article, the real model, and a hand-computable encoder."""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from assistant import Assistant, Encoder, Settings, load_settings
from assistant.models.bundled_encoder import BundledEncoder
from assistant.testing import WordEncoder
from tests.evaluation.fakes import TEXT
from tests.postgres_server import PostgresServer, running
from tests.speeds import longest_first, marks

REPOSITORY = Path(__file__).parents[1]
CORPUS = REPOSITORY / "docs_corpus"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--process-per-site",  # a page opened beside another of the same context needs no process
]
ARTICLE = "sco-champions-a-new-model-of-regional-cooperation.txt"


@pytest.hookimpl(tryfirst=True)  # before pytest chooses by marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow, and what starts a browser. Put the files that take longest first."""
    marked = [marks(item.nodeid, getattr(item, "fixturenames", ())) for item in items]
    for item, found in zip(items, marked, strict=True):
        for mark in found:
            item.add_marker(mark)
    files = [item.nodeid.split("::")[0] for item in items]
    items[:] = [items[place] for place in longest_first(files, marked)]


@pytest.hookimpl(tryfirst=True)
def pytest_collection() -> None:
    """Collect no garbage while modules are imported: there is hardly any."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Leave the modules out of later collections of garbage: tests ask for many."""
    gc.collect()
    gc.freeze()
    gc.enable()


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


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL with pgvector, started once."""
    with running() as server:
        yield server


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


@pytest.fixture
def mill_corpus(corpus: Path) -> Path:
    """A corpus of one document."""
    (corpus / "mill.txt").write_text(TEXT, encoding="utf-8")
    return corpus


@pytest.fixture
def quick_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every assistant that is opened has the hand-computable encoder and reads without a model."""
    monkeypatch.setattr("assistant.parts.BundledEncoder", WordEncoder)
    monkeypatch.setattr("assistant.parts.SentenceTransformerEncoder", lambda name: WordEncoder())
    monkeypatch.setenv("ASSISTANT_READER", "none")


@pytest.fixture
def mill_assistant(quick_models: None, mill_corpus: Path, tmp_path: Path) -> Iterator[Assistant]:
    """A quick assistant over the corpus of one document, not ingested yet."""
    settings = load_settings(corpus=mill_corpus, index=tmp_path / "index")
    with Assistant.open(settings) as assistant:
        yield assistant


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        missing = "no Chromium on this machine: its package is called chromium"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield launched
        launched.close()
