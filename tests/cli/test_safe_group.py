"""Errors of usage repeat what was typed, without what would act on a terminal or forge a line."""

import pytest
from typer.testing import CliRunner

from assistant.cli.main import app
from assistant.cli.safe_group import SafeGroup

HARMFUL = "\u202egnp.exe\x9b31m\u200b"


@pytest.mark.parametrize(
    "arguments",
    [
        [f"--{HARMFUL}"],
        [HARMFUL],
        ["ask", f"--{HARMFUL}", "Who?"],
        ["ask", f"--inde{HARMFUL}=x"],
        ["ask", "Who?", HARMFUL],
        ["status", HARMFUL, "forged\nError: line"],
        ["serve", "--port", HARMFUL],
        ["model", HARMFUL],
        ["model", f"--{HARMFUL}"],
    ],
)
def test_an_error_of_usage_shows_no_character_that_acts_or_hides(arguments: list[str]) -> None:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert not set("\u202e\x9b\u200b") & set(result.output)
    assert "\nError: line" not in result.output
    assert "Error" in result.output


def test_an_error_of_usage_still_names_its_remedy() -> None:
    result = CliRunner().invoke(app, ["ask", "--indx", "x"])
    assert "--indx" in result.output
    assert "--index" in result.output


def test_all_commands_are_in_the_safe_group() -> None:
    assert app.info.cls is SafeGroup
