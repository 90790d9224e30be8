"""Word documents (.docx): headings, paragraphs, lists and tables as Word shows them.

The text is read from the file's XML: inserted text, fields and content controls are text, deleted,
struck and hidden text is not. Text boxes and notes follow the paragraph or table that they belong to.
"""

from collections import deque
from collections.abc import Iterator
from typing import Any

from lxml import etree

from assistant.ingestion.formats import Extracted, UnreadableFileError
from assistant.ingestion.formats.charts import write_charts
from assistant.ingestion.formats.docx_numbering import BULLET, Numbering
from assistant.ingestion.formats.docx_styles import Styles, W
from assistant.ingestion.formats.docx_tables import WordTable, is_layout
from assistant.ingestion.formats.docx_text import (
    MC,
    RUN,
    TEXT_BOX,
    UNSEEN,
    is_hidden,
    is_prompt,
    text_of,
)
from assistant.ingestion.formats.embedded import embedded_text
from assistant.ingestion.formats.grid import table_rows
from assistant.ingestion.formats.open_xml import Package
from assistant.ingestion.formats.outline import Outline

_NOTES = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}
_PARAGRAPH, _TABLE, _CHUNK = f"{W}p", f"{W}tbl", f"{W}altChunk"
_CONTAINERS = frozenset(
    f"{W}{name}" for name in ("body", "sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")
) | {f"{MC}AlternateContent", f"{MC}Choice"}
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def extract(content: bytes, most_bytes: int) -> Extracted:
    """Return the text of a Word document; ``most_bytes`` bounds what it may unpack to.

    Raise `UnreadableFileError` if it is broken, or a ZIP bomb.
    """
    package = Package(content, most_bytes)
    writer = _WordWriter(package)
    writer.write()
    title = writer.title or package.title()
    return Extracted(writer.outline.text(), title, notes=package.notes)


class _WordWriter:
    """Write the paragraphs and tables of a document in order."""

    def __init__(self, package: Package) -> None:
        self.outline = Outline()
        self.title = ""
        self._package = package
        self._part = package.main_part("word/document.xml")
        self._styles = Styles(self._related("styles"))
        self._numbering = Numbering(self._related("numbering"))
        self._notes = {
            (tag, str(note.get(f"{W}id"))): note
            for tag, kind in _NOTES.items()
            for part in package.related(self._part, kind)
            for note in _elements(package.side_xml(part))
        }
        self._drop_cap = ""

    def write(self) -> None:
        """Write the body, content controls and the like looked into."""
        root = self._package.xml(self._part)
        body = None if root is None else root.find(f"{W}body")
        if body is None:
            raise UnreadableFileError("it is not a whole Word document: it has no body")
        waiting = deque(_blocks(body))
        while waiting:  # no recursion: in a hostile file each note refers to another one
            block = waiting.popleft()
            if block.tag == _PARAGRAPH:
                self._paragraph(block)
                write_charts(block, self._package, self._part, self.outline)
            elif block.tag == _CHUNK:
                self._chunk(block)
            elif is_layout(block, self._styles):
                cells = WordTable(block).cells()
                waiting.extendleft(reversed([inner for cell in cells for inner in _blocks(cell)]))
                continue
            else:
                self._table(block)
            asides = [inner for aside in self._asides(block) for inner in _blocks(aside)]
            waiting.extendleft(reversed(asides))
        self.outline.paragraph(self._drop_cap)

    def _related(self, kind: str) -> Any:
        """Return the XML of the first part that the document refers to by a relation of a kind."""
        parts = self._package.related(self._part, kind)
        return next((xml for xml in map(self._package.side_xml, parts) if xml is not None), None)

    def _asides(self, block: Any) -> Iterator[Any]:
        """Yield the text boxes and notes of a paragraph or table; a note where it is first referred to."""
        walk = etree.iterwalk(block, events=("start",))
        for _, element in walk:
            if element.tag in UNSEEN or self._is_hidden(element):
                walk.skip_subtree()
            elif element.tag == TEXT_BOX:
                yield element
                walk.skip_subtree()
            elif element.tag in _NOTES:
                note = self._notes.pop((element.tag, str(element.get(f"{W}id"))), None)
                if note is not None:
                    yield note

    def _is_hidden(self, element: Any) -> bool:
        if element.tag != RUN:
            return False
        paragraph = next(element.iterancestors(_PARAGRAPH), None)
        return is_hidden(element, paragraph, self._styles)

    def _paragraph(self, paragraph: Any) -> None:
        text = self._drop_cap + text_of(paragraph, self._styles)
        frame = paragraph.find(f"{W}pPr/{W}framePr")
        if frame is not None and frame.get(f"{W}dropCap") in ("drop", "margin"):
            self._drop_cap = text.strip()
            return
        self._drop_cap = ""
        marker, depth = ("", 0) if _is_gone(paragraph) else self._marker(paragraph)
        if not text.strip():
            return  # Word counts an empty item, too
        level = self._styles.heading_level(paragraph)
        if level is not None:
            if not self.title and (level == 1 or self._styles.is_title(paragraph)):
                self.title = " ".join(text.split())
            number = "" if marker.startswith(BULLET) else marker
            self.outline.heading(level, f"{number} {text}")
        elif marker:
            self.outline.item(marker, depth, text)
        else:
            self.outline.paragraph(text)

    def _marker(self, paragraph: Any) -> tuple[str, int]:
        """Return the number or bullet before a paragraph, if it has one, and how deep in a list it is."""
        item = self._styles.numbering(paragraph)
        if item is None:
            return "", 0
        identifier, depth, style = item
        if depth is None:
            depth = self._numbering.depth_of_style(identifier, style)
        return self._numbering.marker(identifier, depth), depth

    def _table(self, table: Any) -> None:
        structure = WordTable(table)
        cells = structure.rows(self._text_in)
        has_head = any(len(row) > 1 for row in cells[: structure.header_rows])
        self.outline.table(table_rows(cells, structure.header_rows), has_head)

    def _text_in(self, cell: Any) -> str:
        """Return the text of a cell, of tables in it too, that of text boxes left out."""
        texts: list[str] = []
        walk = etree.iterwalk(cell, events=("start",))
        for _, element in walk:
            if element.tag == TEXT_BOX or element.tag in UNSEEN or is_prompt(element):
                walk.skip_subtree()
            elif element.tag == _PARAGRAPH:
                text = text_of(element, self._styles).strip()
                marker = self._marker(element)[0] if text else ""
                texts.append(f"{marker.replace(BULLET, '•', 1)} {text}".strip())
        return " ".join(filter(None, texts))

    def _chunk(self, chunk: Any) -> None:
        """Write a document that is embedded as a part of this one."""
        relation = self._package.relations(self._part).get(str(chunk.get(_RELATION)))
        content = None if relation is None else self._package.bytes(relation.target)
        if relation is not None and content:
            self.outline.append(embedded_text(relation.target, content))


def _elements(root: Any) -> Iterator[Any]:
    """Yield the elements right in the root of a part; none where there is no part."""
    if root is not None:
        yield from root


def _is_gone(paragraph: Any) -> bool:
    """Return whether the end of a paragraph is hidden, or deleted as a tracked change."""
    mark = paragraph.find(f"{W}pPr/{W}rPr")
    return mark is not None and any(
        mark.find(f"{W}{name}") is not None for name in ("del", "vanish")
    )


def _blocks(element: Any) -> Iterator[Any]:
    """Yield the paragraphs, tables and embedded documents in an element, in order."""
    stack = [element]
    while stack:
        current = stack.pop()
        if current.tag in (_PARAGRAPH, _TABLE, _CHUNK):
            yield current
        elif current is element or (current.tag in _CONTAINERS and not is_prompt(current)):
            stack.extend(reversed(list(current)))
