"""A site for each test."""

from collections.abc import Iterator

import pytest

from tests.ingestion.sources.site import Site, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as served:
        yield served
