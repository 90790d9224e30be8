"""Emphasis and quotations are noted beside the text, which is the same without them."""

import re

import pytest
from lxml import html as lxml_html

from assistant.ingestion.formats import html, markdown
from assistant.ingestion.formats.html_emphasis import Emphasis

Noted = list[tuple[str, str]]


def of_page(body: str) -> Noted:
    found = html.extract(f"<html><body>{body}</body></html>".encode())
    plain = re.sub(r"</?(?:b|i|em|strong|blockquote)>", "", body)
    assert "blockquote" in body or html.extract(plain.encode()).text == found.text
    return [(name, found.text[start:end].strip()) for start, end, name in found.styles]


@pytest.mark.parametrize(
    ("body", "noted"),
    [
        (
            "<p>A <b>bold</b> and <em>fine  word</em>.</p>",
            [("strong", "bold"), ("em", "fine word")],
        ),
        ("<p>One <b> two </b>three</p>", [("strong", "two")]),
        ("<p><i>a <b>b</b></i> b</p>", [("em", "a b"), ("strong", "b")]),
        ("<ul><li>x<ol><li><b>Open</b> it</li></ol></li></ul>", [("strong", "Open")]),
        ("<h2>The <i>Argo</i></h2><p>The Argo</p>", [("em", "Argo")]),
        ("<p>H<sub><b>2</b></sub>O <b>x<sup>2</sup></b></p>", [("strong", "x²")]),
        ("<p>One<br><b>two</b><br>two</p>", [("strong", "two")]),
        ("<p>a</p><b>One<section>two</section></b>", [("strong", "One"), ("strong", "two")]),
        ("<p><b><b>a</b> b</b> c<b></b></p>", [("strong", "a b")]),
        ("<dl><dt>Pump</dt><dd>An <b>old</b> one</dd></dl>", [("strong", "old")]),
        ("<p>a\u00adb <b>c\u200bd</b></p>", [("strong", "cd")]),
        ("<pre>a <b>b</b></pre>", []),
        ("<p>Pay <b>unclosed", [("strong", "unclosed")]),
    ],
)
def test_emphasis_of_a_page_is_noted(body: str, noted: Noted) -> None:
    assert of_page(body) == noted


def test_a_quotation_is_noted_once_with_all_in_it() -> None:
    body = "<p>He wrote:</p><blockquote><p>One.</p><blockquote>Two.</blockquote></blockquote><p>So.</p>"
    assert of_page(body) == [("quote", "One.\n\nTwo.")]


def test_markdown_has_its_emphasis_and_quotations() -> None:
    found = markdown.extract(b"Some **bold** and *fine* words.\n\n> A *quoted* line\n\n- **x**\n")
    assert [(name, found.text[start:end].strip()) for start, end, name in found.styles] == [
        ("strong", "bold"),
        ("em", "fine"),
        ("quote", "A quoted line"),
        ("em", "quoted"),
        ("strong", "x"),
    ]


def test_only_the_element_that_began_a_stretch_ends_it() -> None:
    outer, inner = lxml_html.fromstring("<b>a<b>b</b></b>"), lxml_html.fromstring("<b>b</b>")
    emphasis = Emphasis()
    emphasis.start(outer, 0)
    emphasis.start(inner, 1)
    emphasis.end(inner, 1)
    emphasis.end(outer, 2)
    assert emphasis.taken(["ab", "c", "d"]) == ((4, 1, "strong"),)
    assert emphasis.taken(["a"]) == ()
