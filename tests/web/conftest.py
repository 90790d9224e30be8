"""A real server over the real article in a thread, and real Chromium in front of it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from assistant import Assistant
from assistant.settings import Settings, load_settings
from tests.web.browsing import HOSTILE_NAME, Reader, served
from tests.web.contexts import Contexts

CORPUS = Path(__file__).parents[2] / "docs_corpus"
HOSTILE_TEXT = """# Zebra grooming <script>window.hacked = 1</script>

The zebra groomer <img src="http://beacon.invalid/a.png" onerror="window.hacked = 2"> charges 40 \
florins for a striped mane. The **second** groomer <svg onload="window.hacked = 3"></svg> charges \
$$\\frac{1}{2}$$ florins and [asks](http://link.invalid/) nothing. \
A third groomer says ${window.hacked = 4} and {{constructor.constructor('window.hacked = 5')()}} \
and " onmouseover="window.hacked = 6" to every zebra. </div></article></template><h1>Owned</h1>
"""

expect.set_options(timeout=30_000)  # a busy machine takes long


GRADIOS_OWN_WARNINGS = (
    # as errors they would end Gradio's queue in the middle
    "default:::gradio",
    "default::DeprecationWarning:pandas",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leaves Gradio its own warnings, in the tests of this folder only."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            for warning in GRADIOS_OWN_WARNINGS:
                item.add_marker(pytest.mark.filterwarnings(warning))


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The article and a document full of traps, in a folder that tests may change."""
    folder = tmp_path_factory.mktemp("serving") / "corpus"
    shutil.copytree(CORPUS, folder)
    (folder / HOSTILE_NAME).write_text(HOSTILE_TEXT, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def settings(corpus: Path) -> Settings:
    return load_settings(corpus=corpus, index=corpus.parent / "index", concurrency=4)


@pytest.fixture(scope="session")
def assistant(settings: Settings) -> Iterator[Assistant]:
    opened = Assistant.open(settings)
    opened.ingest()
    opened.warm_up()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def address(assistant: Assistant) -> Iterator[str]:
    with served(assistant) as where:
        yield where


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Iterator[Contexts]:
    opened = Contexts(browser)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def shared_context(contexts: Contexts) -> BrowserContext:
    """The context of most tests."""
    return contexts.context()


@pytest.fixture
def visit(contexts: Contexts, address: str) -> Iterator[Callable[..., Reader]]:
    """Opens pages, each for a reader of its own; afterwards none may have complained."""
    readers: list[Reader] = []

    def open_page(path: str = "/", at: str = address, **options: Any) -> Reader:
        reader = Reader.listening(contexts.page(len(readers), **options), at)
        readers.append(reader)
        return reader.open(path)

    yield open_page
    for reader in readers:
        reader.listen_no_more()
        contexts.leave(reader.page)
    assert [complaint for reader in readers for complaint in reader.complaints] == []
    assert [url for reader in readers for url in reader.outside()] == []
