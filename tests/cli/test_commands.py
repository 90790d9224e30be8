"""The command with its subcommands."""

from typer.testing import CliRunner

from assistant.cli.commands import app


def test_help_names_every_command_and_exit_code() -> None:
    shown = CliRunner().invoke(app, ["--help"]).stdout
    for word in (
        "check",
        "ingest",
        "ask",
        "serve",
        "status",
        "evaluate",
        "feedback",
        "widget",
        "130",
    ):
        assert word in shown
