"""Word lists and phrases, kept as data in ``lexicon/*.txt``."""

from functools import cache
from importlib import resources


@cache
def lexicon(name: str) -> tuple[str, ...]:
    """Return the entries of ``lexicon/NAME.txt`` in order, one per line. ``#`` begins a comment."""
    text = (resources.files("assistant.text") / "lexicon" / f"{name}.txt").read_text("utf-8")
    entries = (line.partition("#")[0].strip() for line in text.splitlines())
    return tuple(entry for entry in entries if entry)
