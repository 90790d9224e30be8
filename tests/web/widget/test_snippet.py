"""The line to paste, as ``assistant widget`` prints it."""

from html.parser import HTMLParser

import pytest
from typer.testing import CliRunner, Result

from assistant import Settings, UsageError
from assistant.cli.main import app
from assistant.web.widget.snippet import advice, server_address, snippet


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOST", "PORT", "ROOT_PATH", "ALLOWED_ORIGINS", "CHAT_PASSWORD"):
        monkeypatch.delenv(f"ASSISTANT_{name}", raising=False)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["widget", *arguments])


def attributes_of(line: str) -> dict[str, str | None]:
    """What a browser reads of the line."""
    found: list[dict[str, str | None]] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: found.append(dict(attrs))  # type: ignore[method-assign]
    parser.feed(line)
    assert len(found) == 1
    return found[0]


def test_the_line_alone_is_on_standard_output_and_advice_beside_it() -> None:
    result = run()
    assert result.exit_code == 0
    line = '<script async src="http://127.0.0.1:7860/widget.js"></script>\n'
    assert result.stdout == line
    assert "ASSISTANT_ALLOWED_ORIGINS=" in result.stderr
    assert "http://127.0.0.1:7860/widget/demo" in result.stderr


def test_the_line_is_for_the_running_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_HOST", "::")
    monkeypatch.setenv("ASSISTANT_PORT", "8123")
    monkeypatch.setenv("ASSISTANT_ALLOWED_ORIGINS", "https://site.example")
    result = run()
    assert attributes_of(result.stdout)["src"] == "http://localhost:8123/widget.js"
    assert "Sites that may show the widget: https://site.example" in result.stderr


def test_the_line_has_the_path_below_which_a_proxy_shows_the_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ASSISTANT_ROOT_PATH", "/tools/assistant")
    result = run()
    address = "http://127.0.0.1:7860/tools/assistant"
    assert attributes_of(result.stdout)["src"] == f"{address}/widget.js"
    assert "assistant widget --url https://" in result.stderr
    assert f"{address}/widget/demo" in result.stderr
    told = run("--url", "https://host.example/elsewhere")
    assert attributes_of(told.stdout)["src"] == "https://host.example/elsewhere/widget.js"


def test_what_is_chosen_is_read_by_browsers_as_it_was_written() -> None:
    hostile = '"><script>alert(1)</script>&amp;'
    chosen = ("--heading", hostile, "--position", "top-left", "--theme", "auto", "--open")
    asked = ("--question", "When?", "--question", "Where?")
    result = run("--url", "https://host.example/assistant/", *chosen, *asked)
    assert attributes_of(result.stdout.removesuffix("</script>\n")) == {
        "async": None,
        "src": "https://host.example/assistant/widget.js",
        "data-heading": hostile,
        "data-questions": "When? | Where?",
        "data-position": "top-left",
        "data-open": None,
    }


@pytest.mark.parametrize(
    "wrong",
    [
        ("--url", "host.example"),
        ("--url", "javascript:alert(1)"),
        ("--url", "https://host.example:port"),
        ("--url", "https://host.example/?a=b"),
        ("--url", "https://host.example/a b"),
        ("--position", "middle"),
        ("--theme", "pink"),
    ],
)
def test_what_cannot_be_is_wrong_usage(wrong: tuple[str, str]) -> None:
    result = run(*wrong)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert wrong[1] in result.stderr


def test_without_a_known_port_the_address_has_to_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_PORT", "0")
    result = run()
    assert result.exit_code == 2
    assert "assistant widget --url" in result.stderr


def test_with_a_chat_password_no_line_is_printed_but_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_CHAT_PASSWORD", "a long password")
    result = run()
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "ASSISTANT_CHAT_PASSWORD" in result.stderr
    assert "a long password" not in result.stderr


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://a.example/", "https://a.example"),
        ("https://a.example/x/widget.js", "https://a.example/x"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        (None, "http://[::1]:81/below"),
    ],
)
def test_the_address_is_complete_and_has_no_final_slash(url: str | None, address: str) -> None:
    assert server_address(Settings(host="::1", port=81, root_path="/below"), url) == address


def test_what_is_no_address_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="--url https://"):
        server_address(Settings(), "ftp://a.example")


def test_values_are_escaped_and_empty_ones_left_out() -> None:
    line = snippet("https://a.example", {"heading": 'Say "hi" & <b>', "theme": ""}, is_open=True)
    assert attributes_of(line.removesuffix("</script>")) == {
        "async": None,
        "src": "https://a.example/widget.js",
        "data-heading": 'Say "hi" & <b>',
        "data-open": None,
    }


def test_advice_is_for_what_is_missing() -> None:
    nothing_set = advice(Settings(), "http://a.example")
    ready = advice(Settings(allowed_origins=("https://site.example",)), "https://a.example")
    assert (len(nothing_set), len(ready)) == (3, 2)
    assert "https://site.example" in ready[0]
