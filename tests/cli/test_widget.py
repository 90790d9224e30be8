"""``assistant widget``: the line on standard output, and advice beside it."""

import pytest

from assistant.cli.widget import widget
from tests.cli.commands import run_alone


def test_the_defaults_of_the_script_are_not_repeated() -> None:
    plain = run_alone(widget, "--url", "https://a.example")
    chosen = ("--position", "bottom-right", "--theme", "auto", "--heading", "")
    assert run_alone(widget, "--url", "https://a.example", *chosen).stdout == plain.stdout
    assert plain.stdout == '<script async src="https://a.example/widget.js"></script>\n'


def test_several_questions_share_one_attribute() -> None:
    asked = ("--question", "When?", "--question", "Where?")
    assert 'data-questions="When? | Where?"' in run_alone(widget, *asked).stdout


def test_the_password_turns_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_CHAT_PASSWORD", "a long password")
    assert run_alone(widget).exit_code == 2
