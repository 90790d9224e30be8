"""The chat's password: without it neither the chat nor a word of the documents can be had."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import pytest
from itsdangerous import TimestampSigner
from playwright.sync_api import BrowserContext, expect
from pydantic import SecretStr
from starlette.testclient import TestClient

from assistant import Assistant
from assistant.web.middleware.ended_sessions import EndedSessions
from assistant.web.middleware.password import COOKIE, SECONDS, LoginSessions
from tests.web.browsing import FOUNDED, Reader, article_id, served
from tests.web.guarding import client_with, sign_in

PASSWORD = "open – sesame"
PAGE = {"accept": "text/html"}


@pytest.fixture(scope="module")
def locked(assistant: Assistant) -> Iterator[TestClient]:
    with client_with(assistant, chat_password=PASSWORD) as client:
        client.follow_redirects = False
        yield client


@pytest.fixture
def client(locked: TestClient) -> TestClient:
    locked.cookies.clear()
    return locked


@contextmanager
def from_address(client: TestClient, host: str) -> Iterator[None]:
    before = client._transport.client  # type: ignore[attr-defined]
    client._transport.client = (host, 50000)  # type: ignore[attr-defined]
    yield
    client._transport.client = before  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/source"),
        ("GET", "/source?document={id}"),
        ("GET", "/original?document={id}"),
        ("GET", "/widget/demo"),
        ("GET", "/widget/demo?document={id}"),
        ("GET", "/widget/"),
        ("GET", "/widget/static/../demo"),
        ("GET", "//source"),
        ("POST", "/gradio_api/queue/join"),
        ("GET", "/gradio_api/queue/data?session_hash=x"),
        ("POST", "/gradio_api/run/predict"),
        ("POST", "/gradio_api/cancel"),
        ("GET", "/config"),
        ("GET", "/nothing"),
        ("HEAD", "/source"),
        ("POST", "/"),
    ],
)
def test_nothing_of_the_chat_is_served_without_the_password(
    client: TestClient, assistant: Assistant, method: str, path: str
) -> None:
    path = path.format(id=article_id(assistant))
    for cookie in ("", f"{COOKIE}=x", f"{COOKIE}=99999999999.x", f"{COOKIE}="):
        refused = client.request(method, path, headers={"cookie": cookie} if cookie else {})
        assert refused.status_code == 401
        assert "Shanghai" not in refused.text
        assert refused.headers["cache-control"] == "no-store"


def test_a_page_leads_to_the_password_and_from_there_back(
    client: TestClient, assistant: Assistant
) -> None:
    path = f"/?document={article_id(assistant)}&start=3&end=9"
    asked = client.get(path, headers=PAGE)
    assert asked.status_code == 303
    login = urlsplit(asked.headers["location"])
    assert (login.path, parse_qs(login.query)) == ("/login", {"then": [path]})
    page = client.get(asked.headers["location"])
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert path.replace("&", "&amp;") in page.text
    with from_address(client, "192.0.2.20"):
        given = sign_in(client, PASSWORD, path)
    assert (given.status_code, given.headers["location"]) == (303, path)
    cookie = given.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=lax", "path=/;"))
    assert PASSWORD not in given.headers["set-cookie"]
    assert client.get("/source").status_code == 200
    forgotten = client.post("/logout")
    assert forgotten.headers["location"] == "/login"
    assert client.get("/source").status_code == 401


@pytest.mark.parametrize(
    "then", ["//evil.example/", "https://evil.example", "/\\evil.example", "/a\r\nx: y", "evil", ""]
)
def test_the_way_back_leads_to_no_other_site(client: TestClient, then: str) -> None:
    with from_address(client, "192.0.2.21"):
        given = sign_in(client, PASSWORD, then)
    if then:
        assert given.headers["location"] == "/"
    shown = client.get("/login", params={"then": then})
    assert "evil" not in shown.text


@pytest.mark.parametrize("given", ["", "open", f"{PASSWORD} ", "\x00", "x" * 1000])
def test_a_wrong_password_is_refused(client: TestClient, given: str) -> None:
    with from_address(client, f"192.0.2.{30 + len(given) % 7}"):
        refused = sign_in(client, given)
    assert refused.status_code == 403
    assert "The password is wrong." in refused.text
    assert "set-cookie" not in refused.headers


def test_passwords_cannot_be_tried_at_will(client: TestClient) -> None:
    with from_address(client, "192.0.2.50"):
        answers = [sign_in(client, str(number)) for number in range(11)]
        assert [answer.status_code for answer in answers] == [403] * 10 + [429]
        assert int(answers[-1].headers["retry-after"]) > 0
        right = sign_in(client, PASSWORD)
        assert right.status_code == 429
    with from_address(client, "192.0.2.51"):
        assert sign_in(client, PASSWORD).status_code == 303


def test_what_holds_nothing_of_the_documents_stays_open(client: TestClient) -> None:
    for path in ("/healthz", "/login", "/chat/login.css", "/docs", "/openapi.json", "/widget.js"):
        assert client.get(path).status_code == 200, path
    off = client.get("/widget")
    assert off.status_code == 200
    assert "gradio" not in off.text


def test_a_session_runs_out_and_another_password_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = LoginSessions(SecretStr(PASSWORD))
    cookie = sessions.issue()
    assert sessions.accepts(cookie)
    assert LoginSessions(SecretStr(PASSWORD)).accepts(cookie)  # after a restart
    assert not LoginSessions(SecretStr("another")).accepts(cookie)
    session, since, signature = cookie.split(".")
    later = TimestampSigner("another key").sign(session).decode().split(".")[1]
    for wrong in (
        "",
        ".",
        "x.y",
        "\ud800",
        f"{session}.{since}.é",
        f"{session}.{'z' * 5000}.{signature}",
        f"{session}.{later}x.{signature}",
        f"0{session[1:]}0.{since}.{signature}",
    ):
        assert not sessions.accepts(wrong)
    late = time.time() + SECONDS + 1
    monkeypatch.setattr(time, "time", lambda: late)
    assert not sessions.accepts(cookie)


def test_a_server_whose_clock_is_behind_accepts_a_session(monkeypatch: pytest.MonkeyPatch) -> None:
    cookie = LoginSessions(SecretStr(PASSWORD)).issue()
    earlier = time.time() - 5
    monkeypatch.setattr(time, "time", lambda: earlier)
    assert LoginSessions(SecretStr(PASSWORD)).accepts(cookie)


def test_a_session_that_was_signed_out_is_refused_wherever_its_cookie_was_copied_to() -> None:
    ended = EndedSessions()
    sessions = LoginSessions(SecretStr(PASSWORD), ended)
    cookie, other = sessions.issue(), sessions.issue()
    sessions.end(cookie)
    sessions.end("no cookie of ours")
    assert not LoginSessions(SecretStr(PASSWORD), ended).accepts(cookie)
    assert sessions.accepts(other)


def test_a_form_is_that_of_one_browser_and_its_token_opens_nothing() -> None:
    sessions = LoginSessions(SecretStr(PASSWORD))
    token = sessions.form_token("browser")
    assert sessions.is_form_of("browser", token)
    assert not sessions.is_form_of("another", token)
    assert not sessions.is_form_of("", sessions.form_token(""))
    assert not sessions.is_form_of("browser", "")
    assert not sessions.is_form_of("browser", "\ud800é")
    assert not sessions.accepts(f"browser.{token}")


def test_tokens_open_the_api_and_the_password_does_not(assistant: Assistant) -> None:
    token = "a-token-of-some-length"
    with client_with(assistant, chat_password=PASSWORD, api_tokens=token) as client:
        assert client.get("/api/v1/documents").status_code == 401
        sign_in(client, PASSWORD)
        assert client.get("/api/v1/documents").status_code == 401
        headers = {"authorization": f"Bearer {token}"}
        assert client.get("/api/v1/documents", headers=headers).status_code == 200
        client.cookies.clear()
        assert client.get("/source", headers=headers).status_code == 401


def test_a_reader_gives_the_password_and_asks(
    shared_context: BrowserContext, assistant: Assistant
) -> None:
    before = assistant.settings
    assistant.settings = before.model_copy(update={"chat_password": SecretStr(PASSWORD)})
    page = shared_context.new_page()
    try:
        with served(assistant) as address:
            reader = Reader.listening(page, address)
            page.goto(f"{address}/?document={article_id(assistant)}")
            expect(page.get_by_label("Password")).to_be_focused()
            page.keyboard.type("wrong")
            page.keyboard.press("Enter")
            expect(page.get_by_role("alert")).to_have_text("The password is wrong.")
            reader.complaints.clear()  # the browser itself reports the status 403
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            expect(page.locator("#source-body article")).to_be_visible(timeout=20_000)
            reader.ask(FOUNDED)
            expect(page.locator(".exchange").last).to_contain_text("2001")
            page.evaluate("localStorage.clear()")
            page.close()
    finally:
        assistant.settings = before
        shared_context.clear_cookies()
    assert reader.complaints == []
    assert reader.outside() == []
