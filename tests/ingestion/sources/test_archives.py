"""ZIP archives, hostile ones too."""

import contextlib
import io
import stat
import zipfile
from collections.abc import Sequence

import pytest

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.sources.archives import files_in_zip
from assistant.ingestion.sources.offers import FetchBudget, OfferedFile
from assistant.types import SkippedFile


def packed(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return file.getvalue()


def unpacked(
    content: bytes, below: str = "", most: int = 1000, budget: FetchBudget | None = None
) -> Sequence[OfferedFile | SkippedFile]:
    budget = budget or FetchBudget(100, 10_000, 60)
    return list(files_in_zip(content, "https://e.org/a.zip", below, most, budget))


def paths(found: Sequence[OfferedFile | SkippedFile]) -> list[str]:
    return [one.path for one in found if isinstance(one, OfferedFile)]


def test_readable_files_are_taken_with_their_folders() -> None:
    found = unpacked(
        packed(("a/b.txt", b"Terns"), ("a/c.exe", b"MZ"), ("e.png", b""), ("d.md", b"# Gulls"))
    )
    assert paths(found) == ["a/b.txt", "d.md"]
    assert isinstance(found[0], OfferedFile)
    assert found[0].content == b"Terns"


def test_only_what_is_below_a_folder_is_taken() -> None:
    content = packed(("site/docs/a.txt", b"a"), ("site/docs2/b.txt", b"b"), ("c.txt", b"c"))
    assert paths(unpacked(content, "site/docs/")) == ["a.txt"]


def test_paths_that_lead_out_are_left_out() -> None:
    names = ("../a.txt", "/b.txt", "c/../../d.txt", "..\\e.txt", ".ssh/f.txt", "C:/g.txt")
    assert unpacked(packed(*((name, b"x") for name in names))) == []


def test_links_and_devices_are_left_out() -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    device = zipfile.ZipInfo("device.txt")
    device.external_attr = (stat.S_IFCHR | 0o777) << 16
    assert unpacked(packed((link, b"/etc/passwd"), (device, b""))) == []


def test_a_bomb_is_not_unpacked() -> None:
    (skipped,) = unpacked(packed(("bomb.txt", b"\0" * 50_000_000)))
    assert isinstance(skipped, SkippedFile)
    assert "larger than 1,000 bytes" in skipped.reason


def test_many_files_are_bounded_together() -> None:
    content = packed(*((f"{n}.txt", b"x" * 900) for n in range(50)))
    with pytest.raises(UnreadableFileError, match="most_megabytes"):
        unpacked(content)
    with pytest.raises(UnreadableFileError, match="most_files"):
        unpacked(content, budget=FetchBudget(3, 1_000_000, 60))


def test_an_entry_that_lies_about_its_size_is_bounded() -> None:
    content = bytearray(packed(("a.txt", b"\0" * 100_000)))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = content.index(mark) + place
        content[start : start + 4] = (5).to_bytes(4, "little")
    (one,) = unpacked(bytes(content))
    assert isinstance(one, SkippedFile)


def test_entries_of_one_name_are_taken_once() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        content = packed(("a.txt", b"1"), ("a.txt", b"2"))
    assert paths(unpacked(content)) == ["a.txt"]


def test_an_encrypted_entry_is_named() -> None:
    content = bytearray(packed(("a.txt", b"secret")))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    (one,) = unpacked(bytes(content))
    assert isinstance(one, SkippedFile)
    assert one.reason == "it is encrypted"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"<html>"])
def test_what_is_no_archive_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFileError, match="not a whole ZIP"):
        unpacked(content)


def test_no_broken_archive_raises_anything_else() -> None:
    whole = packed(("a.txt", b"Terns dive. " * 50), ("b.md", b"# Gulls"))
    for place in range(0, len(whole), 3):
        broken = bytearray(whole)
        broken[place] ^= 0xFF
        with contextlib.suppress(UnreadableFileError):
            unpacked(bytes(broken))
