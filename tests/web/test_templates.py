import ast
import re
from importlib import resources
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from assistant.web.templates import templates_of


def test_what_a_template_is_given_is_escaped() -> None:
    template = templates_of("assistant.web.documents").get_template("notice.html")
    shown = template.render(title="<script>", text="a & b", t=None)
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_a_missing_value_is_an_error() -> None:
    template = templates_of("assistant.web.documents").get_template("notice.html")
    with pytest.raises(UndefinedError):
        template.render(title="x", t=None)


def test_html_is_in_templates_alone() -> None:
    elements = "a|article|button|div|form|h[1-6]|input|li|link|meta|p|script|span|style|table|ul"
    tag = re.compile(rf"<(?:{elements})\b[^()>]*>")
    found = {
        f"{path.name}: {node.value[:60]}"
        for path in Path(str(resources.files("assistant.web"))).rglob("*.py")
        for node in ast.walk(without_docstrings(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if tag.search(node.value)
    }
    assert found == set()


def without_docstrings(path: Path) -> ast.Module:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [one for one in body if not is_text(one)]  # type: ignore[attr-defined]
    return tree


def is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
