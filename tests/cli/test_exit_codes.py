"""An error becomes a short message on standard error and an exit code."""

import pytest
import typer

from assistant.cli.exit_codes import clear_errors
from assistant.errors import AssistantError, UsageError


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (AssistantError("No index."), 1, "Error: No index.\n"),
        (UsageError("No such option."), 2, "Error: No such option.\n"),
        (KeyError("x"), 1, "Internal error: KeyError: 'x'. Run the command again with --verbose"),
        (KeyboardInterrupt(), 130, "Stopped.\n"),
        (typer.Exit(4), 4, ""),
    ],
)
def test_an_error_has_a_message_and_a_code(
    error: BaseException, code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as caught, clear_errors(verbose=False):
        raise error
    assert caught.value.exit_code == code
    shown = capsys.readouterr().err
    assert message in shown
    assert bool(shown) == bool(message)
    assert "Traceback" not in shown


def test_verbose_adds_the_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit), clear_errors(verbose=True):
        raise AssistantError("No \x1b[2J index.")
    shown = capsys.readouterr().err
    assert "Traceback" in shown
    assert "\x1b" not in shown
