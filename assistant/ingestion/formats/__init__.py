"""The formats that can be read, one a file: bytes of a file in, its text out.

Those that need a parser (HTML, PDF, Word) are read in a process of their own, see ``worker.py``.
"""

from dataclasses import dataclass

from assistant.types import Box


class UnreadableFileError(Exception):
    """Why a file is skipped; becomes a `SkippedFile`, never an error of the whole."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a file says: its text, the title it gives itself, the offsets at which pages begin.

    ``origins`` are the runs of the text that stand in the file in the same characters: the offset in
    the text, the offset in the file and the line there, from 1. ``places`` are the offsets at which
    slides, rows, chapters and the like begin, with their names.
    ``boxes`` are the lines that were recognised in pictures, and ``styles`` the stretches in emphasis
    and quotations, as in `assistant.types.Document`.
    ``pictures`` counts the pages whose text could only be recognised (OCR), and is not.
    ``notes`` name the parts that could not be read, ``decisions`` what was left out on purpose and
    where the order of reading was inferred, both in words for people.
    """

    text: str
    title: str = ""
    page_starts: tuple[int, ...] = ()
    origins: tuple[tuple[int, int, int], ...] = ()
    places: tuple[tuple[int, str], ...] = ()
    notes: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    pictures: int = 0
    boxes: tuple[Box, ...] = ()
    styles: tuple[tuple[int, int, str], ...] = ()
