"""Public names are found, listed for completion, and those that are not there are errors."""

import importlib

import pytest

import assistant


@pytest.mark.parametrize("package", ["assistant", "assistant.evaluation", "assistant.web"])
def test_every_public_name_is_imported_and_listed(package: str) -> None:
    module = importlib.import_module(package)
    assert module.__all__
    for name in module.__all__:
        assert getattr(module, name).__name__ == name
    assert set(module.__all__) <= set(dir(module))


def test_a_name_that_is_not_there_is_an_error_that_names_it() -> None:
    with pytest.raises(AttributeError, match="'assistant' has no attribute 'Nonsense'"):
        assistant.Nonsense  # type: ignore[attr-defined]  # noqa: B018
