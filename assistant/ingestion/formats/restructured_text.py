"""reStructuredText (.rst): headings, tables, code, directives and paragraphs, without their marks."""

import re
from collections.abc import Sequence

from assistant.ingestion.formats import Extracted
from assistant.ingestion.formats.light_markup import MarkupWriter
from assistant.ingestion.formats.markdown_directives import DIRECTIVE_TITLES, role_text
from assistant.ingestion.formats.markup_tables import (
    GRID_BORDER,
    SIMPLE_BORDER,
    csv_table,
    grid_table,
    list_table,
    simple_table,
)
from assistant.ingestion.formats.plain import decode

_DEEPEST = 30
_UNDERLINE = re.compile(r"([=\-~^\"'`#*+.:_<>])\1{2,}$|==$|--$")
_DIRECTIVE = re.compile(r"\.\. (?!_)(?:\|([^|]+)\| )?([\w:-]+)::\s*(.*)$")
_FOOTNOTE = re.compile(r"\.\. (\[[\w#*.-]+\])\s+(.*)$")
_COMMENT = re.compile(r"\.\.(?:\s|$)")
_OPTION = re.compile(r"\s+:([\w-]+):(?:\s+(.*))?$")
_FIELD = re.compile(r"^:(\w[^:\n`]*):(?=\s|$)", re.MULTILINE)
_LINE_BLOCK = re.compile(r"^\| ?", re.MULTILINE)
_AUTOMATIC = re.compile(r"#\.\s")
_CODE = frozenset(
    ("code", "code-block", "sourcecode", "parsed-literal", "literalinclude", "math", "prompt")
)
_NOT_SHOWN = frozenset((
    "image", "include", "toctree", "contents", "index", "raw", "meta", "highlight", "role",
    "currentmodule", "module", "default-role", "tabularcolumns", "sectnum", "autosummary",
))  # fmt: skip
_WITHOUT_ARGUMENT = frozenset(("figure", "only", "ifconfig"))
_INLINE = re.compile(
    r"``(?P<code>.+?)``"
    r"|:(?P<role>[\w:+-]+):`(?P<content>[^`]+)`"
    r"|`(?P<link>[^`<]+?)\s*<[^>`]*>`__?"
    r"|`(?P<text>[^`]+)`__?"
    r"|(?<!\w)\|(?P<name>[^\s|](?:[^|\n]*[^\s|])?)\|_{0,2}(?!\w)"
    r"|(?P<note>\[[\w#*.-]+\])_(?!\w)"
    r"|\*\*(?P<strong>\S(?:[^*\n]*\S)?)\*\*"
    r"|(?<![\w*])\*(?P<emphasis>\S(?:[^*\n]*[^\s*])?)\*(?![\w*])"
    r"|\\(?P<escaped>\s|\S)"
)


def extract(content: bytes) -> Extracted:
    """Return the text of a file. Raise `UnreadableFileError` for what is not text."""
    return _RestructuredWriter().extracted(decode(content))


class _RestructuredWriter(MarkupWriter):
    def __init__(self) -> None:
        super().__init__()
        self._levels: list[str] = []
        self._names: dict[str, str] = {}
        self._depth = 0

    def plain(self, text: str) -> str:
        """Return a text without marks of emphasis, roles, and signs that are escaped."""
        return _INLINE.sub(self._shown, text)

    def _shown(self, found: re.Match[str]) -> str:
        if found["role"]:
            return role_text(found["role"], found["content"])
        if found["name"]:
            return self._names.get(found["name"], found[0])
        if found["escaped"]:
            return found["escaped"].strip()
        return next(str(text) for text in found.groups() if text is not None)

    def block(self, lines: Sequence[str]) -> None:
        """Write the lines of a paragraph or a list, with numbers for those that have "#."."""
        numbered, number = [], 0
        for line in lines:
            number += bool(_AUTOMATIC.match(line))
            numbered.append(_AUTOMATIC.sub(f"{number}. ", line, count=1) if number else line)
        text = _LINE_BLOCK.sub("", _FIELD.sub(r"\1:", "\n".join(numbered)))
        super().block(text.split("\n"))

    def _next(self, lines: list[str], number: int) -> int:
        line = lines[number].rstrip()
        if not line:
            return number + 1
        if heading := _heading_at(lines, number):
            title, style, after = heading
            if style not in self._levels:
                self._levels.append(style)
            self.heading(self._levels.index(style) + 1, title)
            return after
        if _COMMENT.match(line):
            return self._explicit(lines, number)
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

    def _explicit(self, lines: list[str], number: int) -> int:
        """Write what begins with two dots: a directive, a footnote; a comment is no text."""
        line = lines[number].rstrip()
        end = _end_of_indented(lines, number + 1)
        if found := _DIRECTIVE.match(line):
            if found[1]:
                self._names[found[1]] = found[3] if found[2] == "replace" else ""
            else:
                self._directive(found[2], found[3], lines[number + 1 : end], self._origin() + 1)
        elif note := _FOOTNOTE.match(line):
            self.block([f"{note[1]} {note[2]}", *map(str.strip, lines[number + 1 : end])])
        return end

    def _origin(self) -> int:
        return self.outline.origin or 0

    def _directive(self, name: str, argument: str, body: list[str], first: int) -> None:
        """Write a directive: its title, and what is indented below it."""
        options = {}
        count = 0
        while count < len(body) and (option := _OPTION.match(body[count])):
            options[option[1]] = option[2] or ""
            count += 1
        inside = body[count:]
        if name in _NOT_SHOWN:
            return
        if name in _CODE:
            self.outline.paragraph(self.plain(options.get("caption", "")))
            self._literal(inside, 0)
            return
        label = DIRECTIVE_TITLES.get(name, "")
        titles = (f"{label} {argument}",) if label.endswith("version") else (label, argument)
        for title in titles if name not in _WITHOUT_ARGUMENT else ():
            self.outline.paragraph(self.plain(title))
        if name == "list-table" and (listed := list_table(body)):
            self.table(listed)
        elif name == "csv-table" and not {"file", "url"} & set(options):
            self.table(csv_table(inside, options.get("header", "")))
        else:
            self._write_inside(inside, first + count)

    def _write_inside(self, lines: list[str], first: int) -> None:
        depth = min((len(one) - len(one.lstrip()) for one in lines if one.strip()), default=0)
        if self._depth < _DEEPEST:
            self._depth += 1
            self.write([one[depth:] for one in lines], first)
            self._depth -= 1
        else:
            self.block([one.strip() for one in lines if one.strip()])

    def _literal(self, lines: list[str], start: int) -> int:
        end = _end_of_indented(lines, start)
        inside = lines[start:end]
        is_content = (bool(one.strip()) and not _OPTION.match(one) for one in inside)
        inside = inside[next((at for at, is_it in enumerate(is_content) if is_it), len(inside)) :]
        depth = min((len(one) - len(one.lstrip()) for one in inside if one.strip()), default=0)
        self.outline.verbatim("\n".join(one[depth:] for one in inside), is_code=True)
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
