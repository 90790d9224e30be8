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
