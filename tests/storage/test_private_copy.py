"""A private copy is removed when it is closed, or with the next index if its process was killed."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from assistant.storage import private_copy
from assistant.storage.private_copy import PREFIX, PrivateCopy, remove_abandoned
from assistant.storage.vectors import VectorStore

KILLED = """
import os, sys, tempfile
from pathlib import Path
from assistant.storage import private_copy
from assistant.storage.private_copy import PrivateCopy
tempfile.tempdir = sys.argv[2]
print(PrivateCopy(Path(sys.argv[1])).folder, flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    (folder / "below").mkdir(parents=True)
    (folder / "below" / "vectors").write_bytes(b"vectors")
    (folder / "below" / "vectors").chmod(0o400)
    return folder


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_a_copy_can_be_written_and_is_removed_when_it_is_closed(
    source: Path, temporary: Path
) -> None:
    copy = PrivateCopy(source)
    (copy.folder / "below" / "vectors").write_bytes(b"changed")
    assert (source / "below" / "vectors").read_bytes() == b"vectors"
    copy.close()
    copy.close()
    assert [*temporary.iterdir()] == []


def test_the_next_index_removes_what_a_killed_process_left_and_not_what_is_in_use(
    source: Path, temporary: Path, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", KILLED, str(source), str(temporary)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    left = Path(ran.stdout.strip())
    assert (left / "below" / "vectors").exists()
    kept = PrivateCopy(source)
    store = VectorStore.create(tmp_path / "vectors")
    seal = store.seal()
    store.close()
    VectorStore(tmp_path / "vectors", seal).close()
    assert not left.parent.exists()
    assert (kept.folder / "below" / "vectors").exists()
    kept.close()


def test_nothing_else_of_that_name_is_touched(temporary: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (temporary / f"{PREFIX}link").symlink_to(elsewhere)
    (temporary / f"{PREFIX}file").write_text("", encoding="utf-8")
    (temporary / "other").mkdir()
    remove_abandoned()
    assert len([*temporary.iterdir()]) == 3
    assert elsewhere.exists()


def test_a_copy_that_fails_leaves_nothing(temporary: Path, source: Path) -> None:
    (source / "below" / "pipe").symlink_to("nowhere")
    with pytest.raises(OSError):
        PrivateCopy(source)
    assert [*temporary.iterdir()] == []


def test_a_copy_is_kept_in_memory_where_the_temporary_folder_has_no_room(
    source: Path, temporary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = tmp_path / "memory"
    memory.mkdir()
    monkeypatch.setattr(private_copy, "_MEMORY", memory)
    monkeypatch.setattr(private_copy, "has_room", lambda folder, size=0: folder != temporary)
    copy = PrivateCopy(source)
    assert copy.folder.is_relative_to(memory)
    copy.close()
    assert [*memory.iterdir()] == []
