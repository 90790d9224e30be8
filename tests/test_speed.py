"""The benchmark of speed measures what it says, at a size that is quick."""

from pathlib import Path

from benchmarks.speed import indexed_texts, measure_growth, percentiles, rows


def test_growth_is_measured_on_as_many_chunks_as_asked_for(tmp_path: Path) -> None:
    figures = measure_growth(tmp_path, 250)
    assert figures["chunks"] == 250
    assert len(indexed_texts(tmp_path / "index")) == 250
    assert (
        0 < figures["milliseconds to retrieve"]["p50"] <= figures["milliseconds to retrieve"]["p95"]
    )


def test_percentiles_are_milliseconds() -> None:
    assert percentiles([0.001 * n for n in range(101)]) == {"p50": 50.0, "p95": 95.0}


def test_nested_figures_are_rows_of_the_table() -> None:
    assert rows({"a": {"b": 1, "c": {"d": 2}}, "e": 3}) == [
        ("a: b", "1"),
        ("a: c: d", "2"),
        ("e", "3"),
    ]
