"""Read robots.txt as RFC 9309 has it: the longest rule that matches decides, and ``allow`` wins a tie."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_MOST_BYTES = 500 * 1024
_LONGEST_DELAY = 10.0


@dataclass(frozen=True, slots=True)
class Robots:
    """What a site allows us: rules of a path's beginning, and seconds between two requests."""

    rules: tuple[tuple[str, bool], ...] = ()
    delay: float = 0.0

    def allow(self, path: str) -> bool:
        """Return whether a path, with its query, may be fetched."""
        matching = [
            (len(pattern), allowed) for pattern, allowed in self.rules if _matches(pattern, path)
        ]
        return max(matching, default=(0, True))[1]


NOTHING_ALLOWED = Robots((("/", False),))


def read_robots(content: bytes, agent: str) -> Robots:
    """Return the rules for an agent, else those for all."""
    groups: dict[str, list[tuple[str, str]]] = {}
    current: list[str] = []
    in_rules = False
    for key, value in _lines(content):
        if key == "user-agent":
            current = [] if in_rules else current
            in_rules = False
            current.append(value.lower())
            groups.setdefault(value.lower(), [])
        else:
            in_rules = True
            for name in current:
                groups[name].append((key, value))
    return _robots(groups.get(agent.lower(), groups.get("*", [])))


def _lines(content: bytes) -> list[tuple[str, str]]:
    text = content[:_MOST_BYTES].decode("utf-8-sig", "replace")
    pairs = (line.partition("#")[0].partition(":") for line in re.split(r"[\r\n]+", text))
    return [
        (key.strip().lower(), value.strip())
        for key, _, value in pairs
        if key.strip().lower() in ("user-agent", "allow", "disallow", "crawl-delay")
    ]


def _robots(lines: Sequence[tuple[str, str]]) -> Robots:
    rules = [(value, key == "allow") for key, value in lines if value and key != "crawl-delay"]
    delays = [value for key, value in lines if key == "crawl-delay"]
    seconds = [float(value) for value in delays if re.fullmatch(r"\d{1,5}(\.\d{1,3})?", value)]
    return Robots(tuple(rules), min(max(seconds, default=0.0), _LONGEST_DELAY))


def _matches(pattern: str, path: str) -> bool:
    """Return whether a path begins as a pattern: ``*`` is anything, ``$`` at its end the path's end."""
    is_whole = pattern.endswith("$")
    first, *parts = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    place = len(first)
    for part in parts:
        place = path.find(part, place)
        if place < 0:
            return False
        place += len(part)
    if not is_whole:
        return True
    last = parts[-1] if parts else ""
    return path.endswith(last) if parts else place == len(path)
