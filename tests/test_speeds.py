"""Tests are marked by what they use and where they are."""

import subprocess
import sys

import pytest

from tests.conftest import REPOSITORY
from tests.speeds import BROWSER_FIXTURES, SLOW_FIXTURES, SLOW_PLACES, marks


@pytest.mark.parametrize(
    ("path", "fixtures", "expected"),
    [
        ("tests/text/test_words.py", [], set()),
        ("tests/web/chat/test_chat.py", ["visit", "browser"], {"browser"}),
        ("tests/web/test_x.py", ["address", "browser"], {"browser", "slow"}),
        ("tests/training/test_training.py", [], {"slow"}),
    ],
)
def test_marks_follow_fixtures_and_places(
    path: str, fixtures: list[str], expected: set[str]
) -> None:
    assert marks(path, fixtures) == expected


@pytest.mark.slow
def test_what_starts_a_browser_is_left_out_of_the_fast_tests() -> None:
    for chosen, is_left in (("browser", True), ("not slow and not browser", False)):
        collecting = ["--collect-only", "-q", "-m", chosen, "tests/web/chat/test_looks.py"]
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *collecting],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
        )
        assert ("test_axe_finds_nothing_serious" in ran.stdout) == is_left, ran.stdout


@pytest.mark.parametrize("place", SLOW_PLACES)
def test_the_slow_places_exist(place: str) -> None:
    path, _, function = place.partition("::")
    assert (REPOSITORY / path).exists()
    assert not function or f"def {function}(" in (REPOSITORY / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(BROWSER_FIXTURES | SLOW_FIXTURES))
def test_the_slow_fixtures_exist(name: str) -> None:
    sources = (path.read_text(encoding="utf-8") for path in (REPOSITORY / "tests").rglob("*.py"))
    assert any(f"def {name}(" in source for source in sources)
