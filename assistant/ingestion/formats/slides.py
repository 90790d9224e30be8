"""Presentations (.pptx): the slides with titles, lists, tables and notes; each slide is a place."""

from collections.abc import Iterator
from typing import Any

from assistant.ingestion.formats import Extracted, UnreadableFileError
from assistant.ingestion.formats.attributes import picture_text
from assistant.ingestion.formats.charts import write_charts
from assistant.ingestion.formats.grid import Cell, table_rows
from assistant.ingestion.formats.list_numerals import numeral
from assistant.ingestion.formats.open_xml import Package
from assistant.ingestion.formats.outline import Outline
from assistant.ingestion.formats.scripts import lowered, raised

_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FURNITURE = frozenset(("sldNum", "dt", "ftr", "hdr", "sldImg"))
_TITLES = frozenset(("title", "ctrTitle"))
_LISTED = frozenset(("body", "obj", ""))
_NUMBERS = {
    "arabic": "decimal",
    "alphaLc": "lowerLetter",
    "alphaUc": "upperLetter",
    "romanLc": "lowerRoman",
    "romanUc": "upperRoman",
}


def extract(content: bytes, most_bytes: int) -> Extracted:
    """Return the slides of a presentation in order. Raise `UnreadableFileError` if it is broken."""
    package = Package(content, most_bytes)
    part = package.main_part("ppt/presentation.xml")
    root = package.xml(part)
    if root is None:
        raise UnreadableFileError("it is not a whole presentation")
    relations = package.relations(part)
    outline, places, title, decisions = Outline(), [], "", []
    names = [relations.get(str(one.get(f"{_R}id"))) for one in root.iter(f"{_P}sldId")]
    for number, relation in enumerate(names, start=1):
        slide = None if relation is None else package.side_xml(relation.target)
        if slide is None or relation is None or slide.get("show") in ("0", "false"):
            reason = "missing or broken" if slide is None else "hidden"
            decisions.append(f"slide {number}: left out as {reason}")
            continue
        places.append((outline.length, f"slide {number}"))
        writer = _SlideWriter(outline, package, relation.target)
        writer.write(slide)
        title = title or writer.title
        places += _notes(package, relation.target, outline, number)
    return Extracted(
        outline.text(),
        package.title() or title,
        places=tuple(places),
        notes=package.notes,
        decisions=tuple(decisions),
    )


def _notes(package: Package, part: str, outline: Outline, number: int) -> list[tuple[int, str]]:
    """Write the notes of a slide; return their place, if there are any."""
    for name in package.related(part, "notesSlide"):
        notes = package.side_xml(name)
        texts = [] if notes is None else list(_note_texts(notes))
        if texts:
            place = (outline.length, f"slide {number}, notes")
            for text in texts:
                outline.paragraph(text)
            return [place]
    return []


def _note_texts(notes: Any) -> Iterator[str]:
    for shape in notes.iter(f"{_P}sp"):
        if _placeholder(shape) == "body":
            for paragraph in shape.iter(f"{_A}p"):
                text = _text_of(paragraph)
                if text.strip():
                    yield text


class _SlideWriter:
    """Write the shapes of a slide in order."""

    def __init__(self, outline: Outline, package: Package, part: str) -> None:
        self.title = ""
        self._outline = outline
        self._package, self._part = package, part
        self._counts: dict[int, int] = {}

    def write(self, slide: Any) -> None:
        shapes = list(_shapes(slide))
        for shape in shapes:  # the title is read first, wherever it is
            if _placeholder(shape) in _TITLES:
                self.title = " ".join(" ".join(map(_text_of, shape.iter(f"{_A}p"))).split())
                self._outline.heading(1, self.title)
        for shape in shapes:
            placeholder = _placeholder(shape)
            if placeholder in _TITLES or placeholder in _FURNITURE:
                continue
            if (table := next(shape.iter(f"{_A}tbl"), None)) is not None:
                self._table(table)
            elif shape.tag == f"{_P}graphicFrame":
                write_charts(shape, self._package, self._part, self._outline)
            elif shape.tag == f"{_P}pic":
                self._outline.paragraph(_alternative_text(shape))
            else:
                self._counts.clear()
                for paragraph in shape.iter(f"{_A}p"):
                    self._paragraph(paragraph, placeholder)
                self._outline.end_of_list_or_table()

    def _paragraph(self, paragraph: Any, placeholder: str | None) -> None:
        text = _text_of(paragraph)
        properties = paragraph.find(f"{_A}pPr")
        level = 0 if properties is None else int(properties.get("lvl", "0") or 0)
        if not text.strip():
            return
        marker = self._marker(properties, level, placeholder)
        if marker:
            self._outline.item(marker, level, text)
        else:
            self._outline.paragraph(text)

    def _marker(self, properties: Any, level: int, placeholder: str | None) -> str:
        """Return the bullet or number before a paragraph; nothing for one without."""
        number = None if properties is None else properties.find(f"{_A}buAutoNum")
        if number is not None:
            for deeper in [one for one in self._counts if one > level]:
                del self._counts[deeper]
            start = int(number.get("startAt", "1"))
            self._counts[level] = self._counts.get(level, start - 1) + 1
            return _numbered(self._counts[level], str(number.get("type", "arabicPeriod")))
        if properties is not None and properties.find(f"{_A}buNone") is not None:
            return ""
        has_bullet = properties is not None and properties.find(f"{_A}buChar") is not None
        return "-" if has_bullet or placeholder in _LISTED else ""

    def _table(self, table: Any) -> None:
        rows = [
            [
                Cell(
                    " ".join(filter(None, map(str.strip, map(_text_of, cell.iter(f"{_A}p"))))),
                    int(cell.get("rowSpan", "1")),
                    int(cell.get("gridSpan", "1")),
                )
                for cell in row.iterchildren(f"{_A}tc")
                if not cell.get("hMerge") and not cell.get("vMerge")
            ]
            for row in table.iterchildren(f"{_A}tr")
        ]
        properties = table.find(f"{_A}tblPr")
        has_head = properties is not None and properties.get("firstRow") in ("1", "true")
        self._outline.table(table_rows(rows), has_head)


def _shapes(slide: Any) -> Iterator[Any]:
    """Yield the shapes of a slide, those of groups too."""
    yield from slide.iter(f"{_P}sp", f"{_P}graphicFrame", f"{_P}pic", f"{_P}cxnSp")


def _placeholder(shape: Any) -> str | None:
    """Return what a shape is a place for; an empty text for any content, None for none."""
    found = next(shape.iter(f"{_P}ph"), None)
    return None if found is None else str(found.get("type", ""))


def _text_of(paragraph: Any) -> str:
    parts: list[str] = []
    for element in paragraph:
        if element.tag == f"{_A}br":
            parts.append("\n")
            continue
        text = "".join(one.text or "" for one in element.iter(f"{_A}t"))
        if element.tag == f"{_A}fld" and str(element.get("type", "")).startswith("slidenum"):
            continue
        look = element.find(f"{_A}rPr")
        parts.append(text if look is None else _in_look(text, look))
    return "".join(parts)


def _in_look(text: str, look: Any) -> str:
    if look.get("strike", "noStrike") != "noStrike":
        return ""
    baseline = str(look.get("baseline", "0")).rstrip("%")
    if baseline.startswith("-"):
        return lowered(text)
    return text if baseline.strip("0.") == "" else raised(text)


def _numbered(number: int, kind: str) -> str:
    form = next((form for name, form in _NUMBERS.items() if kind.startswith(name)), "decimal")
    written = numeral(number, form)
    if kind.endswith("ParenBoth"):
        return f"({written})"
    return f"{written})" if kind.endswith("ParenR") else f"{written}."


def _alternative_text(shape: Any) -> str:
    properties = next(shape.iter(f"{_P}cNvPr"), None)
    return "" if properties is None else picture_text(properties.get("descr"))
