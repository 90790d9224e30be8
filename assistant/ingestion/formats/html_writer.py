"""Write the text of a page's elements in order: headings, paragraphs, lists, tables, code.

The walk over the elements does not recur, so no depth of nesting is too deep. Only the cells of data
tables are written by writers of their own.
"""

import re

from lxml import etree
from lxml.html import HtmlElement

from assistant.ingestion.formats.attributes import whole_number
from assistant.ingestion.formats.formula_writing import formula_text
from assistant.ingestion.formats.grid import Cell, table_rows
from assistant.ingestion.formats.html_apart import is_apart
from assistant.ingestion.formats.html_emphasis import Emphasis
from assistant.ingestion.formats.html_lists import ListNumbers
from assistant.ingestion.formats.html_signs import LINE_BREAK, name_of_sign, shown_of
from assistant.ingestion.formats.html_tables import DataTable, data_table
from assistant.ingestion.formats.html_visibility import Visibility, length_of
from assistant.ingestion.formats.outline import WORD_JOINER, Outline
from assistant.ingestion.formats.scripts import lowered, raised

# fmt: off
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "button", "caption", "center", "dd",
    "details", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu",
    "nav", "noscript", "ol", "optgroup", "option", "p", "pre", "section", "select", "summary", "svg",
    "table", "tbody", "td", "template", "text", "textarea", "tfoot", "th", "thead", "tr", "ul",
))
# fmt: on
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset(("ul", "ol", "menu", "dir", "select"))
_ITEMS = frozenset(("li", "option"))
_VERBATIM = frozenset(("pre", "textarea"))
_SCRIPTS = frozenset(("sup", "sub"))
_IN_HEADING = ".//table | .//ul | .//ol | .//pre | .//h1 | .//h2 | .//h3 | .//h4 | .//h5 | .//h6"
_LONGEST_HEADING = 500
_LINE_END = re.compile(r"[\r\n]")
LINE = "data-assistant-line"
"""The attribute with the line of the file at which an element begins, where pages are made from files."""


class PageWriter:
    """Walk over elements and write what they say into ``outline``.

    In a cell, headings and the rows of tables are paragraphs; ``tables`` counts the tables around.
    """

    def __init__(self, visibility: Visibility, tables: int = 0) -> None:
        self.outline = Outline()
        self.first_heading = ""
        self._visibility = visibility
        self._styles = visibility.styles
        self._tables = tables
        self._text: list[str] = []  # of the block that is open
        self._quotation: HtmlElement | None = None
        self._quoted_from = 0
        self._emphasis = Emphasis()  # in it
        self._scripts: list[int] = []  # where in it the open superscripts and subscripts begin
        self._heading: HtmlElement | None = None
        self._emphasised: tuple[tuple[int, int, str], ...] = ()  # of the text taken last
        self._lists: list[ListNumbers] = []  # that are open
        self._marker = ""  # of the list item whose text has not begun
        self._terms = ""  # whose definition has not begun
        self._verbatim = 0
        self._is_code = False

    def write(self, root: HtmlElement) -> None:
        """Write the element and what is in it."""
        walk = etree.iterwalk(root, events=("start", "end"))
        skipped = None
        for event, element in walk:
            if event == "start":
                if element is not root and self._is_done(element):
                    skipped = element
                    walk.skip_subtree()
                else:
                    self._start(element)
            else:
                if element is not skipped:
                    self._end(element)
                if element is not root:
                    self._say(element.tail)
        self._close_block()
        self._close_terms()

    def _is_done(self, element: HtmlElement) -> bool:
        """Return whether an element is left out, or is a table or formula that has been written."""
        if self._visibility.is_left_out(element):
            return True
        if element.tag == "math":
            self._text.append(formula_text(element))
            return True
        table = data_table(element, self._tables) if element.tag == "table" else None
        if table is None:
            return False
        self._close_block()
        self._close_terms()
        self._note_line(element)
        for caption in table.captions:
            self.outline.paragraph(caption if isinstance(caption, str) else self._text_in(caption))
        rows = table_rows(self._cells(table), table.header_rows)
        if self._tables:
            for row in rows:
                self.outline.paragraph(" ".join(row))
        else:
            heads = table.rows[: table.header_rows]
            self.outline.table(rows, has_head=any(len(row) > 1 for row in heads))
        return True

    def _cells(self, table: DataTable) -> list[list[Cell]]:
        return [[self._cell(cell) for cell in row if self._is_seen(cell)] for row in table.rows]

    def _is_seen(self, cell: HtmlElement) -> bool:
        row = cell.getparent()
        return not (self._visibility.is_left_out(cell) or self._visibility.is_left_out(row))

    def _cell(self, element: HtmlElement) -> Cell:
        rows, columns = (whole_number(element.get(name), 1) for name in ("rowspan", "colspan"))
        inner = list(element.iter("table"))
        if inner and not _has_text_around(element, inner[0]):
            nested = data_table(inner[0], self._tables + 1)
            if nested is not None:
                return Cell("", rows, columns, self._cells(nested))
        return Cell(self._text_in(element) or name_of_sign(element), rows, columns)

    def _text_in(self, element: HtmlElement) -> str:
        writer = PageWriter(self._visibility, self._tables + 1)
        writer.write(element)
        return writer.outline.text().replace(WORD_JOINER, "")

    def _start(self, element: HtmlElement) -> None:
        tag = element.tag
        if self._script_of(element):
            self._scripts.append(len(self._text))
        elif self._is_block(element):
            if self._heading is not None:
                self._text.append(" ")
            else:
                if tag in ("dt", "dd") and element.getparent().tag == "dt":  # that is not closed
                    self._add_term()
                self._close_block()
                self._open(tag, element)
        else:
            if not self._verbatim and (
                is_apart(element, self._text) or self._styles.is_separate(element)
            ):
                self._text.append(" ")
            self._text.append(shown_of(element))
            self._emphasis.start(element, len(self._text))
        self._note_line(element)
        self._say(element.text)

    def _note_line(self, element: HtmlElement) -> None:
        if LINE in element.attrib:
            self.outline.origin = whole_number(element.get(LINE), 0)

    def _open(self, tag: str, element: HtmlElement) -> None:
        if tag in _HEADINGS and _is_plain_heading(element):
            self._heading = element
        elif tag == "blockquote" and self._quotation is None:
            self._quotation, self._quoted_from = element, self.outline.length
        elif tag in _LISTS:
            self._close_terms()
            self._lists.append(ListNumbers(element, self._styles))
        elif tag in _ITEMS:
            bullet = "•" if self._tables else "-"
            self._marker = self._lists[-1].next_mark(element, bullet) if self._lists else bullet
        elif tag == "optgroup":
            self.outline.paragraph(element.get("label", ""))
        elif tag in _VERBATIM:
            self._verbatim += 1
            self._is_code = element.find("code") is not None and not self._tables

    def _end(self, element: HtmlElement) -> None:
        tag = element.tag
        self._emphasis.end(element, len(self._text))
        if script := self._script_of(element):
            self._end_script(script)
        elif tag in _HEADINGS and self._heading in (None, element):
            self._end_heading(_HEADINGS[tag])
        elif self._heading is not None:
            self._text.append(" " if self._is_block(element) else "")
        elif tag == "dt":
            self._add_term()
        elif self._is_block(element):
            self._close_block()
            if element is self._quotation:
                self._end_quotation()
            self._close(tag)
        elif tag == "q":
            self._text.append("”")

    def _is_block(self, element: HtmlElement) -> bool:
        return element.tag in _BLOCKS or self._styles.is_block(element)

    def _script_of(self, element: HtmlElement) -> str:
        """Return "sup" or "sub" for what is raised or lowered; the mark of a note in a book is raised."""
        if element.tag in _SCRIPTS:
            return str(element.tag)
        if element.tag in _BLOCKS:
            return ""
        attributes = element.attrib
        is_mark = "noteref" in (attributes.get("epub:type") or attributes.get("role", ""))
        return (
            "sup"
            if is_mark and element.tag == "a" and not _is_raised(element)
            else self._styles.script_of(element)
        )

    def _end_script(self, script: str) -> None:
        start = self._scripts.pop() if self._scripts else len(self._text)
        text = "".join(self._text[start:])
        self._text[start:] = [raised(text) if script == "sup" else lowered(text)]
        self._emphasis.shorten(start)

    def _end_heading(self, level: int) -> None:
        self._heading = None
        if self._tables:
            self._close_block()
        else:
            self._close_terms()
            title = self._taken().replace(LINE_BREAK, " ")
            self.first_heading = self.first_heading or " ".join(title.split())
            self.outline.heading(level, title)
            if title.strip():
                self.outline.emphasise(self._emphasised)

    def _end_quotation(self) -> None:
        self._quotation = None
        if self.outline.length > self._quoted_from:
            self.outline.styles.append((self._quoted_from, self.outline.length, "quote"))

    def _close(self, tag: str) -> None:
        if tag in _VERBATIM:
            self._verbatim -= 1
        elif tag in _ITEMS:
            self._marker = ""
        elif tag == "dl":
            self._close_terms()
        elif tag in _LISTS:
            self._lists.pop()
            if not self._lists:
                self.outline.end_of_list_or_table()

    def _say(self, text: str | None) -> None:
        if text:
            self._text.append(text if self._verbatim else _LINE_END.sub(" ", text))

    def _taken(self) -> str:
        text = "".join(self._text)
        self._emphasised = self._emphasis.taken(self._text)
        self._text.clear()
        self._scripts.clear()
        return text

    def _close_block(self) -> None:
        """Write the open block's text, as what it belongs to."""
        text = self._taken().replace(LINE_BREAK, "\n")
        if not text.strip():
            return
        if self._verbatim:
            self.outline.verbatim(text, is_code=self._is_code)
        elif self._lists and self._marker:
            self.outline.item(self._marker, len(self._lists) - 1, text)
        else:
            self.outline.paragraph(self._terms + text)
            self._terms = ""
        if not self._verbatim:
            self.outline.emphasise(self._emphasised)
        self._marker = ""

    def _add_term(self) -> None:
        if term := self._taken().replace(LINE_BREAK, " ").strip():
            self._terms += f"{term}\n"

    def _close_terms(self) -> None:
        """Write the terms that no definition followed."""
        self.outline.paragraph(self._terms)
        self._terms = ""


def _has_text_around(element: HtmlElement, inner: HtmlElement) -> bool:
    """Return whether an element has more text than the one in it."""
    return length_of(element.itertext()) > length_of(inner.itertext())


def _is_plain_heading(element: HtmlElement) -> bool:
    """Return whether a heading is a line, and not a page that an unclosed tag made a heading."""
    return not element.xpath(_IN_HEADING) and length_of(element.itertext()) <= _LONGEST_HEADING


def _is_raised(element: HtmlElement) -> bool:
    """Return whether an element is, or holds, what is raised anyway."""
    return (
        next(element.iterancestors("sup"), None) is not None or element.find(".//sup") is not None
    )
