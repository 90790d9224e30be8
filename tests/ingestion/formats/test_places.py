"""From a file with places to a citation that names its place."""

from pathlib import Path

import pytest

from assistant import Assistant, Settings
from assistant.testing import WordEncoder
from tests.ingestion.formats import test_slides
from tests.ingestion.formats.files import sheet_row, workbook

ROWS = [
    sheet_row(1, "Room", "Guests", "Price"),
    *(sheet_row(number, f"Room number {number}", number, number * 7) for number in range(2, 40)),
]
SLIDES = [
    test_slides.slide(test_slides.shape(None, test_slides.line(f"The pump of hall {name} is red.")))
    for name in ("Alder", "Birch", "Cedar")
]
FILES = {
    "rooms.xlsx": (workbook({"Rates": ("visible", "".join(ROWS))}), "Room number 17", "Rates!A17:C17"),
    "rooms.csv": (b"Room,Price\n" + b"".join(b"Room number %d,%d\n" % (n, n * 7) for n in range(2, 40)), "Room number 17", "line 17"),
    "halls.pptx": (test_slides.presentation(*SLIDES), "Cedar", "slide 3"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_passage_is_quoted_exactly_and_its_place_is_named(name: str, tmp_path: Path) -> None:
    content, words, place = FILES[name]
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / name).write_bytes(content)
    settings = Settings(corpus=tmp_path / "corpus", index=tmp_path / "index")
    with Assistant(settings, WordEncoder()) as assistant:
        assistant.ingest()
        (summary,) = assistant.documents()
        document = assistant.document(summary.id)
        hits = assistant.retrieve(words)
        (hit,) = [hit for hit in hits if words in hit.chunk.text][:1]
        assert document.text[hit.chunk.start : hit.chunk.end] == hit.chunk.text
        assert document.place_at(document.text.index(words)) == place
