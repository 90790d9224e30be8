"""HTML: the readable content with its headings, lists and tables.

Navigation, scripts, styles and what is hidden for good are left out. Where a page marks its main
content, only that is read, with the notes and addresses around it.
"""

from collections.abc import Iterator
from itertools import islice

from lxml import html as lxml_html

from assistant.ingestion.formats import Extracted
from assistant.ingestion.formats.encodings import decode_as, find_html_encoding
from assistant.ingestion.formats.html_parsing import parse
from assistant.ingestion.formats.html_table_roles import mark_tables
from assistant.ingestion.formats.html_visibility import (
    Visibility,
    has_contact,
    has_sentence,
    is_mostly_links,
    length_of,
)
from assistant.ingestion.formats.html_writer import PageWriter
from assistant.ingestion.formats.outline import WORD_JOINER

_MAIN_SHARE = 0.4
"""What marks itself as the main content, and has less of the page's text, misleads."""
_TEXT_BESIDE_LINKS = (
    ".//text()[not(ancestor::a or ancestor::script or ancestor::style or ancestor::nav"
    " or ancestor::noscript or ancestor::template or ancestor::head or ancestor::footer"
    " or ancestor::select or ancestor::form)]"
)


def extract(content: bytes) -> Extracted:
    """Return the readable content of a page. Raise `UnreadableFileError` for what is not text."""
    mark, encoding = find_html_encoding(content)
    return extract_page(decode_as(content[len(mark) :], encoding))


def extract_page(page: str) -> Extracted:
    """Return the readable content of a page that is decoded."""
    root = parse_page(page)
    main = _main_content(root)
    visibility = Visibility(root)
    mark_tables(root, page, visibility.styles)
    writer = PageWriter(visibility)
    for element in _leads(root, main):
        writer.write(element)
    writer.write(main)
    for element in _around(root, main):
        writer.write(element)
    page_title = " ".join("".join(root.xpath("//head/title[1]//text()")).split())
    headings = main.xpath(".//h1") or root.xpath("//h1")
    heading = _text_of(headings[0], visibility) if headings else ""
    styles = tuple(sorted(writer.outline.styles))
    return Extracted(writer.outline.text(), heading or page_title, styles=styles)


def _text_of(heading: lxml_html.HtmlElement, visibility: Visibility) -> str:
    """Return what is seen of a heading, in one line."""
    writer = PageWriter(visibility, tables=1)
    writer.write(heading)
    return " ".join(writer.outline.text().split()).replace(WORD_JOINER, "")


def parse_page(page: str) -> lxml_html.HtmlElement:
    """Return the root of a page with its frames. Raise `UnreadableFileError` if there is nothing in it."""
    root = parse(page)
    for frame in root.xpath("//iframe[@srcdoc]"):
        frame.addnext(parse(f"<div>{frame.get('srcdoc')}</div>"))
    return root


def _main_content(root: lxml_html.HtmlElement) -> lxml_html.HtmlElement:
    """Return the element that the page marks as its content, if most of its text is there.

    Else return the whole of it and not its body: lxml takes <article> and the like for a part of the
    head where a page leaves out the tag <body>.
    """
    for path in ("//main | //*[@role='main']", "//article"):
        found = [element for element in root.xpath(path) if length_of(element.itertext())]
        if len(found) == 1 and _text_length(found[0]) > _MAIN_SHARE * _text_length(root):
            return found[0]
    return root


def _text_length(element: lxml_html.HtmlElement) -> int:
    return length_of(element.xpath(_TEXT_BESIDE_LINKS))


def _leads(
    root: lxml_html.HtmlElement, main: lxml_html.HtmlElement
) -> Iterator[lxml_html.HtmlElement]:
    """Yield the heading of the page with the sentences below it, if it stands before the main content."""
    if main is root or next(main.iter("h1"), None) is not None:
        return
    for heading in islice(root.iter("h1"), 1):
        beside = [*heading.itersiblings(preceding=True), *heading.itersiblings()]
        around = heading.getparent()
        while around is not None and not any(map(has_sentence, beside)):
            beside = [*around.itersiblings(preceding=True), *around.itersiblings()]
            around = around.getparent()
        if (
            around is not None
            and around not in main.iterancestors()
            and not is_mostly_links(around)
        ):
            yield around


def _around(
    root: lxml_html.HtmlElement, main: lxml_html.HtmlElement
) -> Iterator[lxml_html.HtmlElement]:
    """Yield the notes and the footers with addresses that stand outside of the main content."""
    if main is root:
        return
    for element in root.iter("aside", "footer"):
        if main in element.iterancestors() or element in main.iterancestors():
            continue
        if element.tag == "footer":
            is_worth_reading = has_contact(element)
        else:
            is_worth_reading = has_sentence(element) and not is_mostly_links(element)
        if is_worth_reading and next(element.iterancestors("aside", "footer"), None) is None:
            yield element
