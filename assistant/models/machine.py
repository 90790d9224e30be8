"""What this process may use of its machine: all of it, or what a container's cgroup leaves."""

import os
from contextlib import suppress
from pathlib import Path

_CGROUPS = Path("/sys/fs/cgroup")
_OWN_CGROUP = Path("/proc/self/cgroup")


def memory(cgroups: Path = _CGROUPS, own: Path = _OWN_CGROUP) -> float:
    """Return the memory that this process may use in GB, or 0 if the system does not tell."""
    limits = [int(limit) for limit in _limits("memory.max", cgroups, own) if limit.isdecimal()]
    with suppress(AttributeError, ValueError):
        limits.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return min(limits, default=0) / 1e9


def processors(cgroups: Path = _CGROUPS, own: Path = _OWN_CGROUP) -> int:
    """Return how many processors this process may use at a time, at least 1."""
    counts = [os.cpu_count() or 1]
    if hasattr(os, "sched_getaffinity"):
        counts.append(len(os.sched_getaffinity(0)))
    for limit in _limits("cpu.max", cgroups, own):
        quota, _, period = limit.partition(" ")
        if quota.isdecimal() and period.isdecimal() and int(period):
            counts.append(round(int(quota) / int(period)))
    return max(1, min(counts))


def _limits(file: str, cgroups: Path, own: Path) -> list[str]:
    """Return what a file of version 2 says in this process's cgroup and in those above it."""
    try:
        lines = own.read_text().splitlines()
    except OSError:  # no Linux
        return []
    path = next((line[3:] for line in lines if line.startswith("0::")), "/")
    folder = cgroups / path.strip("/")
    places = [folder, *folder.parents]
    found = []
    for place in places[: places.index(cgroups) + 1] if cgroups in places else [cgroups]:
        with suppress(OSError):  # the root has no limits
            found.append((place / file).read_text().strip())
    return found
