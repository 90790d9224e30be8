import os
from pathlib import Path

import pytest

from assistant import CorpusError, SkippedFile
from assistant.ingestion.scanning import SourceFile, scan


def skipped(corpus: Path, limit: int = 1000) -> dict[str, str]:
    return {
        item.source: item.reason for item in scan(corpus, limit) if isinstance(item, SkippedFile)
    }


def sources(corpus: Path, limit: int = 1000) -> list[str]:
    return [item.source for item in scan(corpus, limit) if isinstance(item, SourceFile)]


def test_folders_are_read_recursively_in_a_stable_order(corpus: Path) -> None:
    (corpus / "b" / "deep").mkdir(parents=True)
    for name in ("z.txt", "b/deep/c.md", "a.md"):
        (corpus / name).write_text("x")
    assert sources(corpus) == ["a.md", "z.txt", "b/deep/c.md"]


def test_hidden_files_and_the_corpus_file_are_left_out_in_silence(corpus: Path) -> None:
    (corpus / ".hidden").mkdir()
    for name in (".a.txt", ".hidden/b.txt", "corpus.toml", "~$contract.docx"):
        (corpus / name).write_text("x")
    assert list(scan(corpus, 1000)) == []


def test_each_file_that_cannot_be_read_is_named_with_its_reason(
    corpus: Path, tmp_path: Path
) -> None:
    (tmp_path / "outside.txt").write_text("secret")
    (corpus / "folder").mkdir()
    (corpus / "empty.txt").write_text("")
    (corpus / "large.txt").write_text("x" * 1001)
    (corpus / "picture.webp").write_bytes(b"x")
    (corpus / "link.txt").symlink_to(tmp_path / "outside.txt")
    (corpus / "nowhere.txt").symlink_to(corpus / "gone.txt")
    (corpus / "loop.txt").symlink_to(corpus / "loop.txt")
    (corpus / "linked").symlink_to(corpus / "folder", target_is_directory=True)
    os.mkfifo(corpus / "pipe.txt")
    reasons = skipped(corpus)
    assert "empty" in reasons["empty.txt"]
    assert "larger than 1,000 bytes" in reasons["large.txt"]
    assert "format .webp" in reasons["picture.webp"]
    assert "outside the corpus" in reasons["link.txt"]
    assert "leads nowhere" in reasons["nowhere.txt"]
    assert "loop.txt" in reasons
    assert "another folder" in reasons["linked"]
    assert "not a regular file" in reasons["pipe.txt"]
    assert sources(corpus) == []


def test_a_link_within_the_corpus_is_followed(corpus: Path) -> None:
    (corpus / "a.txt").write_text("x")
    (corpus / "b.txt").symlink_to(corpus / "a.txt")
    assert sources(corpus) == ["a.txt", "b.txt"]


def test_a_name_that_is_not_utf8_is_skipped(corpus: Path) -> None:
    with open(os.path.join(os.fsencode(corpus), b"bad\xff.txt"), "wb") as file:
        file.write(b"x")
    (reason,) = skipped(corpus).values()
    assert "not valid UTF-8" in reason


def test_a_missing_corpus_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="ASSISTANT_CORPUS"):
        list(scan(tmp_path / "nothing", 1000))
