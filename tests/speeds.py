"""Which tests are marked ``slow`` and ``browser``: by what they use and where they are.

A test that uses one of the fixtures, or is at one of the paths, has the mark. The fast tests that
remain take at most a minute on two cores: ``make test-fast``.
"""

from collections.abc import Collection

BROWSER_FIXTURES = {"browser", "page"}
"""They start Chromium."""

SLOW_FIXTURES = {
    "address",  # a server
    "assistant",  # of the server's tests and of every format's: the documents embedded by torch
    "handbook_assistant",
    "ingested",
    "library",
    "tiny_model",
    "towers",
    "working_directory",  # programs that are run as their readers would
}

SLOW_PATHS = (
    "tests/answering/test_real_model.py",
    "tests/cli/test_feedback_command.py",
    "tests/documentation/test_site.py",
    "tests/evaluation/article.eval.yaml",
    "tests/evaluation/handbook.eval.yaml",
    "tests/evaluation/test_pytest_plugin.py",
    "tests/ingestion/test_hostile_files.py",
    "tests/ingestion/test_killing.py",
    "tests/ingestion/test_memory.py",
    "tests/ingestion/test_watching.py",
    "tests/models/test_bundled_encoder.py",
    "tests/models/test_sentence_transformer.py",
    "tests/storage/test_damage.py",
    "tests/test_speed.py",
    "tests/training/",
    "tests/web/test_server.py",
    "tests/web/test_shutdown.py",
)
"""They start processes, wait for time to pass, import torch or ask hundreds of questions."""


def marks(path: str, fixtures: Collection[str]) -> set[str]:
    """Return the marks of a test at a path below the repository, which uses some fixtures."""
    found = set()
    if not BROWSER_FIXTURES.isdisjoint(fixtures):
        found.add("browser")
    if path.startswith(SLOW_PATHS) or not SLOW_FIXTURES.isdisjoint(fixtures):
        found.add("slow")
    return found
