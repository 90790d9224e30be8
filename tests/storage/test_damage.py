"""An index that is damaged, on a full disk or in a folder that cannot be written."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from assistant import (
    Assistant,
    IndexDamagedError,
    IndexMismatchError,
    Settings,
    StorageError,
    VectorsDamagedError,
)
from assistant.testing import WordEncoder
from tests.ingestion.test_pipeline import assert_no_orphans, only_vectors

ANIMALS = ("otter", "badger", "heron")


@pytest.fixture
def index(small_assistant: Assistant, corpus: Path, tmp_path: Path) -> Path:
    """An index of three documents, open in ``small_assistant``."""
    for animal in ANIMALS:
        (corpus / f"{animal}.txt").write_text(f"The {animal} sleeps by day.")
    small_assistant.ingest()
    assert_answers(small_assistant)
    return tmp_path / "index"


@contextmanager
def another(corpus: Path, index: Path) -> Iterator[Assistant]:
    """A second assistant over the same index, as another process would open it."""
    with Assistant(Settings(corpus=corpus, index=index), WordEncoder()) as assistant:
        yield assistant


def assert_answers(assistant: Assistant) -> None:
    hits = assistant.retrieve("When sleeps the otter?")
    assert hits[0].chunk.text == "The otter sleeps by day."
    assert len([hit for hit in hits if hit.dense_rank]) >= 3
    assert assistant.ask("When sleeps the otter?").citations[0].source == "otter.txt"


def empty(folder: Path) -> None:
    os.truncate(folder / "chroma.sqlite3", 0)


def cut(folder: Path) -> None:
    os.truncate(folder / "chroma.sqlite3", 5000)


def scribble(folder: Path) -> None:
    (folder / "chroma.sqlite3").write_bytes(b"no database" * 1000)


@pytest.mark.parametrize("harm", [shutil.rmtree, empty, cut, scribble])
def test_a_question_makes_damaged_vectors_again(
    small_assistant: Assistant,
    corpus: Path,
    index: Path,
    harm: Callable[[Path], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    small_assistant.close()
    harm(only_vectors(index))
    with another(corpus, index) as assistant:
        assert_answers(assistant)
    assert "made again from the catalog" in caplog.text
    assert_answers(small_assistant)
    assert_no_orphans(index)


def test_a_running_server_goes_on_when_its_vectors_are_removed(
    small_assistant: Assistant, corpus: Path, index: Path
) -> None:
    shutil.rmtree(only_vectors(index))
    assert_answers(small_assistant)
    with another(corpus, index) as assistant:
        assert_answers(assistant)
    assert_answers(small_assistant)
    assert_no_orphans(index)


@pytest.mark.parametrize("harm", [shutil.rmtree, empty, cut, scribble])
def test_an_ingestion_makes_damaged_vectors_again(
    small_assistant: Assistant, corpus: Path, index: Path, harm: Callable[[Path], None]
) -> None:
    harm(only_vectors(index))
    (corpus / "fox.txt").write_text("The fox sleeps by day.")
    (corpus / "heron.txt").unlink()
    report = small_assistant.ingest()
    assert (report.added, report.deleted, report.chunks_embedded) == (
        ("fox.txt",),
        ("heron.txt",),
        3,
    )
    assert_no_orphans(index)
    assert_answers(small_assistant)


def test_vectors_of_another_ingestion_are_waited_for_or_said_to_be_busy(
    small_assistant: Assistant, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from filelock import FileLock

    from assistant import IndexBusyError
    from assistant.ingestion import restoring

    monkeypatch.setattr(restoring, "_RESTORING_WAITS", 0.1)
    small_assistant.close()
    shutil.rmtree(only_vectors(index))
    with FileLock(index / "ingest.lock"):
        with pytest.raises(IndexBusyError, match="Another ingestion"):
            small_assistant.retrieve("otter")
    assert_answers(small_assistant)


def test_a_catalog_of_a_newer_version_is_refused_and_kept_until_a_rebuild_sets_it_aside(
    small_assistant: Assistant, index: Path
) -> None:
    connection = sqlite3.connect(index / "catalog.sqlite3")
    connection.execute("UPDATE state SET value = '99' WHERE key = 'schema_version'")
    connection.commit()
    connection.close()
    before = (index / "catalog.sqlite3").read_bytes()
    for use in (lambda: small_assistant.ask("When?"), small_assistant.ingest):
        with pytest.raises(IndexMismatchError, match=r"99.*assistant ingest --rebuild"):
            use()
    assert (index / "catalog.sqlite3").read_bytes() == before
    small_assistant.ingest(rebuild=True)
    assert_answers(small_assistant)
    (aside,) = index.glob("catalog-set-aside-*.sqlite3")
    assert aside.read_bytes() == before


def checkpoint(index: Path) -> Path:
    connection = sqlite3.connect(index / "catalog.sqlite3")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return index / "catalog.sqlite3"


def test_a_damaged_page_of_the_catalog_gives_the_right_answer_or_an_error_with_the_remedy(
    small_assistant: Assistant, corpus: Path, index: Path
) -> None:
    for number in range(40):
        (corpus / f"{number}.txt").write_text(f"Page {number} is about {number * 7} things. " * 30)
    small_assistant.ingest()
    small_assistant.close()
    catalog = checkpoint(index)
    whole = catalog.read_bytes()
    generator = random.Random(1)
    outcomes: Counter[str] = Counter()
    for page in range(0, len(whole) // 4096, 3):
        damaged = bytearray(whole)
        damaged[page * 4096 : (page + 1) * 4096] = generator.randbytes(4096)
        catalog.write_bytes(damaged)
        with another(corpus, index) as assistant:
            outcomes.update(
                outcome(use)
                for use in (
                    lambda assistant=assistant: assistant.ask("When sleeps the otter?").text,
                    lambda assistant=assistant: str(assistant.status().documents),
                    lambda assistant=assistant: str(len(assistant.documents())),
                )
            )
    assert set(outcomes) == {"The otter sleeps by day. [1]", "43", "remedy"}
    catalog.write_bytes(damaged)
    small_assistant.ingest(rebuild=True)
    assert_answers(small_assistant)


def outcome(use: Callable[[], str]) -> str:
    """What it gives, or that it raised an error with the remedy."""
    try:
        return use()
    except (IndexDamagedError, IndexMismatchError) as error:
        return "remedy" if "assistant ingest --rebuild" in str(error) else str(error)


def test_a_text_that_was_changed_in_the_file_is_not_shown(
    small_assistant: Assistant, index: Path
) -> None:
    small_assistant.close()
    catalog = checkpoint(index)
    catalog.write_bytes(
        catalog.read_bytes().replace(b"otter sleeps by day", b"otter sleeps by DAY")
    )
    (otter,) = [found for found in small_assistant.documents() if found.source == "otter.txt"]
    for use in (
        lambda: small_assistant.document(otter.id),
        lambda: small_assistant.retrieve("When sleeps the otter?"),
        lambda: small_assistant.ask("When sleeps the otter?"),
    ):
        with pytest.raises(IndexDamagedError, match="not what was written"):
            use()


def test_an_ingestion_builds_nothing_upon_a_damaged_catalog(
    small_assistant: Assistant, corpus: Path, index: Path
) -> None:
    for number in range(40):
        (corpus / f"{number}.txt").write_text(f"Page {number} is about {number * 7} things. " * 30)
    small_assistant.ingest()
    small_assistant.close()
    catalog = checkpoint(index)
    connection = sqlite3.connect(catalog)
    (root,) = connection.execute(
        "SELECT rootpage FROM sqlite_master WHERE name = 'chunks_document'"
    ).fetchone()
    connection.close()
    with catalog.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xaa" * 4096)
    before = catalog.read_bytes()
    (corpus / "fox.txt").write_text("The fox sleeps by day.")
    with pytest.raises(IndexDamagedError, match="assistant ingest --rebuild"):
        small_assistant.ingest()
    assert catalog.read_bytes() == before
    small_assistant.ingest(rebuild=True)
    assert next(index.glob("catalog-set-aside-*.sqlite3")).exists()
    assert_answers(small_assistant)


@contextmanager
def mounted(*arguments: str) -> Iterator[None]:
    """A mount, for as long as the block runs; the test is skipped where that is not allowed."""
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root can mount")
    target = arguments[-1]
    if subprocess.run(["mount", *arguments], capture_output=True).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", target], check=True)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """The folder cannot be written: by its permissions, or by a mount where root ignores these."""
    if os.geteuid() != 0:
        folder.chmod(0o555)
        try:
            yield
        finally:
            folder.chmod(0o755)
        return
    with mounted("--bind", str(folder), str(folder)):
        subprocess.run(["mount", "-o", "remount,ro,bind", folder, folder], check=True)
        yield


def test_an_index_that_cannot_be_written_answers_and_says_so_when_it_should_be_written(
    small_assistant: Assistant, corpus: Path, index: Path
) -> None:
    small_assistant.close()
    (corpus / "fox.txt").write_text("The fox sleeps by day.")
    with read_only(index), another(corpus, index) as assistant:
        assert_answers(assistant)
        assert assistant.status().stale
        with pytest.raises(StorageError, match=r"cannot be written.*ASSISTANT_INDEX"):
            assistant.ingest()
        assert_answers(assistant)


def test_damaged_vectors_that_cannot_be_written_are_an_error_with_the_remedy(
    small_assistant: Assistant, corpus: Path, index: Path
) -> None:
    small_assistant.close()
    shutil.rmtree(only_vectors(index))
    with read_only(index), another(corpus, index) as assistant:
        with pytest.raises(VectorsDamagedError, match=r"assistant ingest \(.*cannot be written"):
            assistant.ask("When sleeps the otter?")
        assert len(assistant.documents()) == 3


@pytest.mark.parametrize("kilobytes", [100, 600, 1200])
def test_a_full_disk_leaves_the_old_state_and_is_an_error_with_the_remedy(
    corpus: Path, tmp_path: Path, kilobytes: int
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    (corpus / "otter.txt").write_text("The otter sleeps by day.")
    with mounted("-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)):
        with another(corpus, disk / "index") as assistant:
            assistant.ingest()
            used = sum(file.stat().st_size for file in disk.rglob("*") if file.is_file())
            size = f"size={(used // 1024) + kilobytes}k"
            subprocess.run(["mount", "-o", f"remount,{size}", str(disk)], check=True)
            text = "\n\n".join(f"Sentence {n} of a long text." for n in range(12_000))
            (corpus / "long.txt").write_text(text)
            with pytest.raises(StorageError, match="space"):
                assistant.ingest()
            assert [found.source for found in assistant.documents()] == ["otter.txt"]
            assert assistant.ask("When sleeps the otter?").citations[0].source == "otter.txt"
            subprocess.run(["mount", "-o", "remount,size=200m", str(disk)], check=True)
            assistant.ingest()
            assert len(assistant.documents()) == 2
        assert_no_orphans(disk / "index")


def test_an_index_on_a_full_disk_is_opened_for_reading(corpus: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    (corpus / "otter.txt").write_text("The otter sleeps by day.")
    with mounted("-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)):
        with another(corpus, disk / "index") as assistant:
            assistant.ingest()
        with suppress(OSError), (disk / "filler").open("wb", buffering=0) as filler:
            while filler.write(bytes(4096)):
                pass
        assert shutil.disk_usage(disk).free < 4096
        with another(corpus, disk / "index") as assistant:
            assert assistant.ask("When sleeps the otter?").citations[0].source == "otter.txt"
            assert assistant.status().documents == 1


_LIMITED = """
import resource, sys
from pathlib import Path
from assistant import Assistant, Settings, StorageError
from assistant.testing import WordEncoder
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
settings = Settings(corpus=Path(sys.argv[1]), index=Path(sys.argv[2]))
with Assistant(settings, WordEncoder()) as assistant:
    try:
        assistant.ingest()
    except StorageError as error:
        print("refused:", error)
    answer = assistant.ask("When sleeps the otter?")
    print((answer.citations or answer.closest)[0].source)
"""


@pytest.mark.parametrize("limit", [100_000, 800_000])
def test_a_limit_of_file_size_leaves_the_old_state_and_is_an_error_with_the_remedy(
    small_assistant: Assistant, corpus: Path, index: Path, limit: int
) -> None:
    small_assistant.close()
    checkpoint(index)
    text = "\n\n".join(f"Sentence {number} of a long text." for number in range(12_000))
    (corpus / "long.txt").write_text(text)
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(corpus), str(index), str(limit)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert "refused:" in done.stdout
    assert "space" in done.stdout
    assert done.stdout.splitlines()[-1] == "otter.txt"
    small_assistant.ingest()
    assert_no_orphans(index)
    assert small_assistant.ask("When sleeps the otter?").citations[0].source == "otter.txt"
