"""The pages of PDFs as they are printed, on a real server and in a real browser."""

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, ViewportSize, expect
from reportlab.pdfgen.canvas import Canvas

from assistant import Assistant, Settings
from assistant.testing import WordEncoder
from assistant.types import Document
from assistant.web.documents.page_addresses import page_address, picture_address
from assistant.web.documents.page_views import ZOOMS
from tests.ingestion.formats.pdf.drawing import BRIDGE, MILL, drawn, put_lines, wrapped
from tests.web.browsing import DESKTOP, PHONE, Visit, served
from tests.web.chat.test_looks import violations
from tests.web.documents.hostile import with_endless_page

PASSAGE = "A plaque tells of the fire today."
GOES_ON = "The wall of the reservoir at Hallam is inspected each spring by the engineer of the county, who reports to the board."


def put_first(canvas: Canvas) -> None:
    put_lines(canvas, 60, 780, wrapped(MILL, 200))
    put_lines(canvas, 320, 780, wrapped(BRIDGE, 200))
    put_lines(
        canvas,
        60,
        100,
        ["The wall of the reservoir at Hallam is inspected each spring by the engineer"],
    )


def put_second(canvas: Canvas) -> None:
    put_lines(canvas, 60, 780, ["of the county, who reports to the board."])
    put_lines(canvas, 60, 700, wrapped(MILL, 400))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Assistant, str]]:
    folder = tmp_path_factory.mktemp("pages")
    (folder / "corpus").mkdir()
    (folder / "corpus/mill.pdf").write_bytes(drawn(put_first, put_second))
    (folder / "corpus/a.txt").write_text("Terns dive.")
    settings = Settings(corpus=folder / "corpus", index=folder / "index")
    with Assistant(settings, WordEncoder()) as assistant:
        assistant.ingest()
        with served(assistant) as address:
            yield assistant, address


@pytest.fixture
def mill(library: tuple[Assistant, str]) -> Document:
    return document_at(library[0], "mill.pdf")


def document_at(assistant: Assistant, source: str) -> Document:
    found = next(one.id for one in assistant.documents() if one.source == source)
    return assistant.document(found)


def passage_of(document: Document, words: str = PASSAGE) -> tuple[int, int]:
    start = document.text.index(words)
    return start, start + len(words)


def test_a_page_is_sent_as_a_picture_that_browsers_keep(
    library: tuple[Assistant, str], mill: Document
) -> None:
    address = f"{library[1]}/{picture_address(mill, 1)}"
    answer = httpx.get(address, timeout=60)
    assert answer.status_code == 200
    assert answer.content.startswith(b"\x89PNG")
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-security-policy"] == "default-src 'none'"
    assert answer.headers["cache-control"] == "private, no-cache"
    again = httpx.get(address, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = httpx.get(f"{library[1]}/{picture_address(mill, 2)}", timeout=60)
    assert other.headers["etag"] != answer.headers["etag"]


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ("mill.pdf", {"page": "0"}),
        ("mill.pdf", {"page": "3"}),
        ("mill.pdf", {"page": "one"}),
        ("a.txt", {"page": "1"}),
        ("a.txt", {}),
    ],
)
@pytest.mark.parametrize("path", ["page", "page.png"])
def test_a_page_that_is_not_there_is_not_found(
    library: tuple[Assistant, str], source: str, values: dict[str, str], path: str
) -> None:
    assistant, address = library
    identifier = document_at(assistant, source).id
    answer = httpx.get(f"{address}/{path}", params={"document": identifier, **values})
    assert answer.status_code == 404
    assert httpx.get(f"{address}/{path}", params={"document": "x"}).status_code == 404


def test_the_pane_has_the_page_of_a_passage_with_marks_and_text(
    library: tuple[Assistant, str], mill: Document
) -> None:
    start, end = passage_of(mill)
    values: dict[str, str | int] = {"document": mill.id, "start": start, "end": end}
    shown = httpx.get(f"{library[1]}/source", params={**values, "view": "page"}, timeout=60).text
    assert picture_address(mill, 1).replace("&", "&amp;") in shown
    assert shown.count('id="passage"') == 1
    assert 1 <= shown.count("<rect") <= 3
    assert ">plaque </tspan>" in shown
    text = httpx.get(f"{library[1]}/source", params=values).text
    assert "<svg" not in text
    assert 'data-view="page"' in text


def test_a_passage_over_two_pages_is_marked_on_both(
    library: tuple[Assistant, str], mill: Document
) -> None:
    words = mill.text[mill.text.index("The wall of") : mill.text.index("to the board.") + 13]
    assert words.replace("\n", " ") == GOES_ON
    start, end = passage_of(mill, words)
    values: dict[str, str | int] = {"document": mill.id, "start": start, "end": end}
    page = httpx.get(f"{library[1]}/page", params=values, timeout=60).text
    first, second = page.split('<svg class="sheet"')[1:]
    assert first.count("<rect") == second.count("<rect") == 1
    assert "p. 1 – p. 2 / 2" in page
    alone = httpx.get(f"{library[1]}/page", params={**values, "page": 2}, timeout=60).text
    assert alone.count("<svg") == alone.count("<rect") == 1


@pytest.mark.parametrize(
    "values",
    [{"start": "9", "end": "5"}, {"start": "x", "end": "1"}, {"zoom": "1e9"}, {"page": ""}],
)
def test_other_parameters_are_left_aside(
    library: tuple[Assistant, str], mill: Document, values: dict[str, str]
) -> None:
    for path in ("page", "source"):
        asked = {"document": mill.id, "view": "page", **values}
        answer = httpx.get(f"{library[1]}/{path}", params=asked, timeout=60)
        assert answer.status_code == 200
        assert "<rect" not in answer.text
        assert 'width="100%"' in answer.text


def test_of_a_changed_file_only_the_text_is_shown(
    library: tuple[Assistant, str], mill: Document
) -> None:
    assistant, address = library
    path = Path(assistant.settings.corpus, "mill.pdf")
    content = path.read_bytes()
    asked = {"document": mill.id, "view": "page", "page": "1"}
    try:
        path.write_bytes(drawn(lambda canvas: canvas.drawString(60, 700, "Other words")))
        shown = httpx.get(f"{address}/source", params=asked).text
    finally:
        path.write_bytes(content)
    assert "has changed since it was indexed" in shown
    assert "<svg" not in shown
    assert "A plaque tells" in shown


def test_a_page_that_cannot_be_drawn_leaves_the_text_and_does_not_hold_the_server(
    tmp_path: Path,
) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus/mill.pdf").write_bytes(with_endless_page()[0])
    settings = Settings(corpus=tmp_path / "corpus", index=tmp_path / "index", max_reading_seconds=5)
    with Assistant(settings, WordEncoder()) as assistant:
        assistant.ingest()
        mill = document_at(assistant, "mill.pdf")
        start, end = passage_of(mill)
        asked: dict[str, str | int] = {"document": mill.id, "start": start, "end": end}
        asked["view"] = "page"
        found: list[httpx.Response] = []
        with served(assistant) as address:
            get = lambda: found.append(httpx.get(f"{address}/source", params=asked, timeout=60))  # noqa: E731
            waiting = [threading.Thread(target=get) for _ in range(8)]
            for thread in waiting:
                thread.start()
            slowest = max(seconds_of(f"{address}/healthz") for _ in range(15))
            for thread in waiting:
                thread.join(60)
        assert slowest < 2
        assert len(found) == 8
        for answer in found:
            assert "cannot be shown as it is printed" in answer.text
            assert PASSAGE in answer.text


def seconds_of(address: str) -> float:
    began = time.monotonic()
    assert httpx.get(address, timeout=30).status_code == 200
    time.sleep(0.2)
    return time.monotonic() - began


@pytest.mark.parametrize(("size", "dark"), [(DESKTOP, False), (PHONE, True)], ids=str)
def test_a_page_of_its_own_shows_the_passage_without_a_script(
    library: tuple[Assistant, str], mill: Document, browser: Browser, size: ViewportSize, dark: bool
) -> None:
    page = browser.new_page(viewport=size, color_scheme="dark" if dark else "light")
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text))
    page.goto(f"{library[1]}/{page_address(mill, None, passage_of(mill))}")
    expect(page.locator("svg.sheet image")).to_have_attribute(
        "aria-label", "The page as it is printed: p. 1"
    )
    fits = page.locator("svg.sheet").bounding_box()
    assert fits is not None
    assert fits["width"] <= size["width"]
    assert page.locator("script").count() == 0
    assert violations(page) == []
    page.get_by_role("link", name="Larger").click()
    larger = next(zoom for zoom in ZOOMS if zoom > 100)
    expect(page).to_have_url(re.compile(f"zoom={larger}"))
    page.get_by_role("link", name="100 %").click()
    expect(page.locator("svg.sheet")).to_have_attribute("width", "794")
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_text("p. 2 / 2")).to_be_visible()
    expect(page.locator(".marks")).to_have_count(0)
    assert troubles == []
    page.close()


def test_in_the_pane_a_page_is_chosen_turned_enlarged_and_its_text_selected(
    library: tuple[Assistant, str], mill: Document, visit: Visit
) -> None:
    start, end = passage_of(mill)
    page = visit(f"/?document={mill.id}&start={start}&end={end}", at=library[1]).page
    pane = page.locator("#source-body")
    pane.get_by_role("button", name="Page", exact=True).click()
    expect(pane.locator("#passage")).to_be_in_viewport()
    expect(pane.get_by_role("button", name="Page", exact=True)).to_be_focused()
    box = pane.locator("#passage rect").first.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 1, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 1, middle, steps=5)
    page.mouse.up()
    selected = page.evaluate("getSelection().toString()").strip()
    assert selected.startswith("A plaque")
    assert selected in PASSAGE
    before = pane.locator("svg.sheet").bounding_box()
    pane.get_by_role("button", name="Larger").click()
    after = pane.locator("svg.sheet").bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] > before["width"]
    pane.get_by_role("button", name="Next page").click()
    expect(pane.locator(".turning output")).to_have_text("p. 2 / 2")
    expect(pane.locator("#passage")).to_have_count(0)
    assert violations(page) == []
    pane.get_by_role("button", name="Text", exact=True).click()
    expect(pane.locator("mark.cited")).to_be_in_viewport()
    expect(pane.locator("svg.sheet")).to_have_count(0)


def test_on_a_phone_the_tools_for_a_page_stay_while_its_passage_is_shown(
    library: tuple[Assistant, str], mill: Document, visit: Visit
) -> None:
    start, end = passage_of(mill, mill.text[mill.text.index("The wall of") :][:40])
    page = visit(
        f"/?document={mill.id}&start={start}&end={end}", at=library[1], viewport=PHONE
    ).page
    pane = page.locator("#source-body")
    pane.get_by_role("button", name="Page", exact=True).click()
    expect(pane.locator("#passage")).to_be_in_viewport()
    for name in ("Next page", "Larger", "100 %"):
        expect(pane.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)
    bar = pane.locator(".turning").bounding_box()
    assert bar is not None
    assert bar["width"] == pytest.approx(PHONE["width"], abs=1)
    pane.get_by_role("button", name="100 %").click()
    passage = pane.locator("#passage rect").first.bounding_box()
    bar = pane.locator(".turning").bounding_box()
    assert passage is not None
    assert bar is not None
    assert passage["y"] > bar["y"] + bar["height"]
    assert violations(page) == []
