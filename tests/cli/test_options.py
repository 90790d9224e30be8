"""The options that commands share have the same names, help and defaults everywhere."""

from collections import defaultdict
from typing import Any

import typer

from assistant.cli import options
from assistant.cli.commands import app

SHARED = ("--corpus", "--index", "--embedding-model", "--model", "--verbose", "--watch")


def test_a_shared_option_is_described_the_same_way_by_every_command() -> None:
    group: Any = typer.main.get_command(app)
    described: dict[str, set[str | None]] = defaultdict(set)
    for command in group.commands.values():
        for parameter in command.params:
            for name in set(SHARED) & {*parameter.opts}:
                described[name].add(parameter.help)
    assert {name: len(texts) for name, texts in described.items()} == dict.fromkeys(SHARED, 1)


def test_every_alias_is_an_option_with_help() -> None:
    aliases = [value for value in vars(options).values() if hasattr(value, "__metadata__")]
    assert len(aliases) == len(SHARED) + 1  # and --json, which evaluate gives a file
    for alias in aliases:
        (option,) = alias.__metadata__
        assert option.help.endswith(".")
