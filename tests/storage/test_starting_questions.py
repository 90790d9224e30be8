"""The questions to begin with, in a file beside the index."""

from pathlib import Path

import pytest

from assistant.storage.starting_questions import (
    NAME,
    read_starting_questions,
    write_starting_questions,
)


def test_they_belong_to_one_state_of_the_index(tmp_path: Path) -> None:
    assert read_starting_questions(tmp_path, "a") is None
    write_starting_questions(tmp_path, "a", ["When was the mill built?"])
    assert read_starting_questions(tmp_path, "a") == ["When was the mill built?"]
    assert read_starting_questions(tmp_path, "b") is None
    write_starting_questions(tmp_path, "b", [])
    assert read_starting_questions(tmp_path, "b") == []
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff", b"[]", b"7", b'{"generation": "a"}', b'{"generation": "a", "questions": [7]}'],
)
def test_a_damaged_file_counts_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    assert read_starting_questions(tmp_path, "a") is None


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    write_starting_questions(tmp_path / "none", "a", ["Why?"])
    assert read_starting_questions(tmp_path / "none", "a") is None
