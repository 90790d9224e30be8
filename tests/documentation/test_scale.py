"""The table and the picture of growth in the deployment page are those of the recorded figures."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.scale_plot import drawing
from tests.conftest import REPOSITORY

FIGURES: list[dict[str, Any]] = json.loads(
    (REPOSITORY / "benchmarks" / "scale_figures.json").read_text(encoding="utf-8")
)
PAGE = (REPOSITORY / "docs" / "deployment.md").read_text(encoding="utf-8")


def cells(beginning: str, section: str = PAGE) -> list[str]:
    """Return the cells of the only row that begins so, without the first."""
    (line,) = (line for line in section.splitlines() if line.startswith(f"| {beginning}"))
    return [cell.strip() for cell in line.strip("|").split("|")[1:]]


def size(megabytes: float) -> str:
    return f"{megabytes:.0f} MB" if megabytes < 1000 else f"{megabytes / 1000:.1f} GB"


def times(row: dict[str, Any], name: str) -> str:
    return f"{row[f'{name}_p50']:.0f} / {row[f'{name}_p95']:.0f} ms"


ROWS: list[tuple[str, Callable[[dict[str, Any]], str]]] = [
    ("chunks written", lambda row: f"{row['written_per_second']:,.0f}"),
    ("building the graph and", lambda row: f"{row['graph_and_switch_seconds']:,.0f} s"),
    ("one more document", lambda row: f"{row['one_more_document_seconds']:.1f} s"),
    ("retrieval, median", lambda row: times(row, "retrieval")),
    ("in a folder with", lambda row: times(row, "in_folder")),
    ("recall@8 against", lambda row: f"{row['recall_at_8']:.3f}"),
    ("in the folder", lambda row: f"{row['recall_at_8_in_folder']:.3f}"),
    ("on disk", lambda row: size(row["megabytes_on_disk"])),
    ("memory of the server", lambda row: size(row["server_megabytes"])),
]


@pytest.mark.parametrize(("beginning", "cell"), ROWS, ids=[row for row, _ in ROWS])
def test_the_table_has_the_recorded_figures(
    beginning: str, cell: Callable[[dict[str, Any]], str]
) -> None:
    assert cells(beginning) == [cell(row) for row in FIGURES]


def test_the_table_of_candidates_has_the_recorded_figures() -> None:
    million = FIGURES[-1]
    section = PAGE[PAGE.index("| candidates") :]
    widths = cells("candidates")
    width_keys = [width.replace(",", "") for width in widths]
    recalls, speeds = million["recall_by_width"], million["milliseconds_by_width"]
    assert width_keys == list(recalls)
    assert cells("recall@8 |", section) == [f"{recalls[key]:.3f}" for key in width_keys]
    assert cells("a search", section) == [f"{speeds[key]:.0f} ms" for key in width_keys]


def test_the_text_has_the_recorded_load_and_questions_without_any_of_the_nearest() -> None:
    (lowest, highest) = re.findall(r"a load of (\d+) to (\d+)\), so", PAGE)[0]
    loads = [row["load"] for row in FIGURES]
    assert (f"{min(loads):.0f}", f"{max(loads):.0f}") == (lowest, highest)
    assert FIGURES[-1]["none_found"] == 1
    assert "at a million, one still found none" in PAGE


def test_the_picture_is_drawn_from_the_recorded_figures() -> None:
    picture = (REPOSITORY / "docs" / "scale.svg").read_text(encoding="utf-8")
    assert drawing(FIGURES) == picture
