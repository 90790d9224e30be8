"""HTML templates by Jinja2, which escape every value and reject missing values."""

from functools import cache
from importlib import resources
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


@cache
def templates_of(room: str) -> Environment:
    """Return the templates in a room's folder, as in ``templates_of("assistant.web.chat")``."""
    return Environment(
        loader=FileSystemLoader(Path(str(resources.files(room))) / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
