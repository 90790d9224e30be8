import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest

from assistant import ModelError, PassageReading, WindowText
from assistant.models.bundled_reader import BundledReader
from assistant.models.windows import Window

SHIPPED = Path(str(resources.files("assistant.models") / "reader"))
PASSAGES = [
    "The bridge was opened in 1932 by the mayor. It is painted every ten years.",
    "Bread is baked in the early morning by three bakers.",
    "",
]
WINDOWS = [WindowText("", passage) for passage in PASSAGES]
TEXT = [WindowText("", "text")]


@pytest.fixture(scope="module")
def reader() -> BundledReader:
    return BundledReader()


def test_the_words_that_answer_are_found_with_exact_offsets(reader: BundledReader) -> None:
    readings = reader.read("When was the bridge opened?", WINDOWS)
    best = readings[0].spans[0]
    assert "1932" in PASSAGES[0][best.start : best.end]
    assert best.probability >= reader.thresholds.possible


def test_a_passage_that_does_not_answer_is_improbable(reader: BundledReader) -> None:
    bridge, bread, empty = reader.read("When was the bridge opened?", WINDOWS)
    assert bread.spans[0].probability < reader.thresholds.possible < bridge.spans[0].probability
    assert empty == PassageReading()


def test_the_sentence_that_shows_the_answer_is_the_likeliest_evidence(
    reader: BundledReader,
) -> None:
    best, other = reader.read("When was the bridge opened?", WINDOWS)[0].evidence
    assert PASSAGES[0][best.start : best.end] == "The bridge was opened in 1932 by the mayor."
    assert best.probability > 0.5 > other.probability


def test_a_statement_is_supported_only_by_the_passage_that_says_it(reader: BundledReader) -> None:
    bridge, bread, _ = reader.support("The mayor opened the bridge in 1932.", WINDOWS)
    assert bridge.supported > 0.5
    assert bread.not_said > 0.5
    wrong = reader.support("The mayor opened the bridge in 1950.", WINDOWS)[0]
    assert wrong.supported < 0.5


def test_readings_are_ordered_and_do_not_overlap(reader: BundledReader) -> None:
    for reading in reader.read("How often is the bridge painted?", WINDOWS):
        probabilities = [span.probability for span in reading.spans]
        assert probabilities == sorted(probabilities, reverse=True)
        spans = sorted((span.start, span.end) for span in reading.spans)
        assert all(left[1] <= right[0] for left, right in pairwise(spans))


def test_a_long_passage_is_read_in_windows_with_exact_offsets(reader: BundledReader) -> None:
    filler = "The weather was mild and the harvest was good. " * 60
    passage = filler + PASSAGES[0] + " " + filler
    best = reader.read("When was the bridge opened?", [WindowText("", passage)])[0].spans[0]
    assert "1932" in passage[best.start : best.end]


def test_reading_is_deterministic(reader: BundledReader) -> None:
    first = reader.read("Who opened the bridge?", WINDOWS)
    assert first == reader.read("Who opened the bridge?", WINDOWS)


def test_a_passage_is_read_the_same_whatever_it_is_read_with(reader: BundledReader) -> None:
    question = "How often is the bridge painted?"
    together = reader.read(question, [*WINDOWS, WindowText("", PASSAGES[1] * 12)])
    assert together[:2] == [reader.read(question, [window])[0] for window in WINDOWS[:2]]


@pytest.mark.parametrize("question", ["", "?", "🙂" * 500, "\0", "why " * 400])
def test_odd_questions_are_read_without_an_error(reader: BundledReader, question: str) -> None:
    assert len(reader.read(question, WINDOWS)) == 3
    assert reader.read(question, []) == []


def test_a_changed_file_is_refused_with_the_remedy(tmp_path: Path) -> None:
    folder = tmp_path / "reader"
    shutil.copytree(SHIPPED, folder)
    with (folder / "reader.onnx").open("ab") as file:
        file.write(b"x")
    with pytest.raises(ModelError, match="ASSISTANT_READER=none"):
        BundledReader(folder).read("Why?", TEXT)


def test_a_missing_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"reader\.json"):
        BundledReader(tmp_path).read("Why?", TEXT)
    (tmp_path / "reader.json").write_text(json.dumps({"threshold": 0.5, "sha256": {}}))
    with pytest.raises(ModelError, match="lacks"):
        BundledReader(tmp_path).read("Why?", TEXT)


def test_the_model_is_small_and_described() -> None:
    assert (SHIPPED / "reader.onnx").stat().st_size <= 40_000_000
    card = (SHIPPED / "MODEL_CARD.md").read_text(encoding="utf-8")
    for word in ("SQuAD", "CC BY-SA 4.0", "arm64"):
        assert word in card


def test_reading_imports_no_torch_and_stays_small() -> None:
    code = (
        "import resource, sys\n"
        "import numpy, onnxruntime\n"
        "from assistant.models.bundled_reader import BundledReader\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "from assistant import WindowText\n"
        "windows = [WindowText('', 'It was opened in 1932. ' * 20)] * 12\n"
        "BundledReader().read('When?', windows)\n"
        "after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "print((after - before) / 1024, 'torch' in sys.modules)\n"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert float(printed[0]) <= 120
    assert printed[1] == "False"


def test_the_last_readings_are_kept_and_no_more(
    reader: BundledReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, other = "Who opened the bridge?", "Who bakes the bread?"
    first = reader.read(asked, WINDOWS)
    read: list[str] = []
    windows = reader.windows

    def counting(question: str, passages: Sequence[WindowText]) -> list[list[Window]]:
        read.extend([question] * len(passages))
        return windows(question, passages)

    monkeypatch.setattr(reader, "windows", counting)
    assert reader.read(asked, WINDOWS[::-1]) == first[::-1]
    assert read == []
    reader.read(other, WINDOWS)
    assert read == [other] * 3
    many = [WindowText("", f"Nobody came in {year}.") for year in range(1900, 1964)]
    reader.read(other, many)
    assert reader.read(asked, WINDOWS) == first
    assert read.count(asked) == 3
