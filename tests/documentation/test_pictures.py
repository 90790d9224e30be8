"""The program that takes the pictures looks for labels that the pages have."""

import ast
import json
from pathlib import Path

from docs import pictures
from tests.conftest import REPOSITORY

LOOKS = {"get_by_label", "get_by_text", "get_by_role", "get_by_placeholder", "to_have_text"}


def labels(code: str) -> set[str]:
    """Return the texts by which a program finds something on a page."""
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    return {
        value.value
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr in LOOKS
        for value in (*call.args, *(given.value for given in call.keywords))
        if isinstance(value, ast.Constant) and isinstance(value.value, str)
    }


def catalogue() -> set[str]:
    files = (REPOSITORY / "assistant" / "web").glob("*/strings/en.json")
    return {text for file in files for text in json.loads(file.read_text("utf-8")).values()}


def test_the_labels_that_the_pictures_need_are_in_the_catalogue() -> None:
    found = labels(Path(pictures.__file__).read_text(encoding="utf-8"))
    assert {"Your question", "Shown on the page"} <= found
    assert found - catalogue() == set()


def test_a_label_that_is_looked_for_is_found_in_a_program() -> None:
    assert labels("page.get_by_label('Gone').click(); page.goto('x')") == {"Gone"}
    assert "Gone" not in catalogue()
