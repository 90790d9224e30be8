"""Pages that are hard to live on: hostile styles, a strict policy, a frame of scripts; and knobs."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.browsing import DESKTOP, FOUNDED, PHONE, UNANSWERABLE
from tests.web.chat.test_looks import violations
from tests.web.widget.conftest import Embed
from tests.web.widget.embedding import Site, box_of

HOSTILE = """<style>
  * { all: unset !important; color: red !important; font-size: 40px !important; }
  html, body { overflow: hidden !important; height: 100% !important; }
  assistant-chat { display: none !important; transform: scale(3) !important; opacity: 0 !important;
    pointer-events: none !important; filter: blur(9px) !important; direction: rtl; }
  iframe, dialog, button, [id] { display: none !important; }
</style>"""
PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
POLICY = "default-src 'none'; script-src {server}; frame-src {server}; require-trusted-types-for 'script'"


def test_hostile_styles_of_the_page_do_not_reach_the_widget(embed: Embed) -> None:
    plain, hostile = embed(theme="light"), embed(head=HOSTILE, theme="light")
    boxes = []
    for visitor in (plain, hostile):
        expect(visitor.launcher).to_be_visible()
        closed = visitor.launcher.bounding_box()
        visitor.open()
        boxes.append((closed, visitor.panel.bounding_box()))
        visitor.ask(FOUNDED)
        visitor.page.keyboard.press("Escape")
    assert boxes[0] == boxes[1]
    looks = "(one) => (({ color, fontSize, opacity }) => [color, fontSize, opacity])(getComputedStyle(one))"
    assert plain.launcher.evaluate(looks) == hostile.launcher.evaluate(looks)


def test_two_directives_are_all_that_a_strict_policy_needs(
    embed: Embed, site: Site, server: str, article: dict[str, str]
) -> None:
    site.headers["content-security-policy"] = POLICY.format(server=server) + "; img-src data:"
    visitor = embed(**article, accent="#b91c1c")
    visitor.open()
    visitor.ask(FOUNDED)
    visitor.mark.click()
    expect(visitor.chat.locator("#toast")).to_have_text("Shown on the page")
    assert len(visitor.highlighted()) == 1
    color = visitor.launcher.evaluate("(one) => getComputedStyle(one).backgroundColor")
    assert color == "rgb(185, 28, 28)"


def test_pasted_twice_it_is_there_once(embed: Embed, server: str) -> None:
    line = f'<script async src="{server}/widget.js"></script>'
    visitor = embed(body=f"{line}<p>Text</p>{line}")
    expect(visitor.launcher).to_be_visible()
    visitor.page.wait_for_timeout(300)
    expect(visitor.page.locator("assistant-chat")).to_have_count(1)


def test_an_element_of_the_pages_own_is_not_joined_by_a_second_one(
    embed: Embed, server: str
) -> None:
    own = f'<assistant-chat src="{server}" heading="Mine"></assistant-chat>'
    visitor = embed(head=f'<script async src="{server}/widget.js"></script>', body=own)
    expect(visitor.launcher).to_have_text("Mine")
    expect(visitor.page.locator("assistant-chat")).to_have_count(1)
    visitor.open()


def test_an_application_can_remove_the_element_and_add_it_again(embed: Embed) -> None:
    visitor = embed(heading="Again")
    visitor.open()
    page = visitor.page
    for _ in range(2):
        page.evaluate("window.kept = document.querySelector('assistant-chat'); kept.remove()")
        expect(page.locator("assistant-chat")).to_have_count(0)
        page.evaluate("document.body.append(kept)")
        visitor.wait_until_ready()  # it was open
    page.evaluate("kept.close(); kept.remove(); document.body.append(kept)")
    expect(visitor.panel).to_be_hidden()
    assert page.evaluate("frames.length") == 0
    page.evaluate(
        "kept.remove(); const made = document.createElement('assistant-chat');"
        "made.setAttribute('heading', 'New'); document.body.append(made)"
    )
    expect(visitor.launcher).to_have_text("New")
    visitor.open()
    visitor.ask(FOUNDED)
    page.wait_for_function("heard.at(-1).name === 'answer'")


def test_attributes_say_what_the_widget_says_and_where_it_stands(embed: Embed) -> None:
    visitor = embed(
        heading="Ask &lt;b&gt;us&lt;/b&gt;",
        placeholder="Your words",
        greeting="Welcome &lt;i&gt;",
        position="top-left",
        theme="dark",
        accent="#c026d3",
        questions="When was the SCO founded? | What is &lt;u&gt;? |",
    )
    expect(visitor.launcher).to_have_text("Ask <b>us</b>")
    assert box_of(visitor.launcher)["x"] == 20
    visitor.open()
    chat = visitor.chat
    expect(visitor.panel.get_by_role("heading", name="Ask <b>us</b>")).to_be_visible()
    expect(chat.get_by_placeholder("Your words")).to_be_visible()
    expect(chat.get_by_role("heading", name="Welcome <i>")).to_be_visible()
    expect(chat.locator(".suggestion")).to_have_text([FOUNDED, "What is <u>?"])
    expect(chat.locator("body")).to_have_class(re.compile(r"\bdark\b"))
    visitor.page.evaluate("document.querySelector('assistant-chat').setAttribute('theme', 'light')")
    expect(chat.locator("body")).not_to_have_class(re.compile(r"\bdark\b"))
    chat.locator(".suggestion").first.click()
    visitor.wait_for_answer(FOUNDED)


def test_a_page_can_open_ask_and_close(embed: Embed) -> None:
    visitor = embed()
    expect(visitor.launcher).to_be_visible()
    visitor.page.evaluate(
        "document.querySelector('assistant-chat').ask('When was the SCO founded?')"
    )
    visitor.wait_until_ready()
    visitor.wait_for_answer(FOUNDED)
    visitor.page.wait_for_function("heard.some((one) => one.name.endsWith('answer'))")
    for nothing in ("''", "'  '", "7", "null", "{}", ""):
        visitor.page.evaluate(f"document.querySelector('assistant-chat').ask({nothing})")
    visitor.page.evaluate("document.querySelector('assistant-chat').close()")
    expect(visitor.panel).to_be_hidden()
    visitor.page.evaluate("document.querySelector('assistant-chat').open()")
    expect(visitor.chat.locator(".exchange")).to_have_count(1)
    names = [one["name"] for one in visitor.page.evaluate("heard")]
    assert names == ["open", "answer", "close", "open"]


def test_open_from_the_start_takes_no_focus_and_no_phones_screen(embed: Embed) -> None:
    visitor = embed(open="")
    visitor.wait_until_ready()
    assert visitor.focused() == ["body"]
    phone = embed(open="", viewport=PHONE)
    expect(phone.launcher).to_be_visible()
    expect(phone.panel).to_be_hidden()


COVERED = """(() => {
  const launcher = document.querySelector("assistant-chat");
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_ELEMENT);
  const covered = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    node.scrollIntoView({ block: "nearest", behavior: "instant" });
    const { left, bottom } = node.getBoundingClientRect();
    if (document.elementFromPoint(left + 2, bottom - 2) === launcher) covered.push(node.textContent);
  }
  return covered;
})()"""


def test_closed_on_a_narrow_page_it_covers_nothing_that_is_scrolled_to(embed: Embed) -> None:
    text = "".join(f'<p><a href="#">Line {number}</a></p>' for number in range(60))
    visitor = embed(viewport=PHONE, body=text)
    expect(visitor.launcher).to_be_visible()
    assert visitor.page.evaluate(COVERED) == []
    visitor.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    last = box_of(visitor.page.locator("main a").last)
    assert last["y"] + last["height"] <= box_of(visitor.launcher)["y"]
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_violation_in_any_state(embed: Embed, width: int, scheme: str) -> None:
    direction = "<script>document.documentElement.dir = 'rtl'</script>" if scheme == "dark" else ""
    visitor = embed(
        viewport={"width": width, "height": 844},
        color_scheme=scheme,
        theme=scheme,
        accent="#c026d3",
        reduced_motion="reduce",
        contact="mailto:help@site.example",
        head=direction,
    )
    page, chat = visitor.page, visitor.chat
    expect(visitor.launcher).to_be_visible()
    assert violations(page) == []
    visitor.open()
    assert violations(page) == []
    visitor.ask(FOUNDED)
    expect(chat.locator(".next")).to_be_visible()
    assert violations(page) == []
    visitor.mark.click()
    expect(chat.locator("#passage")).to_be_in_viewport()
    assert violations(page) == []
    page.keyboard.press("Escape")
    visitor.ask(UNANSWERABLE)
    expect(chat.get_by_role("link", name="Talk to a person")).to_be_visible()
    chat.get_by_role("button", name="Not helpful").last.click()
    expect(chat.locator(".verdict")).to_be_visible()
    assert violations(page) == []
    chat.get_by_role("button", name="Chats").click()
    expect(chat.locator("#conversations")).to_be_visible()
    assert violations(page) == []
    chat.get_by_role("button", name="Close").last.click()
    if width > 600:
        visitor.panel.get_by_role("button", name="Larger panel").click()
        expect(chat.locator("#source-pane")).to_be_visible()
        assert violations(page) == []


@pytest.mark.parametrize(
    ("wish", "animation"), [("no-preference", "rise"), ("reduce", "none")], ids=str
)
def test_the_panel_comes_without_motion_where_the_reader_wants_none(
    embed: Embed, wish: str, animation: str
) -> None:
    visitor = embed(reduced_motion=wish)
    visitor.launcher.click()
    shown = visitor.panel.evaluate("(panel) => getComputedStyle(panel).animationName")
    assert shown == animation


def test_a_passage_is_found_across_elements_and_where_its_words_stand_twice(
    embed: Embed, article: dict[str, str]
) -> None:
    words = "After the SCO was founded in 2001, collaboration in security"
    broken = (
        "After the <b>SCO</b> was\n founded&nbsp;in <a href='#'>2001</a>,<br> col&shy;laboration "
        "in security"
    )
    start = article["body"].index(words)
    sentence = article["body"][start : article["body"].index(". ", start) + 1]
    visitor = embed(
        head=article["head"],
        body=f"<script>'{sentence}'</script><p id='echo'>{sentence}</p>"
        + article["body"]
        .replace(words, broken)
        .replace("<p>After the <b>", "<p id='own'>After the <b>")
        + f"<p id='end'>{sentence}</p>",
    )
    visitor.open()
    visitor.ask(FOUNDED)
    visitor.mark.click()
    expect(visitor.chat.locator("#toast")).to_have_text("Shown on the page")
    where = (
        "[...CSS.highlights.get('assistant-chat')].map((one) => one.startContainer.parentNode.id)"
    )
    assert visitor.page.evaluate(where) == ["own"]  # it follows the document's own words
    assert " ".join(visitor.highlighted()[0].replace("\u00ad", "").split()) == sentence


def test_the_words_that_the_page_does_not_have_open_the_source_instead(
    embed: Embed, article: dict[str, str]
) -> None:
    visitor = embed(head=article["head"], body="<p>Another text at the document's address.</p>")
    visitor.open()
    visitor.ask(FOUNDED)
    visitor.mark.click()
    expect(visitor.chat.get_by_role("dialog", name="Source").locator("#passage")).to_be_visible()
    assert visitor.highlighted() == []


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_size_and_logo_are_chosen_and_the_button_shows_that_it_closes(
    embed: Embed, viewport: dict[str, int]
) -> None:
    plain, large = embed(viewport=viewport), embed(viewport=viewport, size="large", logo=PIXEL)
    icons = []
    for visitor in (plain, large):
        drawn = visitor.launcher.locator("path")
        before = drawn.get_attribute("d")
        visitor.open()
        icons.append((before, drawn.get_attribute("d")))
        assert before != drawn.get_attribute("d")
    expect(plain.panel.locator("img")).to_be_hidden()
    expect(large.panel.locator("img")).to_be_visible()
    assert (box_of(large.panel)["width"] > box_of(plain.panel)["width"]) == (viewport == DESKTOP)
    assert violations(large.page) == []
    large.page.evaluate("document.querySelector('assistant-chat').close()")
    expect(large.launcher.locator("path")).to_have_attribute("d", icons[1][0] or "")


def test_a_button_makes_the_panel_larger_and_small_again(embed: Embed) -> None:
    visitor = embed()
    visitor.open()
    larger = visitor.panel.get_by_role("button", name="Larger panel")
    small = box_of(visitor.panel)
    larger.click()
    expect(larger).to_have_attribute("aria-pressed", "true")
    box = box_of(visitor.panel)
    assert (box["width"], box["height"]) == (960, small["height"])
    assert violations(visitor.page) == []
    larger.click()
    expect(larger).to_have_attribute("aria-pressed", "false")
    assert visitor.panel.bounding_box() == small
    phone = embed(viewport=PHONE)
    phone.open()
    expect(phone.panel.get_by_role("button", name="Larger panel")).to_be_hidden()


@pytest.mark.parametrize(
    ("position", "height"),
    [("bottom-right", 844), ("bottom-right", 1200), ("bottom-left", 844), ("top-right", 844)],
)
def test_a_second_click_on_larger_panel_meets_nothing_of_the_chat(
    embed: Embed, position: str, height: int
) -> None:
    visitor = embed(viewport={"width": 1280, "height": height}, position=position)
    visitor.open()
    visitor.ask(FOUNDED)
    place = box_of(visitor.panel.get_by_role("button", name="Larger panel"))
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    visitor.page.mouse.dblclick(x, y)
    expect(visitor.chat.locator(".exchange")).to_have_count(1)
    visitor.page.wait_for_timeout(300)  # a click on "Clear" takes effect meanwhile
    expect(visitor.chat.locator(".exchange")).to_have_count(1)
    met = visitor.page.evaluate(
        "([x, y]) => document.querySelector('assistant-chat').shadowRoot.elementFromPoint(x, y)"
        ".closest('[id]').id",
        [x, y],
    )
    assert met == ("expand" if position.endswith("right") else "title")


def test_a_larger_panel_shows_the_source_of_the_last_answer(embed: Embed) -> None:
    visitor = embed()
    visitor.open()
    visitor.ask(FOUNDED)
    visitor.panel.get_by_role("button", name="Larger panel").click()
    expect(visitor.chat.locator("#source-pane #passage")).to_contain_text("founded in 2001")
    expect(visitor.chat.locator("#source-pane #passage")).to_be_in_viewport()


def test_a_picture_is_the_launchers_icon_until_the_panel_is_open(embed: Embed) -> None:
    visitor = embed(icon=PIXEL)
    picture, drawn = visitor.launcher.locator("img"), visitor.launcher.locator("svg")
    expect(picture).to_be_visible()
    expect(drawn).to_be_hidden()
    visitor.open()
    expect(picture).to_be_hidden()
    expect(drawn).to_be_visible()  # the cross
    visitor.launcher.click()
    expect(picture).to_be_visible()


COVERS = """(() => {
  const [range] = CSS.highlights.get("assistant-chat");
  const panel = document.querySelector("assistant-chat").shadowRoot.querySelector("dialog");
  const { left, right, top, bottom } = panel.getBoundingClientRect();
  return [...range.getClientRects()].some((line) =>
    line.left < right && line.right > left && line.top < bottom && line.bottom > top);
})()"""


@pytest.mark.parametrize(
    ("style", "options"),
    [
        ("main { margin-left: 860px }", {}),  # to the left
        ("main { margin-right: 860px }", {"position": "top-left"}),  # to the right
        ("main { margin: 0 }", {}),  # the text is as wide as the window
        ("main { margin-left: 860px }", {"size": "large"}),
        ("main { margin: 0 }", {"position": "top-right"}),
    ],
)
def test_the_panel_moves_aside_for_the_passage_that_it_highlights(
    embed: Embed, article: dict[str, str], style: str, options: dict[str, str]
) -> None:
    head = f"{article['head']}<style>{style}</style>"
    visitor = embed(body=article["body"], head=head, reduced_motion="reduce", **options)
    visitor.open()
    place = visitor.panel.bounding_box()
    visitor.ask(FOUNDED)
    visitor.mark.click()
    expect(visitor.chat.locator("#toast")).to_have_text("Shown on the page")
    assert visitor.page.evaluate(COVERS) is False
    assert visitor.panel.bounding_box() != place
    expect(visitor.mark).to_be_in_viewport()
    visitor.page.evaluate("document.querySelector('assistant-chat').close()")
    visitor.open()
    assert visitor.panel.bounding_box() == place


def test_the_panel_that_became_lower_for_a_passage_has_its_height_again_for_the_next_answer(
    embed: Embed, article: dict[str, str]
) -> None:
    visitor = embed(viewport={"width": 1280, "height": 844}, reduced_motion="reduce", **article)
    visitor.open()
    place = box_of(visitor.panel)
    visitor.ask(FOUNDED)
    visitor.mark.click()
    expect(visitor.chat.locator("#toast")).to_have_text("Shown on the page")
    lower = box_of(visitor.panel)
    assert (lower["x"], lower["width"]) == (place["x"], place["width"])
    assert 420 <= lower["height"] < place["height"]
    visitor.ask(UNANSWERABLE)
    assert visitor.panel.bounding_box() == place


def test_a_large_panel_becomes_small_for_a_passage_and_stays_where_it_covers_none(
    embed: Embed, article: dict[str, str]
) -> None:
    head = f"{article['head']}<style>main {{ margin-right: 700px }}</style>"
    visitor = embed(body=article["body"], head=head, reduced_motion="reduce")
    visitor.open()
    place = visitor.panel.bounding_box()
    visitor.ask(FOUNDED)
    larger = visitor.panel.get_by_role("button", name="Larger panel")
    larger.click()
    visitor.mark.click()
    expect(visitor.chat.locator("#toast")).to_have_text("Shown on the page")
    expect(larger).to_have_attribute("aria-pressed", "false")
    assert visitor.page.evaluate(COVERS) is False
    assert visitor.panel.bounding_box() == place


def test_a_page_that_allows_the_script_alone_shows_the_passage_in_the_panel(
    embed: Embed, site: Site, server: str, article: dict[str, str]
) -> None:
    own = f"{server}/widget.js"
    policy = f"default-src 'none'; img-src data:; script-src {own}; frame-src {server}"
    site.headers["content-security-policy"] = policy
    visitor = embed(**article)
    visitor.open()
    visitor.ask(FOUNDED)
    visitor.mark.click()
    expect(visitor.chat.get_by_role("dialog", name="Source").locator("#passage")).to_be_visible()
    assert len(visitor.reader.complaints) == 1
    assert "passages.js" in visitor.reader.complaints[0]
    visitor.reader.complaints.clear()
