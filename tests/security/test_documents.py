"""Documents: whatever one of them does, the others are ingested, within its time and memory."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant import Assistant, Settings
from assistant.evaluation.yaml_text import read_yaml
from assistant.ingestion.budget import TEXTS_AT_ONCE, TimeBudget, TokenBudget
from assistant.ingestion.embedding import CHUNKS_AT_ONCE
from assistant.ingestion.formats import UnreadableFileError
from assistant.testing import ScriptedChatModel, WordEncoder
from assistant.text.blocks import blocks

ORDERS = Path(__file__).parents[1] / "text" / "orders.yaml"
GOOD = "The tower of Pisa was begun in 1173."


class Fragile(WordEncoder):
    """An encoder that breaks over some texts, as a tokenizer or a model may."""

    def __init__(self) -> None:
        super().__init__()
        self.breaks_counting = self.breaks_encoding = "nothing"

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        if any(self.breaks_counting in text for text in texts):
            raise RecursionError("maximum recursion depth exceeded")
        return super().count_tokens(texts)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if any(self.breaks_encoding in text for text in texts):
            raise ValueError("not a text that I know")
        return super().encode(texts)


@pytest.fixture
def fragile() -> Fragile:
    return Fragile()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "good.txt").write_text(GOOD, encoding="utf-8")
    return tmp_path


def opened(folder: Path, encoder: WordEncoder, **settings: Any) -> Assistant:
    places: dict[str, Any] = {
        "corpus": folder / "corpus",
        "index": folder / "index",
        "reader": "none",
    }
    return Assistant(Settings(**{**places, **settings}), encoder)


@pytest.mark.parametrize(
    "character",
    ["\u0301", "\u0e49", "\u200d", "\ufe0f", "\u20e3", "\U000e0100", "\u0654"],
    ids=ascii,
)
@pytest.mark.parametrize("count", [2_000, 100_000])
def test_a_run_of_marks_is_split_like_any_text(
    folder: Path, fragile: Fragile, character: str, count: int
) -> None:
    text = f"a{character * count}"
    (folder / "corpus" / "marks.txt").write_text(text, encoding="utf-8")
    with opened(folder, fragile) as assistant:
        report = assistant.ingest()
        assert report.added == ("good.txt", "marks.txt")
        (article,) = [one for one in assistant.documents() if one.source == "marks.txt"]
        assert assistant.document(article.id).text == text


@pytest.mark.parametrize("step", ["breaks_counting", "breaks_encoding"])
def test_whatever_a_step_raises_skips_that_document_alone(
    folder: Path, fragile: Fragile, step: str
) -> None:
    for name in ("a", "z"):
        (folder / "corpus" / f"{name}.txt").write_text(f"Poison {name}.", encoding="utf-8")
    setattr(fragile, step, "Poison")
    with opened(folder, fragile) as assistant:
        report = assistant.ingest()
        assert report.added == ("good.txt",)
        assert [skipped.source for skipped in report.skipped] == ["a.txt", "z.txt"]
        assert all("it cannot be processed" in skipped.reason for skipped in report.skipped)
        assert assistant.ingest().unchanged == ("good.txt",)
        assert not assistant.status().stale
        assert assistant.retrieve("tower")[0].chunk.text == GOOD


def test_a_document_that_breaks_after_it_was_indexed_is_skipped_too(
    folder: Path, fragile: Fragile
) -> None:
    changing = folder / "corpus" / "changing.txt"
    changing.write_text("Harmless.", encoding="utf-8")
    with opened(folder, fragile) as assistant:
        assistant.ingest()
        changing.write_text("Poison.", encoding="utf-8")
        fragile.breaks_encoding = "Poison"
        report = assistant.ingest()
        assert [skipped.source for skipped in report.skipped] == ["changing.txt"]
        assert [document.source for document in assistant.documents()] == ["good.txt"]


def test_splitting_has_the_time_of_reading(folder: Path, fragile: Fragile) -> None:
    headings = "".join(f"# Heading {number}\n\nText.\n\n" for number in range(5_000))
    (folder / "corpus" / "headings.md").write_text(headings, encoding="utf-8")
    started = time.monotonic()
    with opened(folder, fragile, max_reading_seconds=0.05) as assistant:
        report = assistant.ingest()
    assert time.monotonic() - started < 60
    assert report.added == ("good.txt",)
    assert "max_reading_seconds" in report.skipped[0].reason


def test_tokens_are_counted_in_batches_until_the_time_is_over() -> None:
    sizes: list[int] = []

    def count(texts: Sequence[str]) -> list[int]:
        sizes.append(len(texts))
        return [1] * len(texts)

    assert TokenBudget(count, TimeBudget(60)).count(["x"] * 2500) == [1] * 2500
    assert max(sizes) == TEXTS_AT_ONCE
    with pytest.raises(UnreadableFileError, match="longer than -1 seconds"):
        TokenBudget(count, TimeBudget(-1)).count(["x"])


def test_a_document_whose_embedding_takes_too_long_is_cut(folder: Path, fragile: Fragile) -> None:
    notes = "".join(f"Note {number} is about otter {number}.\n\n" for number in range(20_000))
    (folder / "corpus" / "notes.txt").write_text(notes, encoding="utf-8")
    with opened(folder, fragile, max_embedding_seconds=0.001) as assistant:
        report = assistant.ingest()
        assert report.added == ("good.txt", "notes.txt")
        (cut,) = report.partly_read
        assert cut.source == "notes.txt"
        assert "can be searched" in cut.reason
        assert "max_embedding_seconds" in cut.reason
        assert report.chunks_total == 1 + CHUNKS_AT_ONCE
        (found,) = [one for one in assistant.documents() if one.source == "notes.txt"]
        assert assistant.document(found.id).text == notes
        assert assistant.ingest().unchanged == ("good.txt", "notes.txt")


def test_looking_for_orders_has_the_time_of_reading(folder: Path, fragile: Fragile) -> None:
    paragraphs = "".join(f"Answer question {number}.\n\n" for number in range(60_000))
    (folder / "corpus" / "long.txt").write_text(paragraphs, encoding="utf-8")
    with opened(folder, fragile, max_reading_seconds=0.1) as assistant:
        report = assistant.ingest()
    assert report.added == ("good.txt",)
    assert "max_reading_seconds" in report.skipped[0].reason


def test_a_path_too_long_for_the_system_is_skipped(folder: Path, fragile: Fragile) -> None:
    name = "n" * 250
    start = os.getcwd()
    try:
        os.chdir(folder / "corpus")
        for _ in range(18):
            os.mkdir(name)
            os.chdir(name)
        Path("deep.txt").write_text("Deep.", encoding="utf-8")
    finally:
        os.chdir(start)
    try:
        with opened(folder, fragile) as assistant:
            report = assistant.ingest()
        assert report.added == ("good.txt",)
        assert "path is longer" in report.skipped[0].reason
        assert len(report.skipped[0].source) < 1000
    finally:
        subprocess.run(["rm", "-rf", str(folder / "corpus" / name)], check=True)


MANY = """
import resource, sys
from pathlib import Path
from assistant import Assistant, Settings
from assistant.testing import ScriptedChatModel, WordEncoder
folder = Path(sys.argv[1])
places = {"corpus": folder / "corpus", "index": folder / "index", "reader": "none"}
with Assistant(Settings(**places, max_reading_seconds=120), WordEncoder()) as assistant:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = assistant.ingest()
    assert "good.txt" in report.added
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_a_list_of_thirty_thousand_items_takes_little_memory(folder: Path) -> None:
    (folder / "corpus" / "list.md").write_text("- a\n" * 30_000, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", MANY, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 200


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"# Heading {number}\n" for number in range(200_000)),
        "- an item of a list\n" * 300_000,
        "".join(f"Note {number} about otter {number * 7919}.\n\n" for number in range(30_000)),
    ],
    ids=["headings", "items", "notes"],
)
def test_a_long_document_costs_its_time_alone(folder: Path, fragile: Fragile, text: str) -> None:
    (folder / "corpus" / "long.md").write_text(text, encoding="utf-8")
    started = time.monotonic()
    with opened(folder, fragile, max_reading_seconds=3, max_embedding_seconds=1) as assistant:
        report = assistant.ingest()
        assert "good.txt" in report.added
        assert time.monotonic() - started < 60
        said = [*report.skipped, *report.partly_read]
        assert [one.source for one in said] in ([], ["long.md"])
        assert ("long.md" in report.added) or report.skipped


def test_of_a_hundred_orders_in_documents_95_are_marked_or_left_out(
    folder: Path, fragile: Fragile
) -> None:
    orders: dict[str, list[str]] = read_yaml(ORDERS).data
    given = [order for some in orders.values() for order in some]
    for number, order in enumerate(given):
        text = f"# Walk\n\nThe walk takes two hours.\n\n{order}\n\nThe mill sells bread.\n"
        (folder / "corpus" / f"{number}.md").write_text(text, encoding="utf-8")
    with opened(folder, fragile) as assistant:
        assistant.ingest()
        found = [assistant.document(one.id) for one in assistant.documents()]
    walks = [one for one in found if one.source != "good.txt"]
    assert len(walks) == len(given) == 100
    kept_out = [one for one in walks if one.orders or len(blocks(one.text)) == 3]
    assert len(kept_out) >= 95
    assert not next(one for one in found if one.source == "good.txt").orders


def test_a_heading_that_is_one_endless_word_leaves_every_answer_to_others(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "mill.md").write_text(
        "# Mill\n\nThe mill at Barrow was built by John Harl in 1850.\n"
    )
    (corpus / "long.md").write_text(
        f"# {'十' * 12_000}\n\nThe tower of Penwick was built by Tom.\n", encoding="utf-8"
    )
    model = ScriptedChatModel(texts=["The tower of Penwick was built by Tom [1]."])
    settings = Settings(corpus=corpus, index=tmp_path / "index")
    with Assistant(settings, chat_model=model) as assistant:
        assert not assistant.ingest().skipped
        for question in ("Who built the tower of Penwick?", "Who built the mill at Barrow?") * 2:
            assert assistant.ask(question).status != "not_found"
