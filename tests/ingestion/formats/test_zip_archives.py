import pytest

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.zip_archives import check_archive, read_part
from tests.ingestion.formats.files import zipped


def test_a_part_is_read_and_a_broken_one_refused() -> None:
    content = zipped({"a": "some text", "b": "more text"})
    assert read_part(check_archive(content, 100), "a") == b"some text"
    broken = content.replace(b"some text", b"some tent")
    with pytest.raises(UnreadableFileError, match="broken"):
        read_part(check_archive(broken, 100), "a")


@pytest.mark.parametrize(
    ("content", "most"), [(b"no archive", 100), (zipped({"a": "x" * 101}), 100)]
)
def test_an_archive_that_is_broken_or_too_large_is_refused(content: bytes, most: int) -> None:
    with pytest.raises(UnreadableFileError):
        check_archive(content, most)
