"""Documents that readers add: which names they may have, and what happens to what cannot be read."""

import os
import threading
import time
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.errors import AssistantError, DocumentNotFoundError, IndexBusyError, UsageError
from assistant.ingestion.uploads import LONGEST_NAME, Arrival, Uploads, checked_name
from assistant.types import IngestReport


@pytest.fixture
def uploads(mill_corpus: Path, small_assistant: Assistant) -> Uploads:
    small_assistant.ingest()
    return Uploads(mill_corpus, 1_000_000, small_assistant.ingest)


def arrival(uploads: Uploads, name: str, content: bytes) -> Arrival:
    path = uploads.arriving()
    path.write_bytes(content)
    return Arrival(name, path)


def sources(assistant: Assistant) -> list[str]:
    return [document.source for document in assistant.documents()]


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "..",
        "../mill.txt",
        "a/b.txt",
        "a\\b.txt",
        ".hidden.txt",
        "~$lock.docx",
        "a\0.txt",
        "a\u202etxt.exe.txt",
        "a\x1b[2J.txt",
        "x" * LONGEST_NAME + ".txt",
        "no_ending",
        "program.exe",
        "corpus.toml.exe",
    ],
)
def test_a_hostile_or_unusable_name_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        checked_name(name)


def test_a_usual_name_is_kept_with_plain_spaces_and_composed_letters() -> None:
    assert checked_name("Über uns\u202f(2).PDF") == "Über uns (2).PDF"
    assert checked_name("U\u0308ber.txt") == "Über.txt"


def test_the_first_file_of_all_that_cannot_be_read_is_refused_for_its_own_reason(
    corpus: Path, small_assistant: Assistant
) -> None:
    """The ingestion fails, for there is no document; a reader sees nothing of the server's folders."""
    uploads = Uploads(corpus, 1_000_000, small_assistant.ingest)
    refused = uploads.add(
        [arrival(uploads, "a.pdf", b"%PDF broken"), arrival(uploads, "b.txt", b"")]
    )
    assert [type(error) for error in refused] == [UsageError, UsageError]
    assert str(refused[0]).startswith("'a.pdf' cannot be read: ")
    assert str(refused[1]) == "'b.txt' cannot be read: it is empty."
    assert list(uploads.folder.iterdir()) == []


def test_files_are_added_together_and_removed_again(
    uploads: Uploads, small_assistant: Assistant
) -> None:
    added = uploads.add(
        [arrival(uploads, "a.txt", b"The lift is red."), arrival(uploads, "b.txt", b"It is old.")]
    )
    assert added == [(), ()]
    assert sources(small_assistant) == ["mill.txt", "uploads/a.txt", "uploads/b.txt"]
    uploads.remove("a.txt")
    assert sources(small_assistant) == ["mill.txt", "uploads/b.txt"]
    assert os.listdir(uploads.folder) == ["b.txt"]
    with pytest.raises(DocumentNotFoundError):
        uploads.remove("a.txt")


def test_what_cannot_be_read_is_refused_with_the_reason_and_leaves_nothing(
    uploads: Uploads, small_assistant: Assistant
) -> None:
    files = {"fine.txt": b"The lift is red.", "broken.pdf": b"%PDF-1.7 broken", "empty.txt": b""}
    fine, broken, empty = uploads.add(
        [arrival(uploads, name, content) for name, content in files.items()]
    )
    assert fine == ()
    assert "'broken.pdf' cannot be read: " in str(broken)
    assert "it is empty" in str(empty)
    assert os.listdir(uploads.folder) == ["fine.txt"]
    assert sources(small_assistant) == ["mill.txt", "uploads/fine.txt"]


def test_a_new_version_replaces_the_old_one_only_if_it_can_be_read(
    uploads: Uploads, small_assistant: Assistant
) -> None:
    def text() -> str:
        (document,) = small_assistant.documents("uploads/")
        return small_assistant.document(document.id).text

    uploads.add([arrival(uploads, "a.txt", b"The lift is red.")])
    uploads.add([arrival(uploads, "a.txt", b"The lift is blue.")])
    assert text() == "The lift is blue."
    (refused,) = uploads.add([arrival(uploads, "a.txt", b"\x00\x01" * 50)])
    assert isinstance(refused, UsageError)
    assert text() == "The lift is blue."
    assert (uploads.folder / "a.txt").read_bytes() == b"The lift is blue."
    assert os.listdir(uploads.folder) == ["a.txt"]


def test_the_room_is_for_all_uploads_together(
    mill_corpus: Path, small_assistant: Assistant
) -> None:
    uploads = Uploads(mill_corpus, 30, small_assistant.ingest)
    uploads.check_room(30)
    with pytest.raises(UsageError, match="ASSISTANT_UPLOAD_BYTES"):
        uploads.check_room(31)
    one, other = (arrival(uploads, f"{name}.txt", b"The lift is red.") for name in "ab")
    with pytest.raises(UsageError, match="no room"):
        uploads.check_room(1)
    refused, added = uploads.add([one, other])
    assert isinstance(refused, UsageError)
    assert added == ()
    assert os.listdir(uploads.folder) == ["b.txt"]


def test_another_ingestion_is_waited_for_and_a_failing_one_puts_everything_back(
    mill_corpus: Path, small_assistant: Assistant
) -> None:
    tried: list[int] = []

    def busy_once() -> IngestReport:
        tried.append(1)
        if len(tried) == 1:
            raise IndexBusyError("busy")
        return small_assistant.ingest()

    def failing() -> IngestReport:
        raise AssistantError("no")

    uploads = Uploads(mill_corpus, 1000, busy_once)
    assert uploads.add([arrival(uploads, "a.txt", b"The lift is red.")]) == [()]
    assert len(tried) == 2
    uploads = Uploads(mill_corpus, 1000, failing)
    results = uploads.add(
        [arrival(uploads, "a.txt", b"Changed."), arrival(uploads, "b.txt", b"New.")]
    )
    assert [str(result) for result in results] == ["no", "no"]
    with pytest.raises(AssistantError, match="no"):
        uploads.remove("a.txt")
    assert os.listdir(uploads.folder) == ["a.txt"]
    assert (uploads.folder / "a.txt").read_bytes() == b"The lift is red."


def test_what_a_killed_server_left_over_is_swept_up(uploads: Uploads) -> None:
    left = uploads.arriving()
    left.write_bytes(b"half")
    young = uploads.arriving()
    young.write_bytes(b"coming")
    hours_ago = time.time() - 2 * 3600
    os.utime(left, (hours_ago, hours_ago))
    uploads.arriving()
    assert (left.exists(), young.exists()) == (False, True)


def test_files_that_other_uploads_take_away_meanwhile_are_no_error(uploads: Uploads) -> None:
    ended = threading.Event()

    def come_and_go() -> None:
        while not ended.is_set():
            arrived = [arrival(uploads, "mill.txt", b"x").path for _ in range(20)]
            for path in arrived:
                path.unlink()

    other = threading.Thread(target=come_and_go)
    other.start()
    try:
        for _ in range(300):
            uploads.check_room()
            uploads.arriving()
    finally:
        ended.set()
        other.join()
