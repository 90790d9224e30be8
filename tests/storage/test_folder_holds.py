import subprocess
import sys
from pathlib import Path

import pytest

from assistant.storage.folder_holds import FolderHold, remove_unless_held


def made(folder: Path) -> Path:
    (folder / "below").mkdir(parents=True)
    (folder / "below" / "file").write_text("text", "utf-8")
    return folder


def test_a_folder_is_removed_only_when_its_last_reader_has_let_go(tmp_path: Path) -> None:
    folder = made(tmp_path / "vectors-1")
    first, second = FolderHold(folder), FolderHold(folder)
    assert not remove_unless_held(folder)
    first.release()
    first.release()
    assert not remove_unless_held(folder)
    assert (folder / "below" / "file").read_text("utf-8") == "text"
    second.release()
    assert remove_unless_held(folder)
    assert not folder.exists()
    assert remove_unless_held(folder)


def test_a_reader_that_died_holds_nothing(tmp_path: Path) -> None:
    folder = made(tmp_path / "vectors-1")
    script = (
        "import os, sys; from pathlib import Path;"
        "from assistant.storage.folder_holds import FolderHold;"
        "hold = FolderHold(Path(sys.argv[1])); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", script, str(folder)], check=False).returncode == 9
    assert remove_unless_held(folder)


def test_a_folder_that_is_gone_cannot_be_held(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        FolderHold(tmp_path / "vectors-1")
