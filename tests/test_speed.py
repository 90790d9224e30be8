"""The benchmark of speed measures what it says, at a size that is quick."""

from pathlib import Path

import pytest

from benchmarks import changes
from benchmarks.speed import (
    measure_changes,
    measure_growth,
    measure_ingestion,
    percentiles,
    rows,
)


def test_growth_is_measured_on_as_many_chunks_as_asked_for(tmp_path: Path) -> None:
    figures = measure_growth(tmp_path, 250)
    assert figures["chunks"] == 250
    assert (
        0 < figures["milliseconds to retrieve"]["p50"] <= figures["milliseconds to retrieve"]["p95"]
    )


def test_an_ingestion_is_measured_with_the_time_of_the_processor(tmp_path: Path) -> None:
    figures = measure_ingestion(tmp_path, 1)
    assert figures["chunks"] > 20
    assert figures["seconds"] > 0
    assert figures["seconds of the processor"] > 0
    assert figures["peak megabytes"] > 100


def test_each_kind_of_small_change_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "_SETTLING_SECONDS", 0.0)
    figures = measure_changes(tmp_path, 4)
    kinds = ("nothing changed", "one document added", "one document changed")
    for kind in (*kinds, "one document deleted"):
        assert figures[kind] > 0
        assert figures[f"the question after: {kind}"] > 0


def test_percentiles_are_milliseconds() -> None:
    assert percentiles([0.001 * n for n in range(101)]) == {"p50": 50.0, "p95": 95.0}


def test_nested_figures_are_rows_of_the_table() -> None:
    assert rows({"a": {"b": 1, "c": {"d": 2}}, "e": 3}) == [
        ("a: b", "1"),
        ("a: c: d", "2"),
        ("e", "3"),
    ]
