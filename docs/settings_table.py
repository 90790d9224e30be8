"""Write the table of settings in ``docs/settings.md``, from `Settings`.

Run: ``python -m docs.settings_table``; ``make docs`` does.
"""

from pathlib import Path

from pydantic.fields import FieldInfo

from assistant.settings import Settings

PAGE = Path(__file__).with_name("settings.md")
BEGIN = "<!-- table of settings: written by `make docs` from assistant/settings.py -->\n"
END = "<!-- end of the table -->\n"
HEAD = "| variable | default | what it sets |\n| --- | --- | --- |\n"


def settings_table() -> str:
    """Return a Markdown table with a row for each setting."""
    return HEAD + "".join(_row(name, field) for name, field in Settings.model_fields.items())


def with_table(page: str) -> str:
    """Return the page with the table between its two marks. Raise `ValueError` without them."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{PAGE} lacks the marks between which the table of settings is written.")
    return f"{before}{BEGIN}\n{settings_table()}\n{END}{after}"


def _row(name: str, field: FieldInfo) -> str:
    description = (field.description or "").replace("|", "\\|")
    return f"| `ASSISTANT_{name.upper()}` | {_default(field.default)} | {description} |\n"


def _default(value: object) -> str:
    """Return a default as people would write it in the environment."""
    if value in (None, (), ""):
        return "not set"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{', '.join(value) if isinstance(value, tuple) else value}`"


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
