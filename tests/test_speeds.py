"""Tests are marked by what they use and where they are."""

from functools import cache

import pytest

from tests.conftest import REPOSITORY, pytest_collection_modifyitems
from tests.speeds import BROWSER_FIXTURES, SLOW_FIXTURES, SLOW_PLACES, longest_first, marks


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


class Collected:
    """A test as pytest has collected it."""

    def __init__(self, nodeid: str, *fixturenames: str) -> None:
        self.nodeid, self.fixturenames = nodeid, fixturenames
        self.marked: list[str] = []

    def add_marker(self, mark: str) -> None:
        self.marked.append(mark)


def test_collected_tests_are_marked_before_pytest_chooses_by_marks() -> None:
    items = [Collected("tests/web/chat/test_looks.py", "visit", "browser"), Collected("tests/x.py")]
    pytest_collection_modifyitems(items)  # type: ignore[arg-type]  # as far as it is used
    assert [item.marked for item in items] == [["browser"], []]
    assert pytest_collection_modifyitems.pytest_impl["tryfirst"]  # type: ignore[attr-defined]


def test_the_files_that_take_longest_come_first_and_stay_whole() -> None:
    files = ["quick", "slow", "quick", "browser", "other", "slow", "browser"]
    marked = [set(), {"slow"}, set(), {"browser", "slow"}, set(), {"slow"}, set()]
    order = longest_first(files, marked)
    assert [files[place] for place in order] == [
        *("browser", "browser", "slow", "slow", "quick", "quick", "other")
    ]
    assert order == [3, 6, 1, 5, 0, 2, 4]


def test_collected_files_are_put_in_that_order() -> None:
    quick, browser = Collected("tests/x.py"), Collected("tests/web/chat/test_a.py", "browser")
    items = [quick, browser]
    pytest_collection_modifyitems(items)  # type: ignore[arg-type]  # as far as it is used
    assert items == [browser, quick]


@pytest.mark.parametrize("place", SLOW_PLACES)
def test_the_slow_places_exist(place: str) -> None:
    path, _, function = place.partition("::")
    assert (REPOSITORY / path).exists()
    assert not function or f"def {function}(" in (REPOSITORY / path).read_text(encoding="utf-8")


@cache
def sources() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in (REPOSITORY / "tests").rglob("*.py")]


@pytest.mark.parametrize("name", sorted(BROWSER_FIXTURES | SLOW_FIXTURES))
def test_the_slow_fixtures_exist(name: str) -> None:
    assert any(f"def {name}(" in source for source in sources())
