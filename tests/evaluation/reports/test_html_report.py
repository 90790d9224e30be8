"""The page: self-contained, complete, filtered, and deaf to what hostile texts ask of it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from assistant import Answer, Document
from assistant.evaluation import case_of, evaluate
from assistant.evaluation.reports.html_report import render_html
from assistant.evaluation.reports.report import Report
from assistant.testing import answer_not_found
from tests.evaluation.fakes import MILL, TEXT, answered, scripted

BUILT = "The mill was built in 1851."
BURNED = "In 1920 it burned down."
HOSTILE = (
    "</script></style><script>window.hacked = 1</script>"
    '<img src="http://beacon.invalid/a.png" onerror="window.hacked = 2">'
    '" onmouseover="window.hacked = 3" <svg onload=\'window.hacked = 4\'> '
    "{{ 7 * 7 }}{% raw %} ]]> --> </details></main><h1>Owned</h1>"
)


def report_of(hostile: str = "") -> Report:
    document = replace(MILL, text=TEXT + hostile, title=f"The mill {hostile}", source=f"m{hostile}")
    wrong = f"Why? {hostile}".strip()
    script: dict[str, Answer | Exception] = {
        "Built?": answered("Built?", BUILT, confidence=0.9),
        "Burned?": answered("Burned?", BUILT, confidence=0.4, total=0.5),
        wrong: replace(
            answer_not_found(wrong), notice=f"Nothing {hostile}", standalone_question=hostile
        ),
        "Raises?": RuntimeError(f"broken {hostile}"),
    }
    cases = [
        case_of("Built?", contains="1851", cites=BUILT).model_copy(update={"tags": ("mill",)}),
        case_of("Burned?", contains="1920", cites=BURNED, excludes=hostile or "oats"),
        case_of(wrong, contains=f"x{hostile}").model_copy(
            update={"tags": (f"tag{hostile}",), "note": f"note {hostile}", "id": f"id{hostile}"}
        ),
        case_of(["Built?", "Raises?"], contains="y"),
    ]
    documents: list[Document] = [document]
    return evaluate(scripted(script, documents=documents), cases, thresholds={"pass_rate": 0.5})


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    yield opened
    opened.close()


def shown(page: Page, report: Report, folder: Path) -> list[str]:
    """Open the report in the page; what the page asked of the network."""
    path = folder / "report.html"
    path.write_text(render_html(report), encoding="utf-8")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(path.as_uri())
    return [url for url in requests if url != path.as_uri()]


def test_every_case_is_there_with_answer_passage_expectation_and_ranks() -> None:
    html = render_html(report_of())
    assert html.count('<details class="case ') == 4
    assert f"<mark>{BUILT}</mark>" in html
    assert f"<mark>{BURNED}</mark>" in html
    assert "RuntimeError: broken" in html
    assert 'contains: <span dir="auto">“1920”</span>' in html
    assert html.count('<li class="evidence') == 2
    for heading in ("Latency", "Risk against coverage", "Cases passed, by tag", "Thresholds"):
        assert f"<h2>{heading}</h2>" in html


def test_nothing_is_loaded_from_outside() -> None:
    html = render_html(report_of())
    assert "default-src 'none'" in unescape(html)
    assert not re.search(r"(?:src|href)\s*=|url\(|@import", html)


def test_a_report_without_any_answer_is_rendered() -> None:
    html = render_html(evaluate(scripted({}), []))
    assert "0 of 0 cases passed" in html


def test_filters_narrow_the_cases_by_outcome_tag_and_words(page: Page, tmp_path: Path) -> None:
    shown(page, report_of(), tmp_path)
    visible = page.locator(".case:visible")
    assert visible.count() == 4
    page.get_by_label("Outcome").select_option("failed")
    assert visible.count() == 3
    page.get_by_label("Outcome").select_option("error")
    assert visible.locator(".asked").all_inner_texts() == ["Raises?"]
    page.get_by_label("Outcome").select_option("")
    page.get_by_label("Tag").select_option(label="mill")
    assert visible.locator(".asked").all_inner_texts() == ["Built?"]
    page.get_by_label("Tag").select_option("")
    page.get_by_label("Words").fill("burned?")
    assert visible.locator(".asked").all_inner_texts() == ["Burned?"]
    assert page.locator("#count").inner_text() == "1 of 4"


@pytest.mark.parametrize("width", [390, 1280])
def test_hostile_texts_do_nothing_and_nothing_overflows(
    page: Page, tmp_path: Path, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    asked = shown(page, report_of(HOSTILE), tmp_path)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    page.mouse.move(width / 2, 400)
    assert page.evaluate("window.hacked") is None
    assert asked == []
    assert page.locator("h1").all_inner_texts() == ["Evaluation"]
    assert page.locator("img, iframe, main script").count() == 0
    assert "{{ 7 * 7 }}" in page.inner_text("body")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
