"""An operator changes the texts of the pages, or adds a language, also one from right to left."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from assistant import Assistant, Encoder, SettingsError
from assistant.settings import Settings
from assistant.web.messages.translating import read_catalog, translated
from assistant.web.own_texts import use_own_texts
from assistant.web.strings import LANGUAGE, load_strings
from tests import patient
from tests.documentation.pages import blocks
from tests.web.browsing import DESKTOP, FOUNDED, PHONE, Visit, served
from tests.web.chat.test_looks import scrolls_sideways, violations
from tests.web.widget.conftest import Embed, embed, embeddable, server, site
from tests.web.widget.embedding import Site, box_of, page_with

__all__ = ["embed", "embeddable", "server", "site"]
ARABIC = {
    "chat": {
        "direction": "rtl",
        "start_title": "ماذا تريد أن تعرف؟",
        "ask": "اسأل",
        "your_question": "سؤالك",
        "question_hint": "اسأل عن الوثائق…",
        "chats": "المحادثات",
        "documents": "الوثائق",
        "download": "تنزيل",
        "clear": "مسح",
        "close": "إغلاق",
        "sources": "المصادر",
    },
    "widget": {"heading": "اطرح سؤالاً", "close": "إغلاق", "expand": "تكبير النافذة"},
}


def write(folder: Path, name: str, texts: object) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
    return folder


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    changed = {"chat": {"ask": "Los!"}, "insights": {"title": "Was gefragt wird"}}
    return write(write(tmp_path / "texts", "ar.json", ARABIC), "de.json", changed)


@pytest.fixture(autouse=True)
def shipped_again() -> Iterator[None]:
    token = LANGUAGE.set(LANGUAGE.get())
    yield
    LANGUAGE.reset(token)
    use_own_texts(None)


def test_texts_are_changed_and_a_language_is_added_and_the_rest_stays(texts: Path) -> None:
    use_own_texts(texts)
    chat = load_strings("chat")
    for language, ask, retry in (("de", "Los!", "Neu fragen"), ("ar", "اسأل", "Ask again")):
        token = LANGUAGE.set(language)
        assert (chat("ask"), chat("direction")) == (ask, "rtl" if language == "ar" else "ltr")
        assert chat("retry").startswith(retry)
        LANGUAGE.reset(token)
    use_own_texts(None)
    assert "ar" not in chat.languages


def test_messages_are_translated_into_a_language_of_the_operator(tmp_path: Path) -> None:
    missing = "I found no answer in the documents."
    own = {"messages": {missing: "لم أجد جواباً في الوثائق."}}
    changed = {"messages": {missing: "Nichts gefunden."}}
    folder = write(write(tmp_path / "texts", "ar.json", own), "de.json", changed)
    use_own_texts(folder)
    for language, expected in (
        ("ar", own["messages"][missing]),
        ("de", "Nichts gefunden."),
        ("en", missing),
    ):
        token = LANGUAGE.set(language)
        assert translated(missing) == expected
        LANGUAGE.reset(token)
    use_own_texts(None)
    token = LANGUAGE.set("de")
    assert translated(missing) == read_catalog("de")[missing]
    LANGUAGE.reset(token)


def test_the_documented_file_can_be_used(tmp_path: Path) -> None:
    (block,) = blocks("docs/chat.md", "json")
    (tmp_path / "ar.json").write_text(block.code, encoding="utf-8")
    use_own_texts(tmp_path)
    assert load_strings("chat").languages == load_strings("widget").languages


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("arabic.json", "{}", "two letters"),
        ("ar.json", "no JSON", "JSON"),
        ("ar.json", "[" * 100_000, "JSON"),
        ("ar.json", "[]", "an object"),
        ("ar.json", '{"page": {}}', "an object"),
        ("ar.json", '{"chat": []}', "not an object"),
        ("ar.json", '{"chat": {"nothing": "x"}}', "no text 'nothing'"),
        ("ar.json", '{"chat": {"ask": 7}}', "give a text"),
        ("ar.json", '{"chat": {"ask": " "}}', "give a text"),
        ("ar.json", '{"chat": {"page": "{page} {password}"}}', "only these values in braces: page"),
        ("ar.json", '{"chat": {"ask": "{"}}', "braces: none"),
        ("ar.json", '{"chat": {"direction": "up"}}', "ltr, rtl"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(
    tmp_path: Path, name: str, content: str, reason: str
) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(SettingsError, match=reason):
        use_own_texts(tmp_path)


def test_a_folder_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ASSISTANT_TEXTS"):
        use_own_texts(tmp_path / "none")


@pytest.fixture
def arabic(
    settings: Settings, encoder: Encoder, assistant: Assistant, texts: Path, site: Site
) -> Iterator[str]:
    assert assistant.documents()
    own = settings.model_copy(update={"texts": texts, "allowed_origins": (site.origin,)})
    with Assistant(own, encoder) as opened, served(opened) as address:
        yield address


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_chat_reads_from_right_to_left(
    visit: Visit, arabic: str, viewport: dict[str, int]
) -> None:
    reader = visit(at=arabic, locale="ar-EG", viewport=viewport)
    page = reader.page
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    box = page.get_by_label("سؤالك")
    box.fill(FOUNDED)
    page.keyboard.press("Enter")
    expect(page.locator(".exchange")).to_have_attribute("data-state", "answered")
    assert box_of(page.locator("#send"))["x"] < box_of(box)["x"]
    assert not scrolls_sideways(page)
    directions = "(one) => [getComputedStyle(one).direction, getComputedStyle(one).textAlign]"
    assert page.locator(".asked").evaluate(directions)[0] == "ltr", "the question is English"
    assert page.locator("#heading h1").evaluate(directions) == ["ltr", "right"]
    sources = page.locator(".sources")
    assert sources.evaluate("(one) => getComputedStyle(one).direction") == "rtl"
    ends = [box_of(one)["x"] + box_of(one)["width"] for one in (sources.locator("span"), sources)]
    assert abs(ends[0] - ends[1]) < 1  # the line begins on the right
    page.locator("button.mark").first.click()
    passage = page.locator("#passage")
    expect(passage).to_be_in_viewport()
    if viewport == DESKTOP:
        assert box_of(page.locator("#source-pane"))["x"] < box_of(page.locator("#log"))["x"]
    assert violations(page) == []
    assert not scrolls_sideways(page)


def test_the_widget_reads_from_right_to_left(embed: Embed, arabic: str) -> None:
    page = page_with(f"{arabic}/widget.js").replace('lang="en"', 'lang="ar" dir="rtl"')
    visitor = embed(page)
    expect(visitor.launcher).to_have_text("اطرح سؤالاً")
    assert box_of(visitor.launcher)["x"] == 20  # the corner where lines end
    visitor.open()
    assert box_of(visitor.panel)["x"] == 20
    close = visitor.panel.get_by_role("button", name="إغلاق")
    assert box_of(close)["x"] < box_of(visitor.panel.get_by_role("heading"))["x"]
    expect(visitor.chat.locator("html")).to_have_attribute("dir", "rtl")
    expect(visitor.chat.get_by_label("سؤالك")).to_be_visible()
    assert violations(visitor.page) == []


def test_a_page_that_names_the_corner_has_it(embed: Embed, arabic: str) -> None:
    page = page_with(f"{arabic}/widget.js", position="bottom-right")
    visitor = embed(page.replace('lang="en"', 'lang="ar" dir="rtl"'))
    box = box_of(visitor.launcher)
    assert box["x"] + box["width"] == DESKTOP["width"] - 20


def test_the_other_pages_have_language_and_direction_too(arabic: str) -> None:
    for path in ("/insights", "/widget/demo", "/widget/probe"):
        page = patient.get(arabic + path, headers={"accept-language": "ar"})
        assert '<html lang="ar" dir="rtl">' in page.text, path
