"""The engines that the conformance suite runs over."""

from pathlib import Path

import pytest

from tests.storage.kits import EmbeddedKit, Kit


@pytest.fixture(params=["embedded"])
def kit(request: pytest.FixtureRequest, tmp_path: Path) -> Kit:
    """An empty index of each engine in turn."""
    return EmbeddedKit(tmp_path / "index")
