"""HTML: the readable content with its headings, lists and tables; the only importer of lxml.

Navigation, scripts, styles, forms and what is hidden are left out. Where a page marks its main
content, only that is read.
"""

import re
from collections.abc import Iterable

from lxml import etree
from lxml import html as lxml_html

from assistant.ingestion.formats import Extracted, UnreadableFileError
from assistant.ingestion.formats.encodings import decode_as, find_html_encoding
from assistant.ingestion.formats.outline import Outline

# fmt: off
_LEFT_OUT = frozenset((
    "script", "style", "noscript", "template", "nav", "aside", "dialog", "iframe", "object", "embed",
    "applet", "svg", "canvas", "audio", "video", "map", "button", "select", "input", "textarea",
    "datalist", "title", "link", "meta", "base",
))
_BLOCKS = frozenset((
    "address", "article", "blockquote", "body", "caption", "center", "dd", "details", "dir", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hgroup", "hr", "html", "li", "main", "menu", "ol", "p", "pre", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))
# fmt: on
_LEFT_OUT_ROLES = frozenset(
    ("navigation", "search", "menu", "menubar", "banner", "contentinfo", "dialog")
)
_NAVIGATION = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|breadcrumbs?|pagination|toc|sidebar|skip-?link)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_OWNERS = ("main", "article", "blockquote")
"""A footer outside of these is the page's, not the text's."""
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset(("ul", "ol", "menu", "dir"))
_IS_LAYOUT = (
    ".//td//*[self::table or self::h1 or self::h2 or self::h3 or self::h4 or self::ul or self::ol]"
)
"""A table with such things in its cells arranges a page and holds no data."""
_LINE_END = re.compile(r"[\r\n]")
_BREAK = "\0"
"""Stands for <br>, whose line end is kept while those of the source are white space."""


def extract(content: bytes) -> Extracted:
    """Return the readable content of a page. Raise `UnreadableFileError` for what is not text."""
    root = _parse(content)
    main = _main_content(root)
    writer = _PageWriter()
    writer.write(main)
    page_title = " ".join("".join(root.xpath("//head/title[1]//text()")).split())
    headings = main.xpath(".//h1") or root.xpath("//h1")
    heading = " ".join(headings[0].text_content().split()) if headings else ""
    return Extracted(writer.outline.text(), heading or page_title)


def _parse(content: bytes) -> lxml_html.HtmlElement:
    mark, encoding = find_html_encoding(content)
    text = decode_as(content[len(mark) :], encoding)
    parser = lxml_html.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        root = lxml_html.document_fromstring(text.encode("utf-8"), parser=parser)
    except etree.ParserError:
        raise UnreadableFileError("there is no text in it") from None
    assert isinstance(root, lxml_html.HtmlElement)
    return root


def _main_content(root: lxml_html.HtmlElement) -> lxml_html.HtmlElement:
    """Return the element that the page marks as its content, else the page.

    The whole of it and not its body: lxml takes <article> and the like for a part of the head
    where a page leaves out the tag <body>.
    """
    for path in ("//main | //*[@role='main']", "//article"):
        found = [element for element in root.xpath(path) if _has_text(element)]
        if len(found) == 1:
            return found[0]
    return root


def _has_text(element: lxml_html.HtmlElement) -> bool:
    return any(text.strip() for text in element.itertext())


class _PageWriter:
    """Walk over the elements and write what they say; no depth of nesting is too deep."""

    def __init__(self) -> None:
        self.outline = Outline()
        self._text: list[str] = []  # of the block that is open
        self._lists: list[int | None] = []  # the open lists: the next number, None for bullets
        self._marker = ""  # of the list item whose text has not begun
        self._are_data: list[bool] = []  # the open tables; others only arrange the page
        self._row: list[str] | None = None
        self._is_verbatim = False

    def write(self, root: lxml_html.HtmlElement) -> None:
        """Write the element and what is in it."""
        walk = etree.iterwalk(root, events=("start", "end"))
        left_out = None
        for event, element in walk:
            if event == "start":
                if element is not root and _is_left_out(element):
                    left_out = element
                    walk.skip_subtree()
                else:
                    self._start(element)
            else:
                if element is not left_out:
                    self._end(element)
                if element is not root:
                    self._say(element.tail)
        self._close_block()

    @property
    def _in_cell(self) -> bool:
        return self._row is not None

    def _start(self, element: lxml_html.HtmlElement) -> None:
        tag = element.tag
        if tag == "br":
            self._text.append(_BREAK)
        elif self._in_cell:
            if tag in ("td", "th"):
                self._taken()  # white space between cells
            elif tag in _BLOCKS:
                self._text.append(" ")
        elif tag in _BLOCKS:
            self._close_block()
            self._open(tag, element)
        self._say(element.text)

    def _open(self, tag: str, element: lxml_html.HtmlElement) -> None:
        if tag in _LISTS:
            self._lists.append(_first_number(element) if tag == "ol" else None)
        elif tag == "li":
            self._marker = self._next_marker()
        elif tag == "table":
            self._are_data.append(not element.xpath(_IS_LAYOUT))
        elif tag == "tr" and self._are_data and self._are_data[-1]:
            self._row = []
        elif tag == "pre":
            self._is_verbatim = True

    def _end(self, element: lxml_html.HtmlElement) -> None:
        tag = element.tag
        if self._row is not None and tag in ("td", "th"):
            self._row.append(self._taken().replace(_BREAK, " "))
        elif self._row is not None and tag == "tr":
            self.outline.row(self._row)
            self._row = None
            self._taken()
        elif self._in_cell:
            self._text.append(" " if tag in _BLOCKS else "")
        elif tag in _HEADINGS:
            self.outline.heading(_HEADINGS[tag], self._taken().replace(_BREAK, " "))
        elif tag in _BLOCKS:
            self._close_block()
            self._close(tag)

    def _close(self, tag: str) -> None:
        if tag == "pre":
            self._is_verbatim = False
        elif tag == "li":
            self._marker = ""
        elif tag in _LISTS:
            self._lists.pop()
            if not self._lists:
                self.outline.end_of_list_or_table()
        elif tag == "table":
            self._are_data.pop()
            self.outline.end_of_list_or_table()

    def _next_marker(self) -> str:
        number = self._lists[-1] if self._lists else None
        if number is None:
            return "-"
        self._lists[-1] = number + 1
        return f"{number}."

    def _say(self, text: str | None) -> None:
        if text:
            self._text.append(text if self._is_verbatim else _LINE_END.sub(" ", text))

    def _taken(self) -> str:
        text = "".join(self._text)
        self._text.clear()
        return text

    def _close_block(self) -> None:
        """Write the open block's text, as what it belongs to."""
        text = self._taken().replace(_BREAK, "\n")
        if not text.strip():
            return
        if self._is_verbatim:
            self.outline.verbatim(text)
        elif self._lists and self._marker:
            self.outline.item(self._marker, len(self._lists) - 1, text)
        else:
            self.outline.paragraph(text)
        self._marker = ""


def _first_number(element: lxml_html.HtmlElement) -> int:
    start = element.get("start", "1").strip()
    return int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 1


def _is_left_out(element: lxml_html.HtmlElement) -> bool:
    if not isinstance(element.tag, str) or element.tag in _LEFT_OUT:
        return True
    attributes = element.attrib
    if element.tag == "footer" and next(element.iterancestors(*_OWNERS), None) is None:
        return True
    if not attributes:
        return False
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    if attributes.get("role", "").lower() in _LEFT_OUT_ROLES:
        return True
    if _HIDDEN_STYLE.search(attributes.get("style", "")):
        return True
    named = f"{attributes.get('class', '')} {attributes.get('id', '')}"
    return bool(_NAVIGATION.search(named)) and _is_mostly_links(element)


def _is_mostly_links(element: lxml_html.HtmlElement) -> bool:
    linked = _length(text for link in element.iter("a") for text in link.itertext())
    return 2 * linked > _length(element.itertext())


def _length(texts: Iterable[str]) -> int:
    return sum(len("".join(text.split())) for text in texts)
