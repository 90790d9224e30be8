"""reStructuredText (.rst) and AsciiDoc (.adoc): headings, tables, code and paragraphs, without marks of emphasis.

Whatever is not one of these stays as it is in the file.
"""

import re
from collections.abc import Iterator

from assistant.ingestion.formats import Extracted
from assistant.ingestion.formats.markup_tables import (
    ADOC_BORDER,
    GRID_BORDER,
    SIMPLE_BORDER,
    MarkupTable,
    adoc_table,
    grid_table,
    list_table,
    simple_table,
)
from assistant.ingestion.formats.outline import Outline
from assistant.ingestion.formats.plain import decode

_UNDERLINE = re.compile(r"([=\-~^\"'`#*+.:_<>])\1{2,}$|==$|--$")
_DIRECTIVE = re.compile(r"\.\. (?!_)([\w:-]+)::\s*(.*)$")
_COMMENT = re.compile(r"\.\.(?:\s|$)")
_CODE = frozenset(("code", "code-block", "sourcecode", "parsed-literal", "literalinclude"))
_INLINE_RST = (
    (re.compile(r"``(.+?)``"), r"\1"),
    (re.compile(r":[\w:+-]+:`([^`<]+?)(?:\s*<[^>`]*>)?`"), r"\1"),
    (re.compile(r"`([^`<]+?)\s*<[^>`]*>`__?"), r"\1"),
    (re.compile(r"`([^`]+)`__?"), r"\1"),
    (re.compile(r"\*\*(\S(?:[^*\n]*\S)?)\*\*"), r"\1"),
    (re.compile(r"(?<![\w*])\*(\S(?:[^*\n]*[^\s*])?)\*(?![\w*])"), r"\1"),
)
_ADOC_HEADING = re.compile(r"(={1,6})\s+(\S.*)$")
_ADOC_FENCE = re.compile(r"(-{4,}|\.{4,}|`{3,}\w*)$")
_ADOC_ATTRIBUTE = re.compile(r"(?::[\w-]+:.*|\[[^\]]*\]|//.*)$")
_INLINE_ADOC = (
    (re.compile(r"(?:https?://|link:|xref:|mailto:)\S*?\[([^\]]+)\]"), r"\1"),
    (re.compile(r"<<[^,>]+,\s*([^>]+)>>"), r"\1"),
    (re.compile(r"(?<!\w)\*(\S(?:[^*\n]*\S)?)\*(?!\w)"), r"\1"),
    (re.compile(r"(?<!\w)_(\S(?:[^_\n]*\S)?)_(?!\w)"), r"\1"),
    (re.compile(r"(?<!\w)`(\S(?:[^`\n]*\S)?)`(?!\w)"), r"\1"),
)


def extract_rst(content: bytes) -> Extracted:
    """Return the text of a file in reStructuredText. Raise `UnreadableFileError` for what is not text."""
    return _extracted(_RstWriter(), decode(content))


def extract_adoc(content: bytes) -> Extracted:
    """Return the text of a file in AsciiDoc. Raise `UnreadableFileError` for what is not text."""
    return _extracted(_AdocWriter(), decode(content))


def _extracted(writer: "_MarkupWriter", source: str) -> Extracted:
    writer.write(source.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    places = tuple((offset, f"line {line + 1}") for offset, line in writer.outline.origins)
    return Extracted(writer.outline.text(), writer.title, places=places)


class _MarkupWriter:
    """Write the blocks of a file, each with the line at which it begins."""

    inline: tuple[tuple[re.Pattern[str], str], ...] = ()

    def __init__(self) -> None:
        self.outline = Outline()
        self.title = ""

    def write(self, lines: list[str]) -> None:
        """Write the lines of a file."""
        number = 0
        while number < len(lines):
            self.outline.origin = number
            number = self._next(lines, number)

    def _next(self, lines: list[str], number: int) -> int:
        """Write the block that begins at a line; return the line after it."""
        raise NotImplementedError

    def heading(self, level: int, text: str) -> None:
        """Write a heading; the first is the title."""
        title = self._plain(text)
        self.title = self.title or title
        self.outline.heading(level, title)

    def block(self, lines: list[str]) -> None:
        """Write the lines between two blank ones: a paragraph, or the items of a list."""
        self.outline.paragraph(self._plain("\n".join(lines)))

    def table(self, table: MarkupTable) -> None:
        """Write a table. All its rows have the line at which it begins."""
        rows = [[self._plain(cell) for cell in row] for row in table.rows]
        self.outline.table(rows, table.has_head)

    def _plain(self, text: str) -> str:
        for pattern, shown in self.inline:
            text = pattern.sub(shown, text)
        return text


class _RstWriter(_MarkupWriter):
    inline = _INLINE_RST

    def __init__(self) -> None:
        super().__init__()
        self._levels: list[str] = []

    def _next(self, lines: list[str], number: int) -> int:
        """Write the block that begins at a line; return the line after it."""
        line = lines[number].rstrip()
        if not line:
            return number + 1
        if heading := _heading_at(lines, number):
            title, style, after = heading
            if style not in self._levels:
                self._levels.append(style)
            self.heading(self._levels.index(style) + 1, title)
            return after
        directive = _DIRECTIVE.match(line)
        if directive or _COMMENT.match(line):
            return self._directive(lines, number, directive)
        end = next((at for at in range(number, len(lines)) if not lines[at].strip()), len(lines))
        if GRID_BORDER.match(line):
            self.table(grid_table(lines[number:end]))
            return end
        if SIMPLE_BORDER.match(line):
            return self._simple_table(lines, number)
        block = [one.rstrip() for one in lines[number:end]]
        is_literal = block[-1].endswith("::")
        if is_literal:
            block[-1] = block[-1][:-1].removesuffix(" :")
        self.block([one for one in block if one != ":"])
        return self._literal(lines, end) if is_literal else end

    def _simple_table(self, lines: list[str], number: int) -> int:
        """Write a table, which may have blank lines; it ends with a border that a blank line follows."""
        after = (
            at + 1
            for at in range(number + 1, len(lines))
            if SIMPLE_BORDER.match(lines[at].rstrip())
        )
        end = next((at for at in after if not "".join(lines[at : at + 1]).strip()), len(lines))
        self.table(simple_table([one.rstrip() for one in lines[number:end]]))
        return end

    def _directive(self, lines: list[str], number: int, found: re.Match[str] | None) -> int:
        """Write what is indented below a directive; that of a comment is no text."""
        end = _end_of_indented(lines, number + 1)
        if found is None:
            return end
        if found[1] in _CODE:
            self._literal(lines, number + 1)
            return end
        if found[1] == "list-table" and (listed := list_table(lines[number + 1 : end])):
            self.block([found[2]])
            self.table(listed)
            return end
        inside = [one.strip() for one in lines[number + 1 : end]]
        inside = [one for one in inside if not re.match(r":[\w-]+:", one)]
        if found[2] and found[1] not in ("image", "figure", "include", "toctree"):
            self.block([found[2]])
        for block in _blocks(inside if found[1] != "toctree" else []):
            self.block(block)
        return end

    def _literal(self, lines: list[str], start: int) -> int:
        end = _end_of_indented(lines, start)
        inside = lines[start:end]
        while inside and (not inside[0].strip() or re.match(r"\s+:[\w-]+:", inside[0])):
            inside = inside[1:]
        depth = min((len(one) - len(one.lstrip()) for one in inside if one.strip()), default=0)
        self.outline.verbatim("\n".join(one[depth:] for one in inside), is_code=True)
        return end


class _AdocWriter(_MarkupWriter):
    inline = _INLINE_ADOC

    def _next(self, lines: list[str], number: int) -> int:
        line = lines[number].rstrip()
        if not line or _ADOC_ATTRIBUTE.fullmatch(line) or line == "+":
            return number + 1
        if ADOC_BORDER.match(line):
            rest = range(number + 1, len(lines))
            end = next((at for at in rest if lines[at].rstrip() == line), len(lines))
            attributes = " ".join(
                one for one in lines[max(0, number - 2) : number] if one[:1] == "["
            )
            self.table(adoc_table(lines[number + 1 : end], attributes))
            return end + 1
        if found := _ADOC_HEADING.fullmatch(line):
            self.heading(len(found[1]), found[2])
            return number + 1
        if fence := _ADOC_FENCE.fullmatch(line):
            closing = fence[1][:3] if fence[1].startswith("`") else fence[1]
            rest = range(number + 1, len(lines))
            end = next((at for at in rest if lines[at].rstrip() == closing), len(lines))
            self.outline.verbatim("\n".join(lines[number + 1 : end]), is_code=True)
            return end + 1
        end = next(
            (
                at
                for at in range(number, len(lines))
                if not lines[at].strip()
                or (at > number and ADOC_BORDER.match(lines[at].rstrip()))
                or _ADOC_FENCE.fullmatch(lines[at].rstrip())
            ),
            len(lines),
        )
        block = [re.sub(r"^\.(?=\w)", "", one.rstrip()) for one in lines[number:end]]
        while len(block) > 1 and _ADOC_ATTRIBUTE.fullmatch(block[-1]):
            block.pop()  # attributes of the table or code that follows
        self.block(block)
        return end


def _heading_at(lines: list[str], number: int) -> tuple[str, str, int] | None:
    """Return the title at a line, the sign that marks it, and the line after it."""
    rows = [line.rstrip() for line in lines[number : number + 3]] + ["", ""]
    if _UNDERLINE.fullmatch(rows[0]) and rows[1].strip() and rows[2] == rows[0]:
        return rows[1].strip(), rows[0][0] * 2, number + 3
    is_title = rows[0] and not rows[0].startswith((" ", ".. ")) and _UNDERLINE.fullmatch(rows[1])
    if is_title and len(rows[1]) >= len(rows[0]) - 1 and not _UNDERLINE.fullmatch(rows[0]):
        return rows[0], rows[1][0], number + 2
    return None


def _end_of_indented(lines: list[str], start: int) -> int:
    at = start
    while at < len(lines) and (not lines[at].strip() or lines[at][0] in " \t"):
        at += 1
    return at


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    block: list[str] = []
    for line in [*lines, ""]:
        if line:
            block.append(line)
        elif block:
            yield block
            block = []
