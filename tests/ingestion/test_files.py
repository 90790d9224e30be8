import os
import threading
from pathlib import Path

import pytest

from assistant.ingestion.files import read_regular_file
from assistant.ingestion.formats import UnreadableFileError


def test_a_file_of_at_most_so_many_bytes_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1234")
    assert read_regular_file(tmp_path / "a", 4)[0] == b"1234"
    with pytest.raises(UnreadableFileError, match="larger than 3 bytes"):
        read_regular_file(tmp_path / "a", 3)


def test_a_file_that_grows_beyond_the_limit_is_not_read_on() -> None:
    with pytest.raises(UnreadableFileError, match="larger than 3 bytes"):
        read_regular_file(Path("/proc/self/maps"), 3)  # its size is said to be 0


def test_a_pipe_with_a_writer_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    opened = threading.Event()

    def write() -> None:
        with (tmp_path / "pipe").open("wb"):
            opened.set()

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    with pytest.raises(UnreadableFileError, match="not a regular file"):
        read_regular_file(tmp_path / "pipe", 10)
    assert not opened.wait(0.2)
    os.close(os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK))  # lets the writer end
    writer.join(10)


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="not a regular file"):
        read_regular_file(tmp_path, 10)
