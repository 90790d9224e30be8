"""A working directory as the documentation supposes it."""

import shutil
from pathlib import Path

import pytest

from assistant import Assistant
from tests.conftest import CORPUS


@pytest.fixture
def working_directory(article_assistant: Assistant, tmp_path: Path) -> Path:
    """A folder with the sample documents and their index, to which a test may write."""
    shutil.copytree(CORPUS, tmp_path / "docs_corpus")
    shutil.copytree(article_assistant.settings.index, tmp_path / "index")
    return tmp_path
