"""HTML templates by Jinja2, which escape every value and reject missing values."""

from functools import cache
from importlib import resources
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assistant.text.safe_display import safe_name
from assistant.web.strings import LANGUAGE, load_strings


@cache
def templates_of(room: str) -> Environment:
    """Return the templates in a room's folder, as in ``templates_of("assistant.web.chat")``."""
    environment = Environment(
        loader=FileSystemLoader(Path(str(resources.files(room))) / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["language_attributes"] = language_attributes
    environment.filters["as_name"] = safe_name
    environment.filters["one_line"] = lambda text: " ".join(text.split())
    return environment


def language_attributes() -> Markup:
    """Return the attributes of ``<html>`` for the language of the request and its direction."""
    direction = load_strings("chat")("direction")
    return Markup('lang="{}" dir="{}"').format(LANGUAGE.get(), direction)
