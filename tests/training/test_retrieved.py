"""Held-out questions are asked as the product asks them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from assistant.models.bundled_reader import BundledReader
from tests.training import late
from tests.training.tiny import row, tiny_reader
from training.documents import Asked


def test_the_windows_are_read_as_retrieval_ranks_them(tmp_path: Path) -> None:
    late.export.export(tiny_reader().state_dict(), tmp_path)
    reader = BundledReader(tmp_path)
    windows = tuple(replace(row(number), question=row(2).question) for number in range(4))
    asked = Asked(
        row(2).question, (windows[2],), (), (2, 0, 3, 1), windows, (0.2, 0.0, 0.3, 0.1), row(2)
    )
    candidates = late.retrieved.candidates_of(reader, asked)
    assert [one.row for one in candidates] == [windows[place] for place in (1, 3, 0, 2)]
    assert [(one.place, one.coverage) for one in candidates] == [
        (1, 0.0),
        (2, 0.1),
        (3, 0.2),
        (4, 0.3),
    ]
    for one in candidates:
        assert 0 <= one.reading.start < one.reading.end <= len(one.row.context)
        assert one.reading.scores.keys() == {"answers", "margin", "evidence"}
