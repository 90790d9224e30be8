"""``assistant widget``: print the HTML that adds the chat to a page."""

from typing import Annotated

import typer

from assistant.cli.console import print_note
from assistant.cli.exit_codes import clear_errors
from assistant.cli.options import Verbose
from assistant.errors import UsageError
from assistant.settings import load_settings
from assistant.text.safe_display import safe
from assistant.web.widget.snippet import (
    POSITIONS,
    THEMES,
    WIDGET_OFF,
    Position,
    Theme,
    advice,
    server_address,
    snippet,
)


def widget(
    url: Annotated[
        str | None,
        typer.Option(help="Public address of the server.", show_default="the one it listens on"),
    ] = None,
    heading: Annotated[str, typer.Option(help="Text on the button.")] = "",
    placeholder: Annotated[str, typer.Option(help="Text in the empty question box.")] = "",
    greeting: Annotated[str, typer.Option(help="Text above the suggested questions.")] = "",
    questions: Annotated[
        list[str] | None, typer.Option("--question", help="A suggested question. Repeatable.")
    ] = None,
    position: Annotated[
        Position, typer.Option(help="Corner of the page.", show_default=False)
    ] = "bottom-right",
    theme: Annotated[
        Theme,
        typer.Option(help="Colour scheme; auto follows the page around.", show_default=False),
    ] = "auto",
    accent: Annotated[str, typer.Option(metavar="COLOUR", help="Any CSS colour.")] = "",
    opened: Annotated[
        bool, typer.Option("--open", help="Open the chat when the page loads.")
    ] = False,
    verbose: Verbose = False,
) -> None:
    """Print the HTML that adds the chat to a page, and what else it needs."""
    with clear_errors(verbose):
        settings = load_settings()
        if settings.chat_password is not None:
            raise UsageError(WIDGET_OFF)
        server = server_address(settings, url)
        attributes = {
            "heading": heading,
            "placeholder": placeholder,
            "greeting": greeting,
            "questions": " | ".join(questions or ()),
            "position": "" if position == POSITIONS[0] else position,
            "theme": "" if theme == THEMES[0] else theme,
            "accent": accent,
        }
        typer.echo(safe(snippet(server, attributes, is_open=opened)))
        for words in advice(settings, server):
            print_note(words)
