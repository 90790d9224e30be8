"""Freed memory goes back to the system."""

import ctypes
import re
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.models.freed_memory import return_freed_memory

GROWING = """
from pathlib import Path
from assistant.models.freed_memory import return_freed_memory
from tests.models.test_freed_memory import resident

blocks, kept = [], []
for _ in range(1000):
    blocks.append(bytes([1]) * 50_000)  # too small to be mapped apart
    kept.append(bytes([1]) * 20_000)  # too large for what imports have left free
del blocks
print(resident(), return_freed_memory(), resident())
"""


def resident() -> int:
    """Return the megabytes of this process."""
    found = re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(found[1]) // 1024 if found else 0


@pytest.mark.skipif(sys.platform != "linux", reason="of glibc")
def test_what_is_free_between_what_is_used_is_given_back() -> None:
    if not hasattr(ctypes.CDLL(None), "malloc_trim"):
        pytest.skip("another C library")
    command = [sys.executable, "-c", GROWING]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    before, was_given, after = ran.stdout.split()
    assert was_given == "True"
    assert int(after) < int(before) - 25


def test_other_systems_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not return_freed_memory()
