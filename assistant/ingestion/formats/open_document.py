"""Text documents of LibreOffice (.odt): headings, paragraphs, lists and tables, as they are shown."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any
from zipfile import ZipFile

from lxml import etree

from assistant.ingestion.formats import Extracted, UnreadableFileError
from assistant.ingestion.formats.attributes import picture_text
from assistant.ingestion.formats.grid import Cell, table_rows
from assistant.ingestion.formats.list_numerals import numeral
from assistant.ingestion.formats.open_xml import parse
from assistant.ingestion.formats.outline import Outline
from assistant.ingestion.formats.scripts import lowered, raised
from assistant.ingestion.formats.zip_archives import check_archive, read_part

_NAMES = "urn:oasis:names:tc:opendocument:xmlns"
_TEXT, _TABLE = f"{{{_NAMES}:text:1.0}}", f"{{{_NAMES}:table:1.0}}"
_STYLE, _OFFICE = f"{{{_NAMES}:style:1.0}}", f"{{{_NAMES}:office:1.0}}"
_DRAW, _SVG = f"{{{_NAMES}:drawing:1.0}}", f"{{{_NAMES}:svg-compatible:1.0}}"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_UNSEEN = frozenset((
    f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_TEXT}note", f"{_TEXT}ruby-text",
    f"{_TEXT}bookmark-start", f"{_TEXT}sequence-decls", f"{_DRAW}frame", f"{_OFFICE}forms",
))  # fmt: skip
_BLOCKS = (f"{_TEXT}p", f"{_TEXT}h", f"{_TEXT}list", f"{_TABLE}table")
_FORMS = {
    "1": "decimal",
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
}
_MOST_REPEATED = 1_000


def extract(content: bytes, most_bytes: int) -> Extracted:
    """Return the text of a document. Raise `UnreadableFileError` if it is broken or encrypted."""
    archive = check_archive(content, most_bytes)
    names = archive.namelist()
    if "content.xml" not in names:
        raise UnreadableFileError("it is not a whole document: content.xml is missing")
    if "META-INF/manifest.xml" in names and b"encryption-data" in read_part(
        archive, "META-INF/manifest.xml"
    ):
        raise UnreadableFileError("it is encrypted; save it without its password to have it read")
    root = parse(read_part(archive, "content.xml"))
    styles = _side_part(archive, "styles.xml")
    writer = _OpenTextWriter(_Looks([one for one in (styles, root) if one is not None]))
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise UnreadableFileError("it is not a text document")
    writer.write(body)
    meta = _side_part(archive, "meta.xml")
    title = "" if meta is None else " ".join((meta.findtext(f".//{_TITLE}") or "").split())
    return Extracted(writer.outline.text(), writer.title or title)


def _side_part(archive: ZipFile, name: str) -> Any:
    """Return the XML of a part without which a document can be read; None where it is missing or broken."""
    try:
        return parse(read_part(archive, name)) if name in archive.namelist() else None
    except UnreadableFileError:
        return None


class _Looks:
    """What the styles of a document say: raised, lowered, struck and hidden text, and lists."""

    def __init__(self, roots: list[Any]) -> None:
        self._styles = {
            str(style.get(f"{_STYLE}name")): style
            for root in roots
            for style in root.iter(f"{_STYLE}style")
        }
        self._lists = {
            str(one.get(f"{_STYLE}name")): one
            for root in roots
            for one in root.iter(f"{_TEXT}list-style")
        }
        self._outline = next(
            (one for root in roots for one in root.iter(f"{_TEXT}outline-style")), None
        )

    def look(self, style: str | None) -> str:
        """Return "sup", "sub", "unseen" or nothing, for text of a style."""
        for properties in self._properties(style):
            struck = properties.get(f"{_STYLE}text-line-through-style", "none")
            if struck != "none" or properties.get(f"{_TEXT}display") == "none":
                return "unseen"
            position = str(properties.get(f"{_STYLE}text-position", "")).split(" ")[0]
            if position == "super" or (
                position.rstrip("%").isdigit() and position.rstrip("%") != "0"
            ):
                return "sup"
            if position == "sub" or position.startswith("-"):
                return "sub"
        return ""

    def level(self, style: str, depth: int) -> Any:
        """Return how the items of a list are numbered at a depth."""
        return _level(self._lists.get(style), depth)

    def heading_level(self, depth: int) -> Any:
        """Return how headings are numbered at a depth."""
        return _level(self._outline, depth)

    def list_style(self, style: str | None) -> str:
        """Return the list style that a paragraph's style names."""
        found = self._styles.get(style or "")
        return "" if found is None else str(found.get(f"{_STYLE}list-style-name", ""))

    def _properties(self, style: str | None) -> Iterator[Any]:
        for _ in range(20):
            found = self._styles.get(style or "")
            if found is None:
                return
            yield from found.iterchildren(f"{_STYLE}text-properties")
            style = found.get(f"{_STYLE}parent-style-name")


def _level(style: Any, depth: int) -> Any:
    if style is None:
        return None
    return next((one for one in style if one.get(f"{_TEXT}level") == str(depth + 1)), None)


class _ListCounter:
    """Counts the items of a list, or the headings, over all levels."""

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}

    def marker(self, levels: list[Any], start: str | None = None) -> str:
        """Return the number of the next item, whose levels are given from the outermost."""
        depth, level = len(levels) - 1, levels[-1]
        if level is None or not level.get(f"{_STYLE}num-format"):
            is_bullet = level is None or level.tag.endswith("list-level-style-bullet")
            return "-" if is_bullet else ""
        first = int(level.get(f"{_TEXT}start-value", "1"))
        self._counts[depth] = (
            self._counts.get(depth, first - 1) + 1 if start is None else int(start)
        )
        for deeper in [one for one in self._counts if one > depth]:
            del self._counts[deeper]
        shown = int(level.get(f"{_TEXT}display-levels", "1"))
        numbers = [
            numeral(self._counts.setdefault(above, 1), _FORMS.get(str(form), "decimal"))
            for above in range(max(0, depth + 1 - shown), depth + 1)
            if levels[above] is not None and (form := levels[above].get(f"{_STYLE}num-format"))
        ]
        before, after = level.get(f"{_STYLE}num-prefix", ""), level.get(f"{_STYLE}num-suffix", "")
        return f"{before}{'.'.join(numbers)}{after}".strip()


class _OpenTextWriter:
    """Write the blocks of a document in order."""

    def __init__(self, looks: _Looks) -> None:
        self.outline = Outline()
        self.title = ""
        self._looks = looks
        self._headings = _ListCounter()
        self._lists: dict[str, _ListCounter] = {}

    def write(self, element: Any) -> None:
        """Write what is in an element."""
        for child in element:
            if child.tag == f"{_TEXT}h":
                self._heading(child)
            elif child.tag == f"{_TEXT}p":
                self.outline.paragraph(self._text_of(child))
                self._asides(child)
            elif child.tag == f"{_TEXT}list":
                self._list(child)
                self.outline.end_of_list_or_table()
            elif child.tag == f"{_TABLE}table":
                self._table(child)
            elif isinstance(child.tag, str) and child.tag not in _UNSEEN:
                self.write(child)

    def _heading(self, heading: Any) -> None:
        level = int(heading.get(f"{_TEXT}outline-level", "1"))
        text = self._text_of(heading)
        levels = [self._looks.heading_level(depth) for depth in range(level)]
        number = (
            self._headings.marker(levels) if heading.get(f"{_TEXT}is-list-header") is None else ""
        )
        if not self.title and level == 1:
            self.title = " ".join(text.split())
        self.outline.heading(level, f"{number.removeprefix('-')} {text}")

    def _list(self, element: Any, style: str = "", depth: int = 0) -> None:
        style = str(element.get(f"{_TEXT}style-name", "")) or style
        goes_on = element.get(f"{_TEXT}continue-numbering") == "true" or element.get(
            f"{_TEXT}continue-list"
        )
        if depth == 0 and not goes_on:
            self._lists[style] = _ListCounter()
        counter = self._lists.setdefault(style, _ListCounter())
        for item in element:
            marker = ""
            if item.tag == f"{_TEXT}list-item":
                levels = [self._looks.level(style, above) for above in range(depth + 1)]
                marker = (
                    counter.marker(levels, item.get(f"{_TEXT}start-value"))
                    if _own_text(item)
                    else ""
                )
            for block in item:
                if block.tag == f"{_TEXT}list":
                    self._list(block, style, depth + 1)
                elif block.tag == f"{_TEXT}h":
                    self.outline.heading(
                        int(block.get(f"{_TEXT}outline-level", "1")),
                        f"{marker.removeprefix('-')} {self._text_of(block)}",
                    )
                elif marker:
                    self.outline.item(marker, depth, self._text_of(block))
                    self._asides(block)
                else:
                    self.outline.paragraph(self._text_of(block))
                marker = ""

    def _table(self, table: Any) -> None:
        rows = [
            list(self._cells(row))
            for row in table.iter(f"{_TABLE}table-row")
            if next(row.iterancestors(f"{_TABLE}table")) is table
        ]
        self.outline.table(table_rows(rows))

    def _cells(self, row: Any) -> Iterator[Cell]:
        for cell in row.iterchildren(f"{_TABLE}table-cell"):
            texts = (self._text_of(one) for one in cell.iter(f"{_TEXT}p", f"{_TEXT}h"))
            rows, columns = (
                int(cell.get(f"{_TABLE}number-{name}-spanned", "1")) for name in ("rows", "columns")
            )
            repeated = min(int(cell.get(f"{_TABLE}number-columns-repeated", "1")), _MOST_REPEATED)
            yield from [Cell(" ".join(filter(None, texts)), rows, columns)] * repeated

    def _asides(self, block: Any) -> None:
        """Write the notes and frames of a paragraph after it."""
        for aside in block.iter(f"{_TEXT}note-body", f"{_DRAW}text-box"):
            self.write(aside)

    def _text_of(self, block: Any) -> str:
        parts: list[tuple[str, str]] = []
        looks = [self._looks.look(block.get(f"{_TEXT}style-name"))]
        walk = etree.iterwalk(block, events=("start", "end"))
        skipped = None
        for event, element in walk:
            if event == "end":
                if element is not skipped and element.tag == f"{_TEXT}span":
                    looks.pop()
                if element is not block and element.tail:
                    parts.append((looks[-1], element.tail.replace("\n", " ")))
            elif element.tag in _UNSEEN and element is not block:
                skipped = element
                parts.append((looks[-1], _alternative_text(element)))
                walk.skip_subtree()
            else:
                if element.tag == f"{_TEXT}span":
                    looks.append(self._looks.look(element.get(f"{_TEXT}style-name")) or looks[-1])
                parts.append((looks[-1], _shown(element) + (element.text or "").replace("\n", " ")))
        return "".join(
            _in_look(look, "".join(text for _, text in some))
            for look, some in groupby(parts, key=lambda part: part[0])
        ).strip()


def _own_text(item: Any) -> bool:
    return bool(len(item)) and item[0].tag != f"{_TEXT}list"


def _in_look(look: str, text: str) -> str:
    if look == "unseen":
        return ""
    if look:
        return raised(text) if look == "sup" else lowered(text)
    return text


def _shown(element: Any) -> str:
    if element.tag == f"{_TEXT}s":
        return " " * min(int(element.get(f"{_TEXT}c", "1")), _MOST_REPEATED)
    return {f"{_TEXT}tab": " ", f"{_TEXT}line-break": "\n"}.get(element.tag, "")


def _alternative_text(element: Any) -> str:
    if element.tag != f"{_DRAW}frame":
        return ""
    text = picture_text(element.findtext(f"{_SVG}desc"))
    return f" {text} " if text else ""
