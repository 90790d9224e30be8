"""Rich Text Format (.rtf): headings, paragraphs, lists and tables, as a word processor shows them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from assistant.ingestion.formats import Extracted, UnreadableFileError
from assistant.ingestion.formats.grid import Cell, table_rows
from assistant.ingestion.formats.outline import Outline
from assistant.ingestion.formats.scripts import lowered, raised
from assistant.ingestion.formats.symbol_fonts import is_symbol_font, sign

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
# fmt: off
_UNSEEN = frozenset((
    "annotation", "atnauthor", "atnid", "bkmkend", "bkmkstart", "colortbl", "datafield", "fldinst", "footer",
    "footerf", "footerl", "footerr", "generator", "header", "headerf", "headerl", "headerr", "info",
    "listoverridetable", "listtable", "nonshppict", "objdata", "pict", "pntxta", "pntxtb", "revtbl",
    "rsidtbl", "tc", "themedata", "xe", "xmlnstbl",
))
_SIGNS = {
    "line": "\n", "tab": " ", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’",
    "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ",
}
_CODEPAGES = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}
# fmt: on
_SPECIAL = {"~": "\u00a0", "_": "-", "-": "", "\\": "\\", "{": "{", "}": "}"}
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_MOST_GROUPS = 10_000
_BODY_TEXT_LEVEL = 9
_SYMBOLS = re.compile(r"^[·\uf0b7•▪◦o§-]$")


@dataclass(frozen=True, slots=True)
class _Look:
    """What holds for the text of a group; ``fallback`` characters after one of Unicode repeat it."""

    destination: str = "text"
    font: int = 0
    script: str = ""
    is_hidden: bool = False
    is_struck: bool = False
    fallback: int = 1


def extract(content: bytes) -> Extracted:
    """Return the text of a file in Rich Text Format. Raise `UnreadableFileError` if it is not one."""
    if not content.lstrip().startswith(b"{\\rtf"):
        raise UnreadableFileError("it is not in Rich Text Format")
    reader = _RichTextReader()
    reader.read(content)
    return Extracted(reader.outline.text(), reader.title)


class _RichTextReader:
    """Follow the control words, and write each paragraph and table where it ends."""

    def __init__(self) -> None:
        self.outline = Outline()
        self.title = ""
        self._codepage = "cp1252"
        self._fonts: dict[int, str] = {}
        self._codepages: dict[int, str] = {}
        self._levels: dict[int, int] = {}  # of the headings among the styles
        self._look = _Look()
        self._groups: list[_Look] = []
        self._to_skip = 0
        self._bytes = b""
        self._parts: list[tuple[str, str]] = []  # of the open paragraph: the script, and the text
        self._label = ""
        self._name = ""  # of the font or style that is defined
        self._number = 0  # its number
        self._style = self._outline_level = -1
        self._in_table = False
        self._cells: list[str] = []
        self._merges: list[str] = []
        self._merge = ""
        self._rows: list[list[Cell]] = []
        self._notes: list[str] = []
        self._around: list[list[tuple[str, str]]] = []  # the paragraphs around open notes

    def read(self, content: bytes) -> None:
        """Read a file to its end."""
        for match in _TOKEN.finditer(content):
            word, number, code, symbol, brace, text = match.groups()
            if code is not None:
                self._add_bytes(bytes([int(code, 16)]))
                continue
            if text is not None:
                self._add_bytes(text)
                continue
            self._flush_bytes()
            if word is not None:
                self._word(word.decode(), None if number is None else int(number))
            elif symbol is not None:
                self._symbol(symbol.decode("latin-1"))
            elif brace == b"{":
                self._open()
            elif brace == b"}":
                self._close()
        self._flush_bytes()
        self.end_paragraph()
        self._end_table()

    def _open(self) -> None:
        if len(self._groups) >= _MOST_GROUPS:
            raise UnreadableFileError("its groups are nested too deep")
        self._groups.append(self._look)

    def _close(self) -> None:
        if not self._groups:
            return
        before, self._look = self._look, self._groups.pop()
        if before.destination == self._look.destination:
            return
        if before.destination in ("fonttbl", "stylesheet"):
            self._end_definition(before.destination)
        elif before.destination == "footnote" and self._around:
            self._notes.append(self._taken())
            self._parts = self._around.pop()

    def _word(self, word: str, number: int | None) -> None:
        if word in ("fonttbl", "stylesheet", "listtext", "pntext", "footnote") or word in _UNSEEN:
            destination = "unseen" if word in _UNSEEN else word.replace("pntext", "listtext")
            if word == "footnote":
                self._around.append(self._parts)
                self._parts = []
            self._look = replace(self._look, destination=destination)
        elif word == "u" and number is not None:
            self._say(chr(number % 0x10000))
            self._to_skip = self._look.fallback
        elif word == "ansicpg" and number:
            self._codepage = f"cp{number}"
        elif word in _SIGNS:
            self._say(_SIGNS[word])
        elif action := _ACTIONS.get(word):
            action(self, 1 if number is None else number)

    def _symbol(self, symbol: str) -> None:
        if symbol == "*":
            self._look = replace(self._look, destination="unseen")
        elif symbol in "\r\n":
            self.end_paragraph()
        else:
            self._say(_SPECIAL.get(symbol, ""))

    def _add_bytes(self, content: bytes) -> None:
        skipped = min(self._to_skip, len(content))
        self._to_skip -= skipped
        self._bytes += content[skipped:]

    def _flush_bytes(self) -> None:
        content, self._bytes = self._bytes, b""
        if not content:
            return
        encoding = self._codepages.get(self._look.font, self._codepage)
        if is_symbol_font(self._fonts.get(self._look.font, "")):
            encoding = "latin-1"
        try:
            self._say(content.decode(encoding, "replace").replace("\ufffd", ""))
        except LookupError:
            self._say(content.decode("cp1252", "ignore"))

    def _say(self, text: str) -> None:
        look = self._look
        if look.destination in ("fonttbl", "stylesheet"):
            self._name += text
            if ";" in text:
                self._end_definition(look.destination)
        elif look.destination == "listtext":
            self._label += text
        elif look.destination != "unseen" and not (look.is_hidden or look.is_struck):
            font = self._fonts.get(look.font, "")
            if is_symbol_font(font):
                text = "".join(sign(font, ord(character)) for character in text)
            self._parts.append((look.script, text))

    def _end_definition(self, kind: str) -> None:
        name, self._name = self._name.strip(" ;"), ""
        if kind == "fonttbl" and name:
            self._fonts[self._number] = name
        elif heading := _HEADING.match(name):
            self._levels[self._number] = int(heading[1])

    def _taken(self) -> str:
        parts, self._parts = self._parts, []
        text = "".join(
            _in_script(script, "".join(text for _, text in some))
            for script, some in groupby(parts, key=lambda part: part[0])
        )
        # characters beyond the first 65,536 are written as two halves
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")

    def end_paragraph(self) -> None:
        """Write the paragraph that ends here; in a cell or note it goes on."""
        if self._look.destination in ("footnote",) or self._in_table:
            self._parts.append(("", " "))
            return
        self._end_table()
        text, label, self._label = self._taken(), self._label.strip(), ""
        level = self._levels.get(self._style, self._outline_level + 1)
        if level > 0 and text.strip():
            if level == 1 and not self.title:
                self.title = " ".join(text.split())
            self.outline.heading(level, f"{label} {text}")
        elif label:
            self.outline.item("-" if _SYMBOLS.match(label) else label, 0, text)
        else:
            self.outline.paragraph(text)
        for note in self._notes:
            self.outline.paragraph(note)
        self._notes.clear()

    def end_cell(self, _: int) -> None:
        """Add a cell to the row."""
        text = f"{self._label.strip()} {self._taken()}".strip()
        self._label = ""
        self._cells.append(" ".join(text.split()))

    def end_row(self, _: int) -> None:
        """Add a row to the table."""
        row: list[Cell] = []
        for text, merge in zip(
            self._cells, [*self._merges, *[""] * len(self._cells)], strict=False
        ):
            if merge == "across" and row:
                row[-1] = replace(row[-1], columns=row[-1].columns + 1)
            elif merge == "down" and self._rows and len(row) < len(self._rows[-1]):
                row.append(self._rows[-1][len(row)])
            else:
                row.append(Cell(text))
        self._rows.append(row)
        self._cells = []

    def _end_table(self) -> None:
        if self._rows:
            self.outline.table(table_rows(self._rows))
        self._rows = []

    def begin_paragraph(self, _: int) -> None:
        """Forget what held for the paragraph before."""
        self._in_table = False
        self._style = self._outline_level = -1

    def begin_row(self, _: int) -> None:
        """Forget which cells were merged in the row before."""
        self._merges = []

    def enter_table(self) -> None:
        """Take what follows for the text of cells."""
        self._in_table = True

    def define_cell(self, _: int) -> None:
        """Note whether a cell of the row is merged with another one."""
        self._merges.append(self._merge)
        self._merge = ""

    def merge(self, direction: str) -> None:
        """Merge the cell that is defined next with the one above ("down") or before ("across")."""
        self._merge = direction

    def change(self, **changes: Any) -> None:
        """Change the look of the text that follows."""
        self._look = replace(self._look, **changes)

    def choose_font(self, number: int) -> None:
        """Use a font, or define it in the table of fonts."""
        if self._look.destination == "fonttbl":
            self._number = number
        self.change(font=number)

    def set_outline_level(self, number: int) -> None:
        """Make the paragraph a heading; level 9 is body text."""
        self._outline_level = number if number < _BODY_TEXT_LEVEL else -1

    def choose_style(self, number: int) -> None:
        """Use a style, or define it in the style sheet."""
        if self._look.destination == "stylesheet":
            self._number = number
        self._style = number

    def set_charset(self, number: int) -> None:
        """Note in which code page the text of the defined font is."""
        if number in _CODEPAGES:
            self._codepages[self._number] = _CODEPAGES[number]


def _in_script(script: str, text: str) -> str:
    if script:
        return raised(text) if script == "sup" else lowered(text)
    return text


_Action = Callable[[_RichTextReader, int], None]

_ACTIONS: dict[str, _Action] = {
    **dict.fromkeys(("par", "sect", "page"), lambda reader, _: reader.end_paragraph()),
    "pard": _RichTextReader.begin_paragraph,
    "intbl": lambda reader, _: reader.enter_table(),
    "cell": _RichTextReader.end_cell,
    "row": _RichTextReader.end_row,
    "trowd": _RichTextReader.begin_row,
    "cellx": _RichTextReader.define_cell,
    "clvmrg": lambda reader, _: reader.merge("down"),
    "clmrg": lambda reader, _: reader.merge("across"),
    "f": _RichTextReader.choose_font,
    "s": _RichTextReader.choose_style,
    "fcharset": _RichTextReader.set_charset,
    "outlinelevel": _RichTextReader.set_outline_level,
    "uc": lambda reader, number: reader.change(fallback=number),
    "plain": lambda reader, _: reader.change(script="", is_hidden=False, is_struck=False),
    "super": lambda reader, number: reader.change(script="sup" if number else ""),
    "sub": lambda reader, number: reader.change(script="sub" if number else ""),
    "up": lambda reader, number: reader.change(script="sup" if number else ""),
    "dn": lambda reader, number: reader.change(script="sub" if number else ""),
    "nosupersub": lambda reader, _: reader.change(script=""),
    "v": lambda reader, number: reader.change(is_hidden=bool(number)),
    **dict.fromkeys(
        ("strike", "striked", "deleted"),
        lambda reader, number: reader.change(is_struck=bool(number)),
    ),
}
