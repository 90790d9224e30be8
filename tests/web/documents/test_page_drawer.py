"""Pages drawn in a process of their own: bounded in time, in number and in memory."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import Assistant, Settings
from assistant.ingestion.formats import UnreadableFileError
from assistant.testing import WordEncoder
from assistant.types import Document
from assistant.web.documents import page_drawer
from assistant.web.documents.page_drawer import PageDrawer
from tests.ingestion.formats.pdf.drawing import MILL, drawn, put_lines, wrapped
from tests.web.documents.hostile import with_endless_page


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    (tmp_path / "corpus").mkdir()
    pages = [lambda canvas: put_lines(canvas, 60, 780, wrapped(MILL, 400))] * 3
    (tmp_path / "corpus/mill.pdf").write_bytes(drawn(*pages))
    settings = Settings(
        corpus=tmp_path / "corpus", index=tmp_path / "index", max_reading_seconds=20
    )
    with Assistant(settings, WordEncoder()) as opened:
        opened.ingest()
        yield opened


@pytest.fixture
def mill(assistant: Assistant) -> Document:
    return assistant.document(assistant.documents()[0].id)


@pytest.fixture
def drawer(assistant: Assistant) -> Iterator[PageDrawer]:
    made = PageDrawer(assistant)
    yield made
    made.close()


def test_a_page_is_drawn_once_and_kept(drawer: PageDrawer, mill: Document) -> None:
    first = drawer.draw(mill, 1)
    assert first is not None
    assert first.image.startswith(b"\x89PNG")
    assert drawer.draw(mill, 1) is first
    assert drawer.draw(mill, 2) is not first


def test_what_is_kept_is_bounded(assistant: Assistant, mill: Document) -> None:
    first = PageDrawer(assistant)
    page = first.draw(mill, 1)
    first.close()
    assert page is not None
    room = int(2.5 * (len(page.image) + 400 * sum(len(line.words) + 1 for line in page.lines)))
    drawer = PageDrawer(assistant, kept_bytes=room)
    kept = [drawer.draw(mill, number) for number in (1, 2, 3)]
    assert drawer.draw(mill, 3) is kept[2]
    assert drawer.draw(mill, 1) is not kept[0]
    drawer.close()


def test_a_changed_file_is_not_drawn(
    drawer: PageDrawer, assistant: Assistant, mill: Document
) -> None:
    Path(assistant.settings.corpus, "mill.pdf").write_bytes(drawn(lambda canvas: None))
    assert drawer.draw(mill, 1) is None


def endless(assistant: Assistant, mill: Document) -> Document:
    """A document whose first page takes longer to draw than anybody waits."""
    content, sha256 = with_endless_page()
    Path(assistant.settings.corpus, "mill.pdf").write_bytes(content)
    return replace(mill, sha256=sha256)


def test_a_hostile_page_takes_no_longer_than_the_limit_and_is_not_tried_again(
    assistant: Assistant, mill: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_drawer, "_SECONDS", 2.0)
    drawer, document = PageDrawer(assistant), endless(assistant, mill)
    with pytest.raises(UnreadableFileError, match="longer than 2 s"):
        drawer.draw(document, 1)
    began = time.monotonic()
    with pytest.raises(UnreadableFileError, match="longer than 2 s"):
        drawer.draw(document, 1)
    assert time.monotonic() - began < 0.5
    monkeypatch.setattr(time, "monotonic", lambda: began + 1_000)
    with pytest.raises(UnreadableFileError, match="longer than 2 s"):
        drawer.draw(document, 1)
    drawer.close()


def test_few_wait_for_a_page_and_others_are_refused_at_once(
    assistant: Assistant, mill: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_drawer, "_SECONDS", 3.0)
    drawer, document = PageDrawer(assistant), endless(assistant, mill)
    reasons: list[str] = []

    def draw() -> None:
        with pytest.raises(UnreadableFileError) as error:
            drawer.draw(document, 1)
        reasons.append(str(error.value))

    threads = [threading.Thread(target=draw) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    refused = sum("too many pages" in reason for reason in reasons)
    assert (len(reasons), refused) == (12, 8)
    drawer.close()


def test_a_process_without_work_is_ended(
    drawer: PageDrawer, mill: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_drawer, "_SECONDS_IDLE", 0.1)
    drawer.draw(mill, 1)
    for _ in range(100):
        if drawer._process is None:
            break
        time.sleep(0.1)
    assert drawer._process is None
    assert drawer.draw(mill, 2) is not None
