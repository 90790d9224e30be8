"""The formats that can be read, one a file: bytes of a file in, its text out.

Those that need a parser (HTML, PDF, Word) are read in a process of their own, see ``worker.py``.
"""

from dataclasses import dataclass


class UnreadableFileError(Exception):
    """Why a file is skipped; becomes a `SkippedFile`, never an error of the whole."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a file says: its text, the title it gives itself, the offsets at which pages begin."""

    text: str
    title: str = ""
    page_starts: tuple[int, ...] = ()
