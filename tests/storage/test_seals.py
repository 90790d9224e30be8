import os
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from assistant import Assistant
from assistant.storage.seals import Seal, SealedDatabase
from tests.conftest import REPOSITORY

PROGRAM = """
import sys
from pathlib import Path
from assistant import Assistant, Settings
from assistant.testing import WordEncoder
with Assistant(Settings(corpus=Path("corpus"), index=Path("index")), WordEncoder()) as assistant:
    report = assistant.ingest()
print(report.unchanged, "chromadb" in sys.modules)
"""


def test_an_ingestion_that_finds_nothing_changed_does_not_open_the_vectors(
    small_assistant: Assistant, corpus: Path, tmp_path: Path
) -> None:
    (corpus / "otter.txt").write_text("The otter sleeps by day.")
    small_assistant.ingest()
    small_assistant.close()
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
    )
    assert ran.stdout == "('otter.txt',) False\n", ran.stderr


def test_a_seal_is_certain_for_the_version_of_chroma_that_wrote_it() -> None:
    database = SealedDatabase(4096, 1, 0, 0, version("chromadb"))
    seal = Seal(0, {}, database)
    assert seal.is_certain
    assert not replace(seal, database=None).is_certain
    assert not replace(seal, database=replace(database, chroma="0.0.1")).is_certain
