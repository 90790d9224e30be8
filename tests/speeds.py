"""Which tests are marked ``slow`` and ``browser``: by what they use and where they are.

A test that uses one of the fixtures, or whose name begins like one of the places, has the mark. The fast tests that
remain take at most a minute on two cores: ``make test-fast``.
"""

from collections import Counter
from collections.abc import Collection, Sequence

BROWSER_FIXTURES = {"browser"}
"""They start Chromium."""

SLOW_FIXTURES = {
    "address",  # a server
    "assistant",  # of the server's tests and of every format's: the documents embedded by torch
    "handbook_assistant",
    "ingested",
    "library",
    "own_server",  # of PostgreSQL
    "postgres_server",
    "tiny_model",
    "towers",
    "working_directory",  # programs that are run as their readers would
}

SLOW_PLACES = (
    "tests/answering/test_model_troubles.py",
    "tests/answering/test_real_model.py",
    "tests/cli/test_feedback_command.py",
    "tests/documentation/test_site.py",
    "tests/evaluation/article.eval.yaml",
    "tests/evaluation/handbook.eval.yaml",
    "tests/evaluation/test_pytest_plugin.py",
    "tests/feedback/test_store.py::test_several_processes_write_at_the_same_time",
    "tests/ingestion/formats/test_docx.py::test_a_zip_bomb_is_refused_before_it_is_unpacked",
    "tests/ingestion/formats/test_pdf.py::test_ten_thousand_pages_are_read_within_the_limits",
    "tests/ingestion/test_hostile_files.py",
    "tests/ingestion/test_killing.py",
    "tests/ingestion/test_memory.py",
    "tests/ingestion/test_pipeline.py",
    "tests/ingestion/test_watching.py",
    "tests/models/test_bundled_encoder.py",
    "tests/models/test_local_server.py",
    "tests/models/test_sentence_transformer.py",
    "tests/packaging/",
    "tests/storage/test_conformance.py",
    "tests/storage/test_damage.py",
    "tests/test_speed.py",
    "tests/training/",
    "tests/web/test_nginx.py",
    "tests/web/test_server.py",
    "tests/web/test_shutdown.py",
)
"""They start processes, wait for time to pass, import torch or ask hundreds of questions."""


def marks(name: str, fixtures: Collection[str]) -> set[str]:
    """Return the marks of a test by its name for pytest, as ``path::function``, and its fixtures."""
    found = set()
    if not BROWSER_FIXTURES.isdisjoint(fixtures):
        found.add("browser")
    if name.startswith(SLOW_PLACES) or not SLOW_FIXTURES.isdisjoint(fixtures):
        found.add("slow")
    return found


_WEIGHTS = {"browser": 10, "slow": 1}
"""A test in a browser takes seconds; one that is slow takes tenths of a second in the files with most of them."""


def longest_first(files: Sequence[str], marked: Sequence[Collection[str]]) -> list[int]:
    """Return the order in which to run tests, by file: those with most to do first.

    Processes that share the tests take file after file. Quick files at the end keep all of them busy to the end.
    The tests of a file stay together, in their order.
    """
    weights: Counter[str] = Counter()
    for file, found in zip(files, marked, strict=True):
        weights[file] += max((_WEIGHTS[mark] for mark in found), default=0)
    places = {file: place for place, file in enumerate(dict.fromkeys(files))}
    return sorted(range(len(files)), key=lambda it: (-weights[files[it]], places[files[it]]))
