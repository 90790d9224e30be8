"""What a container may use is less than what its machine has."""

import os
from pathlib import Path

import pytest

from assistant.models.machine import memory, processors


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A process in the cgroup /outer/inner, with a tree of cgroups beside its file."""
    (tmp_path / "cgroups" / "outer" / "inner").mkdir(parents=True)
    path = tmp_path / "own"
    path.write_text("0::/outer/inner\n")
    return path


def test_this_machine_has_memory_and_processors() -> None:
    assert 0.1 < memory() < 100_000
    assert 1 <= processors() <= (os.cpu_count() or 1)


@pytest.mark.parametrize("place", ["", "outer", "outer/inner"])
def test_the_limits_of_a_container_and_of_those_around_it_hold(own: Path, place: str) -> None:
    cgroups = own.parent / "cgroups"
    (cgroups / place / "memory.max").write_text("64000000\n")
    (cgroups / place / "cpu.max").write_text("100000 100000\n")
    assert memory(cgroups, own) == 0.064
    assert processors(cgroups, own) == 1


@pytest.mark.parametrize("limit", ["max", "max 100000", "", "many", "100000 0", "-1"])
def test_no_limit_and_no_number_leave_the_whole_machine(own: Path, limit: str) -> None:
    cgroups = own.parent / "cgroups"
    for name in ("memory.max", "cpu.max"):
        (cgroups / "outer" / name).write_text(limit)
    assert processors(cgroups, own) == processors(cgroups, own.parent / "none")
    if not limit[:1].isdecimal():
        assert memory(cgroups, own) == memory(cgroups, own.parent / "none") > 0.1


def test_half_a_processor_is_one(own: Path) -> None:
    (own.parent / "cgroups" / "cpu.max").write_text("50000 100000")
    assert processors(own.parent / "cgroups", own) == 1


@pytest.mark.parametrize("text", ["0::/../../x", "", "12:memory:/docker/abc", "0::/gone/away"])
def test_a_cgroup_that_cannot_be_read_limits_nothing(own: Path, text: str) -> None:
    own.write_text(text)
    assert memory(own.parent / "cgroups", own) > 0.1
