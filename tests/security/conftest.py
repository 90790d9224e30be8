"""What the attacks share with the tests of serving: the real article behind a real server."""

from pathlib import Path

import pytest

from tests.web.conftest import GRADIOS_OWN_WARNINGS, assistant, corpus, settings

__all__ = ["assistant", "corpus", "settings"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave Gradio its own warnings, in the tests of this folder only."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            for warning in GRADIOS_OWN_WARNINGS:
                item.add_marker(pytest.mark.filterwarnings(warning))
