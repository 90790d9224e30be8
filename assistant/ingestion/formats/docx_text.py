"""The text of a Word paragraph as it is shown: runs, fields, symbols, formulas and boxes to tick."""

import re
from itertools import groupby
from typing import Any

from lxml import etree

from assistant.ingestion.formats.attributes import picture_text, whole_number
from assistant.ingestion.formats.docx_styles import Styles, W
from assistant.ingestion.formats.formula_writing import formula_text
from assistant.ingestion.formats.scripts import lowered, raised
from assistant.ingestion.formats.symbol_fonts import is_symbol_font, sign

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_PROPERTIES = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
UNSEEN = frozenset(
    [
        f"{W}del",
        f"{W}moveFrom",
        f"{MC}Fallback",  # for programs that do not know the newer form, which is before it
    ]
)
TEXT_BOX, RUN, DRAWING = f"{W}txbxContent", f"{W}r", f"{W}drawing"
_LEFT_OUT = (
    UNSEEN | {TEXT_BOX, DRAWING} | {f"{W}{name}" for name in ("pict", "object", "rPr", "rt")}
)
_SHOWN = {f"{W}tab": " ", f"{W}ptab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_SCRIPTS = {"superscript": "sup", "subscript": "sub"}
_SYMBOL_FIELD = re.compile(r"\s*SYMBOL\s+(0x[0-9a-f]{1,5}|\d{1,6})(?!\w)(.*)", re.IGNORECASE)
_FONT_OF_FIELD = re.compile(r"\\f\s*\"?([^\"\\]{1,50}?)\s*(?:\"|\\|$)")
_HIGHEST_CODE = 0xFFFF
_RAISED_BY = 4
"""Half points above the line from which text counts as a superscript."""
_LONGEST_RAISED = 6


def text_of(paragraph: Any, styles: Styles) -> str:
    """Return the text of a paragraph, text boxes left out."""
    return _Text(paragraph, styles).written()


def is_hidden(run: Any, paragraph: Any, styles: Styles) -> bool:
    """Return whether an element is a run that is hidden or struck."""
    if run.tag != RUN:
        return False
    return any(
        styles.run_property(run, paragraph, name) for name in ("vanish", "strike", "dstrike")
    )


def is_prompt(element: Any) -> bool:
    """Return whether an element is a field that only shows what to enter."""
    return element.tag == f"{W}sdt" and element.find(f"{W}sdtPr/{W}showingPlcHdr") is not None


class _Text:
    def __init__(self, paragraph: Any, styles: Styles) -> None:
        self._paragraph = paragraph
        self._styles = styles
        self._parts: list[tuple[str, str]] = []  # "sup", "sub" or nothing, and the text
        self._script = ""
        self._font = ""
        self._instruction = ""  # of the field that is open
        self._parts_before = 0  # that field

    def written(self) -> str:
        walk = etree.iterwalk(self._paragraph, events=("start", "end"))
        skipped = None
        for event, element in walk:
            if event == "end":
                if element is not skipped:
                    self._end(element)
            elif self._is_left_out(element):
                skipped = element
                walk.skip_subtree()
            else:
                self._start(element)
        return "".join(
            _in_script(script, "".join(text for _, text in parts))
            for script, parts in groupby(self._parts, key=lambda part: part[0])
        )

    def _is_left_out(self, element: Any) -> bool:
        if element.tag == DRAWING:
            self._say(_alternative_text(element))
        if element.tag == f"{_MATH}oMath":
            self._say(formula_text(element))
            return True
        return (
            element.tag in _LEFT_OUT
            or is_prompt(element)
            or is_hidden(element, self._paragraph, self._styles)
        )

    def _start(self, element: Any) -> None:
        tag = element.tag
        if tag == RUN:
            self._script = self._script_of(element)
            font = self._styles.run_property(element, self._paragraph, "rFonts")
            self._font = font if is_symbol_font(font) else ""
        elif tag == f"{W}t":
            self._say(self._in_font(element.text or ""))
        elif tag == f"{W}sym":
            self._say(_symbol(element))
        elif tag == f"{W}fldChar":
            self._field(element)
        elif tag == f"{W}instrText":
            self._instruction += element.text or ""
        else:
            self._say(_SHOWN.get(tag, ""))

    def _field(self, element: Any) -> None:
        """Begin or end a field; that of a symbol is shown by what it says, without a result."""
        kind = element.get(f"{W}fldCharType")
        if kind == "begin":
            self._instruction = ""
            self._say(_form_field(element))
            self._parts_before = len(self._parts)
        elif kind == "end" and len(self._parts) == self._parts_before:
            self._say(_symbol_field(self._instruction))
            self._instruction = ""

    def _end(self, element: Any) -> None:
        if element.tag == RUN:
            self._script = self._font = ""

    def _say(self, text: str) -> None:
        if text:
            self._parts.append((self._script, text))

    def _script_of(self, run: Any) -> str:
        named = self._styles.run_property(run, self._paragraph, "vertAlign")
        if named in _SCRIPTS:
            return _SCRIPTS[named]
        position = self._styles.run_property(run, self._paragraph, "position")
        height = whole_number(position.lstrip("-"), 0)
        length = sum(len(text.text or "") for text in run.iterchildren(f"{W}t"))
        if height < _RAISED_BY or length > _LONGEST_RAISED:
            return ""
        return "sub" if position.startswith("-") else "sup"

    def _in_font(self, text: str) -> str:
        if self._font:
            return "".join(sign(self._font, ord(character)) for character in text)
        return text


def _in_script(script: str, text: str) -> str:
    if script:
        return raised(text) if script == "sup" else lowered(text)
    return text


def _symbol(element: Any) -> str:
    code = str(element.get(f"{W}char", ""))
    try:
        return sign(str(element.get(f"{W}font", "")), int(code, 16))
    except (ValueError, OverflowError):
        return ""


def _symbol_field(instruction: str) -> str:
    """Return what a field that names a symbol shows; nothing for other fields."""
    found = _SYMBOL_FIELD.match(instruction)
    if found is None:
        return ""
    code = int(found[1], 16) if found[1].lower().startswith("0x") else int(found[1])
    font = _FONT_OF_FIELD.search(found[2])
    return sign(font[1] if font else "", code) if code < _HIGHEST_CODE else ""


def _form_field(element: Any) -> str:
    """Return what is shown of a field to fill in that has no text: a box, the entry of a list."""
    box = element.find(f"{W}ffData/{W}checkBox")
    if box is not None:
        state = box.find(f"{W}checked")
        state = box.find(f"{W}default") if state is None else state
        is_checked = state is not None and state.get(f"{W}val", "1") not in ("0", "false", "off")
        return " ☒ " if is_checked else " ☐ "
    choice = element.find(f"{W}ffData/{W}ddList")
    if choice is None:
        return ""
    entries = [str(entry.get(f"{W}val")) for entry in choice.iterchildren(f"{W}listEntry")]
    result = choice.find(f"{W}result")
    chosen = 0 if result is None else whole_number(result.get(f"{W}val"), 0)
    return entries[chosen] if chosen < len(entries) else ""


def _alternative_text(drawing: Any) -> str:
    """Return the description of a picture, in brackets, if it says something."""
    properties = next(drawing.iter(_PROPERTIES), None)
    text = "" if properties is None else picture_text(properties.get("descr"))
    return f" {text} " if text else ""
