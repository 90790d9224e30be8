"""Public names are found, listed for completion, and those that are not there are errors."""

import importlib
import sys
from pathlib import Path

import pytest

import assistant
from assistant.lazy_names import lazy_names


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


def test_a_module_is_imported_when_one_of_its_names_is_first_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "orchard"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "early.py").write_text("apple = 1", encoding="utf-8")
    (package / "late.py").write_text("apple, pear, hidden = 2, 3, 4", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module("orchard")
    get, listed = lazy_names("orchard", ["apple", "pear"], ["early", "late"])
    assert (get("apple"), "orchard.late" in sys.modules) == (1, False)
    assert (get("pear"), "orchard.late" in sys.modules) == (3, True)
    assert {"apple", "pear", "__name__"} <= set(listed())
    with pytest.raises(AttributeError, match="hidden"):
        get("hidden")
