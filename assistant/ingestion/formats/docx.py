"""Word documents (.docx): headings, paragraphs, lists and tables; the only importer of python-docx.

What the text is made of is read from the file's XML, since python-docx leaves out inserted
text of tracked changes, fields and content controls. Deleted text is left out. Text boxes and
notes follow the paragraph or table that they belong to.
"""

import io
import zipfile
from collections import deque
from collections.abc import Iterator
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from lxml import etree

from assistant.ingestion.formats import Extracted, UnreadableFileError
from assistant.ingestion.formats.outline import Outline

_MOST_PARTS = 10_000
_UNSEEN = frozenset(
    [
        *map(qn, ("w:del", "w:moveFrom")),
        # for programs that do not know the newer form, which stands before it
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    ]
)
_LEFT_OUT = _UNSEEN | {
    qn(name) for name in ("w:txbxContent", "w:pict", "w:object", "w:drawing", "w:rPr")
}
_TEXT_BOX = qn("w:txbxContent")
_NOTES = {qn("w:footnoteReference"): "/footnotes", qn("w:endnoteReference"): "/endnotes"}
_ID = qn("w:id")
_SAID = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_TEXT, _PARAGRAPH, _TABLE = qn("w:t"), qn("w:p"), qn("w:tbl")
_FORMULA_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_RUN, _HIDDEN = qn("w:r"), f"{qn('w:rPr')}/{qn('w:vanish')}"
_ROW, _CELL = qn("w:tr"), qn("w:tc")
_CONTAINERS = frozenset(
    qn(name) for name in ("w:body", "w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo")
)
_VALUE = qn("w:val")
_DEEPEST_STYLE = 20
_BODY_TEXT_LEVEL = 9


def extract(content: bytes, most_bytes: int) -> Extracted:
    """Return the text of a Word document; ``most_bytes`` bounds what it may unpack to.

    Raises `UnreadableFileError` if it is broken, or a ZIP bomb.
    """
    _check_archive(content, most_bytes)
    try:
        document = docx.Document(io.BytesIO(content))
        notes = _notes(document)
    except (PackageNotFoundError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise UnreadableFileError(f"it is not a whole Word document: {error}") from None
    except etree.XMLSyntaxError as error:
        if error.code == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from None
        raise UnreadableFileError(f"it is broken: {error.msg}") from None
    numbering = _Numbering(_numbering(document))
    writer = _WordWriter(_Styles(document.styles.element), numbering, notes)
    writer.write(document.element.body)
    title = " ".join((document.core_properties.title or "").split())
    return Extracted(writer.outline.text(), writer.title or title)


def _check_archive(content: bytes, most_bytes: int) -> None:
    """Raise `UnreadableFileError` for what would not fit into memory, without unpacking it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise UnreadableFileError(f"it is broken: {error}") from None
    unpacked = sum(part.file_size for part in parts)
    if unpacked > most_bytes or len(parts) > _MOST_PARTS:
        raise UnreadableFileError(
            f"it would unpack to {unpacked:,} bytes in {len(parts):,} parts, "
            f"more than the memory for it (max_reading_megabytes)"
        )
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFileError("it is encrypted; save it without its password to have it read")


def _numbering(document: Any) -> Any:
    """Return the XML that says how lists are numbered; None where a document has none."""
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/numbering"):
            return relation.target_part.element
    return None


def _notes(document: Any) -> dict[tuple[str, str], Any]:
    """Return the foot notes and end notes, by the tag that refers to them and their number."""
    found: dict[tuple[str, str], Any] = {}
    for relation in document.part.rels.values():
        for tag, ending in _NOTES.items():
            if not relation.is_external and relation.reltype.endswith(ending):
                notes = parse_xml(relation.target_part.blob)
                found |= {(tag, str(note.get(_ID))): note for note in notes}
    return found


class _Styles:
    """What the styles of paragraphs say of headings and lists, those they are based on included."""

    def __init__(self, element: Any) -> None:
        self._by_id = {
            style.get(qn("w:styleId")): style for style in element.iterchildren(qn("w:style"))
        }

    def heading_level(self, paragraph: Any) -> int | None:
        """Return the level of a heading from 1; None for other paragraphs."""
        for element in self._sources(paragraph):
            outline = element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
            if outline is not None:
                level = _number(outline.get(_VALUE), _BODY_TEXT_LEVEL)
                return level + 1 if level < _BODY_TEXT_LEVEL else None
            if _style_name(element) == "title":
                return 1
        return None

    def is_title(self, paragraph: Any) -> bool:
        """Return whether a paragraph is the document's title."""
        return any(_style_name(element) == "title" for element in self._sources(paragraph))

    def numbering(self, paragraph: Any) -> tuple[str, int] | None:
        """Return the list that a paragraph is an item of, and how deep in it; None for no item."""
        depth = None
        for element in self._sources(paragraph):
            properties = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            if properties is None:
                continue
            level, number = properties.find(qn("w:ilvl")), properties.find(qn("w:numId"))
            if level is not None and depth is None:
                depth = _number(level.get(_VALUE), 0)
            if number is not None:
                identifier = str(number.get(_VALUE))
                return None if identifier == "0" else (identifier, depth or 0)
        return None

    def _sources(self, paragraph: Any) -> Iterator[Any]:
        """Yield the paragraph, its style, the style that this is based on, and so on."""
        yield paragraph
        reference = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        for _ in range(_DEEPEST_STYLE):
            style = None if reference is None else self._by_id.get(reference.get(_VALUE))
            if style is None:
                return
            yield style
            reference = style.find(qn("w:basedOn"))


class _Numbering:
    """Counts the items of numbered lists."""

    def __init__(self, element: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, int]]] = {}
        self._abstract_of: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = {}
        if element is None:
            return
        for abstract in element.iterchildren(qn("w:abstractNum")):
            self._levels[abstract.get(qn("w:abstractNumId"))] = {
                _number(level.get(qn("w:ilvl")), 0): (
                    _value(level, "w:numFmt", "bullet"),
                    _number(_value(level, "w:start", "1"), 1),
                )
                for level in abstract.iterchildren(qn("w:lvl"))
            }
        for number in element.iterchildren(qn("w:num")):
            self._abstract_of[number.get(qn("w:numId"))] = _value(number, "w:abstractNumId", "")

    def marker(self, identifier: str, depth: int) -> str:
        """Return the mark before the next item: its number or letter, or a dash."""
        levels = self._levels.get(self._abstract_of.get(identifier, ""), {})
        form, start = levels.get(depth, ("bullet", 1))
        counts = self._counts.setdefault(identifier, {})
        counts[depth] = counts.get(depth, start - 1) + 1
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        count = counts[depth]
        if form == "decimal":
            return f"{count}."
        if form in ("lowerLetter", "upperLetter") and 1 <= count <= 26:
            return f"{chr(ord('a' if form == 'lowerLetter' else 'A') + count - 1)})"
        return "-"


class _WordWriter:
    """Write the paragraphs and tables of a document in order."""

    def __init__(
        self, styles: _Styles, numbering: _Numbering, notes: dict[tuple[str, str], Any]
    ) -> None:
        self.outline = Outline()
        self.title = ""
        self._styles = styles
        self._numbering = numbering
        self._notes = notes

    def write(self, body: Any) -> None:
        """Write what stands in an element, content controls and the like looked into."""
        for element in _blocks(body):
            # no recursion: in a hostile file each note refers to another one
            waiting = deque([element])
            while waiting:
                block = waiting.popleft()
                if block.tag == _PARAGRAPH:
                    self._paragraph(block)
                else:
                    self._table(block)
                for aside in self._asides(block):
                    waiting.extend(_blocks(aside))

    def _asides(self, block: Any) -> Iterator[Any]:
        """Write the text boxes and notes of a paragraph or table; a note where it is first referred to."""
        walk = etree.iterwalk(block, events=("start",))
        for _, element in walk:
            if element.tag in _UNSEEN or _is_hidden(element):
                walk.skip_subtree()
            elif element.tag == _TEXT_BOX:
                yield element
                walk.skip_subtree()
            elif element.tag in _NOTES:
                note = self._notes.pop((element.tag, str(element.get(_ID))), None)
                if note is not None:
                    yield note

    def _paragraph(self, paragraph: Any) -> None:
        text = _text_of(paragraph)
        if not text.strip():
            return
        level = self._styles.heading_level(paragraph)
        if level is not None:
            if not self.title and (level == 1 or self._styles.is_title(paragraph)):
                self.title = " ".join(text.split())
            self.outline.heading(level, text)
            return
        item = self._styles.numbering(paragraph)
        if item is None:
            self.outline.paragraph(text)
        else:
            self.outline.item(self._numbering.marker(*item), item[1], text)

    def _table(self, table: Any) -> None:
        for row in _inside(table, _ROW):
            cells = [
                " ".join(_text_of(paragraph) for paragraph in _paragraphs(cell))
                for cell in _inside(row, _CELL)
            ]
            self.outline.row(cells)
        self.outline.end_of_list_or_table()


def _blocks(element: Any) -> Iterator[Any]:
    """Yield the paragraphs and tables in an element, in order."""
    stack = [element]
    while stack:
        current = stack.pop()
        if current.tag in (_PARAGRAPH, _TABLE):
            yield current
        elif current is element or current.tag in _CONTAINERS:
            stack.extend(reversed(list(current)))


def _inside(element: Any, tag: str) -> Iterator[Any]:
    """Yield the rows of a table or the cells of a row, those of tables within left out."""
    stack = list(reversed(list(element)))
    while stack:
        current = stack.pop()
        if current.tag == tag:
            yield current
        elif current.tag in _CONTAINERS:
            stack.extend(reversed(list(current)))


def _paragraphs(cell: Any) -> Iterator[Any]:
    """Yield the paragraphs in a cell, those of tables in it included, those of text boxes left out."""
    walk = etree.iterwalk(cell, events=("start",))
    for _, element in walk:
        if element.tag == _TEXT_BOX:
            walk.skip_subtree()
        elif element.tag == _PARAGRAPH:
            yield element


def _text_of(paragraph: Any) -> str:
    parts: list[str] = []
    walk = etree.iterwalk(paragraph, events=("start",))
    for _, element in walk:
        if element.tag in _LEFT_OUT or _is_hidden(element):
            walk.skip_subtree()
        elif element.tag in (_TEXT, _FORMULA_TEXT):
            parts.append(element.text or "")
        else:
            parts.append(_SAID.get(element.tag, ""))
    return "".join(parts)


def _is_hidden(element: Any) -> bool:
    """Return whether it is a run of text of which Word shows nothing."""
    mark = element.find(_HIDDEN) if element.tag == _RUN else None
    return mark is not None and mark.get(_VALUE, "1") not in ("0", "false", "off")


def _style_name(element: Any) -> str:
    name = element.find(qn("w:name"))
    return "" if name is None else str(name.get(_VALUE)).lower()


def _value(element: Any, name: str, otherwise: str) -> str:
    found = element.find(qn(name))
    return otherwise if found is None else str(found.get(_VALUE))


def _number(written: object, otherwise: int) -> int:
    text = str(written)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else otherwise
