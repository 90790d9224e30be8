"""Who may frame the chat, what a site that may not is told, and which messages are believed."""

import httpx
import pytest
from playwright.sync_api import expect
from pydantic import SecretStr

from assistant import Assistant, Encoder
from assistant.settings import Settings
from tests import patient
from tests.web.browsing import FOUNDED, served
from tests.web.guarding import sign_in
from tests.web.widget.conftest import Embed
from tests.web.widget.embedding import Site, page_with, site_at_localhost

PASSWORD = "a password"


def ancestors(response: httpx.Response) -> str:
    policy = response.headers["content-security-policy"]
    return str(policy.partition("frame-ancestors ")[2].partition(";")[0])


def test_only_the_widgets_page_can_be_framed_and_only_by_the_sites_that_are_allowed(
    server: str, site: Site
) -> None:
    widget = patient.get(f"{server}/widget")
    assert ancestors(widget) == f"'self' {site.origin}"
    assert "x-frame-options" not in widget.headers
    for path in ("/", "/widget/demo", "/source", "/widget.js", "/nothing"):
        response = patient.get(server + path)
        assert ancestors(response) == "'none'", path
        assert response.headers["x-frame-options"] == "DENY", path


def test_only_the_server_itself_may_frame_the_widget_unless_sites_are_allowed(address: str) -> None:
    assert ancestors(patient.get(f"{address}/widget")) == "'self'"


def test_the_chat_itself_cannot_be_framed_even_by_an_allowed_site(
    embed: Embed, server: str
) -> None:
    visitor = embed(f'<!doctype html><title>x</title><iframe src="{server}/"></iframe>')
    expect(visitor.page.locator("iframe")).to_be_attached()
    visitor.page.wait_for_timeout(500)
    assert visitor.page.frames[1].url.startswith("chrome-error:")
    assert "frame-ancestors 'none'" in " ".join(visitor.reader.complaints)
    visitor.reader.complaints.clear()


def test_on_a_site_that_is_not_allowed_visitors_see_nothing_and_the_console_says_why(
    embed: Embed, server: str
) -> None:
    with site_at_localhost() as other:
        visitor = embed(at=other)
        visitor.page.wait_for_timeout(500)
        expect(visitor.page.locator("assistant-chat")).to_have_count(0)
        (said,) = visitor.reader.complaints
        assert "may not show this assistant yet" in said
        assert f"ASSISTANT_ALLOWED_ORIGINS={other.origin}" in said
        assert server in said
        visitor.reader.complaints.clear()


def test_a_site_that_hides_its_address_sees_the_widget_go_when_it_is_opened(
    embed: Embed, server: str
) -> None:
    with site_at_localhost() as other:
        other.headers["referrer-policy"] = "no-referrer"
        visitor = embed(at=other)
        visitor.launcher.click()
        expect(visitor.page.locator("assistant-chat")).to_have_count(0)
        said = [one for one in visitor.reader.complaints if one.startswith("assistant-chat")]
        assert len(said) == 1
        assert f"ASSISTANT_ALLOWED_ORIGINS={other.origin}" in said[0]
        visitor.reader.complaints.clear()


@pytest.fixture
def closed(settings: Settings, encoder: Encoder, site: Site, assistant: Assistant) -> Assistant:
    own = settings.model_copy(
        update={"allowed_origins": (site.origin,), "chat_password": SecretStr(PASSWORD)}
    )
    return Assistant(own, encoder)


def test_with_a_chat_password_the_widget_is_off_and_says_so(
    embed: Embed, closed: Assistant
) -> None:
    with closed, served(closed) as address:
        visitor = embed(page_with(f"{address}/widget.js"))
        visitor.page.wait_for_timeout(500)
        expect(visitor.page.locator("assistant-chat")).to_have_count(0)
        assert "requires a password" in visitor.reader.complaints[0]
        assert "gradio" not in patient.get(f"{address}/widget").text
        visitor.reader.complaints.clear()
        with httpx.Client(timeout=30, base_url=address, follow_redirects=True) as owner:
            sign_in(owner, PASSWORD)
            demo = owner.get("/widget/demo").text
        assert "ASSISTANT_CHAT_PASSWORD" in demo
        assert "widget.js" not in demo


CHAT = "document.querySelector('assistant-chat').shadowRoot.querySelector('iframe').contentWindow"
FORGED_ANSWER = """
parent.postMessage({ assistant: "answer", question: "q", status: "answered", citations: [] }, "*")
"""
FORGED_QUESTION = f"parent.{CHAT}.postMessage({{ assistant: 'ask', question: 'forged' }}, '*')"


def test_messages_of_other_windows_are_not_believed(embed: Embed, site: Site) -> None:
    site.pages["/inner"] = "<!doctype html><title>inner</title>"
    with site_at_localhost() as stranger:
        stranger.pages["/"] = "<!doctype html><title>stranger</title>"
        frames = f'<iframe src="{stranger.origin}/"></iframe><iframe src="/inner"></iframe>'
        visitor = embed(body=frames)
        visitor.open()
        for address in (f"{stranger.origin}/", f"{site.origin}/inner"):
            frame = next(one for one in visitor.page.frames if one.url == address)
            frame.evaluate(FORGED_ANSWER)
        frame.evaluate(FORGED_QUESTION)  # from the site, but not from the window around
        visitor.page.evaluate(FORGED_ANSWER)  # from the page itself, as if it were the frame
        visitor.page.wait_for_timeout(300)
        assert [one["name"] for one in visitor.page.evaluate("heard")] == ["open"]
        expect(visitor.chat.locator(".exchange")).to_have_count(0)


def test_messages_of_a_wrong_shape_are_ignored_on_both_sides(embed: Embed) -> None:
    visitor = embed()
    visitor.open()
    frame = next(one for one in visitor.page.frames if "/widget" in one.url)
    frame.evaluate(
        """for (const wrong of [null, 7, "answer", [], { assistant: 7 }, { assistant: "toString" },
            { assistant: "answer" }, { assistant: "answer", question: {}, status: "answered", citations: [] },
            { assistant: "answer", question: "q", status: "answered", citations: "none" },
            { assistant: "passage", quote: 1, before: "", url: "" },
            { assistant: "passage", quote: "A page", before: "", url: "javascript:alert(1)" },
            { assistant: "probe", word: {} }]) parent.postMessage(wrong, "*")"""
    )
    visitor.page.evaluate(
        f"const frame = {CHAT};"
        """
        for (const wrong of [null, 7, "ask", [], { assistant: "ask" }, { assistant: "ask", question: 7 },
            { assistant: "constructor" }, { assistant: "configure", theme: 7 }, { assistant: "found", found: "yes" },
            { assistant: "configure", placeholder: "<img>", greeting: [], theme: "", accent: "", questions: "" }])
          frame.postMessage(wrong, "*")"""
    )
    visitor.page.wait_for_timeout(300)
    assert [one["name"] for one in visitor.page.evaluate("heard")] == ["open"]
    expect(visitor.chat.locator(".exchange")).to_have_count(0)
    assert visitor.highlighted() == []
    visitor.ask(FOUNDED)  # nothing is broken
    expect(visitor.mark).to_be_visible()
