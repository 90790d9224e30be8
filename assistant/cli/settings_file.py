"""Change lines of ``assistant.toml`` and leave the others, with their comments, as they are."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from assistant.errors import SettingsError


def change_settings_file(path: Path, changes: Mapping[str, str | None]) -> None:
    """Set text settings in a file, or take out those that are None. Make the file if need be.

    Raise `SettingsError` if the file is not valid or cannot be written, and leave it as it was.
    """
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        wanted = {**tomllib.loads(before), **changes}
        after = _changed(before, changes)
        if tomllib.loads(after) != {name: value for name, value in wanted.items() if value}:
            raise SettingsError(
                f"{path} cannot be changed here: {', '.join(changes)} are not each on a line of "
                "their own. Change them by hand."
            )
        if after != before:
            path.write_text(after, encoding="utf-8")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}. Correct it first.") from error
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror}.") from error


def _changed(text: str, changes: Mapping[str, str | None]) -> str:
    names = "|".join(map(re.escape, changes))
    kept = [
        line
        for line in text.splitlines(keepends=True)
        if not re.match(rf"\s*(?:{names})\s*=", line)
    ]
    if kept and not kept[-1].endswith("\n"):
        kept.append("\n")
    new = [f"{name} = {_quoted(value)}\n" for name, value in changes.items() if value]
    return "".join(kept + new)


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
