"""The engines that the conformance suite runs over."""

from pathlib import Path

import pytest

from tests.postgres_server import PostgresServer
from tests.storage.kits import EmbeddedKit, Kit, PostgresKit


@pytest.fixture(params=["embedded", "postgres"])
def kit(request: pytest.FixtureRequest, tmp_path: Path) -> Kit:
    """An empty index of each engine in turn."""
    if request.param == "embedded":
        return EmbeddedKit(tmp_path / "index")
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return PostgresKit(server.new_database())
