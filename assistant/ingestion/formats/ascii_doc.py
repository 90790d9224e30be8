"""AsciiDoc (.adoc): headings, lists, tables, code and paragraphs, without their marks."""

import re

from assistant.ingestion.formats import Extracted
from assistant.ingestion.formats.attributes import picture_text
from assistant.ingestion.formats.light_markup import MarkupWriter
from assistant.ingestion.formats.markdown_directives import DIRECTIVE_TITLES
from assistant.ingestion.formats.markup_tables import ADOC_BORDER, adoc_table
from assistant.ingestion.formats.plain import decode
from assistant.ingestion.formats.scripts import lowered, raised

_HEADING = re.compile(r"(={1,6})\s+(\S.*)$")
_FENCE = re.compile(r"(-{4,}|\.{4,}|`{3,}\w*)$")
_AROUND = re.compile(r"(?:={4,}|\*{4,}|_{4,}|\+{4,}|--|'{3,}|<<<|\+)$")
"""What stands around a part of a page, or between two."""
_COMMENT = re.compile(r"/{4,}$")
_NOT_SHOWN = re.compile(r"\[[^\]]*\]$|//.*|(?:include|ifdef|ifndef|ifeval|endif|toc)::.*")
_ATTRIBUTE = re.compile(r":!?([\w-]+)!?:\s*(.*)$")
_LABEL = re.compile(r"\[(\w+)[^\]]*\]$")
_TITLE = re.compile(r"\.(?=[\w\"'*_`(])(.+)$")
_PICTURE = re.compile(r"image::?[^\s\[]{1,500}\[([^\],]{0,500}+)[^\]]{0,500}+\]")
_ITEM = re.compile(r"\s*(\*{1,5}|\.{1,5}|-)\s+(?:(\[[ x*]\])\s+)?(\S.*)$")
_TERM = re.compile(r"(\S.*?)(?::{2,4}|;;)(?:\s+(.*))?$")
_INLINE = re.compile(
    r"`\+?(?P<code>\S(?:[^`\n]*?\S)?)\+?`(?!\w)|(?<!\w)\+(?P<literal>\S(?:[^+\n]*\S)?)\+(?!\w)"
    r"|(?:https?://|link:|xref:|mailto:)[^\s\[]{0,500}\[(?P<link>[^\]]{1,500})\]"
    r"|<<[^,<>]{1,200},\s*(?P<to>[^<>]{1,500})>>|<<(?P<anchor>[^<>\s]{1,200})>>|\[\[[^\]]{0,200}\]\]"
    r"|footnote:\w{0,100}\[(?P<note>[^\]]{1,1000})\]|kbd:\[(?P<keys>[^\]]{1,200})\]|btn:\[(?P<button>[^\]]{1,200})\]"
    r"|\[(?:\.line-through|line-through)\]\#(?P<struck>[^#\n]+)\#"
    r"|(?:\[[.\w-]+\])?(?<!\w)\#(?P<marked>\S(?:[^#\n]*\S)?)\#(?!\w)"
    r"|(?<=[\w)])\^(?P<raised>[^\s^]{1,8})\^|(?<=[\w)])~(?P<lowered>[^\s~]{1,8})~"
    r"|\{(?P<name>[\w-]+)\}"
    r"|(?<!\w)\*(?P<strong>\S(?:[^*\n]*\S)?)\*(?!\w)|(?<!\w)_(?P<emphasis>\S(?:[^_\n]*\S)?)_(?!\w)"
)


_BEGINNINGS = (_AROUND, _FENCE, _COMMENT, _NOT_SHOWN, _ATTRIBUTE, _ITEM, _TERM, _HEADING)


def extract(content: bytes) -> Extracted:
    """Return the text of a file. Raise `UnreadableFileError` for what is not text."""
    return _AsciiDocWriter().extracted(decode(content))


class _AsciiDocWriter(MarkupWriter):
    def __init__(self) -> None:
        super().__init__()
        self._names: dict[str, str] = {}
        self._numbers: list[int] = []

    def plain(self, text: str) -> str:
        """Return a text without marks of emphasis, with what links and names of values show."""
        text = _PICTURE.sub(_picture, text)
        return _INLINE.sub(self._shown, text)

    def _shown(self, found: re.Match[str]) -> str:
        if found["name"]:
            return self._names.get(found["name"], found[0])
        if found["raised"]:
            return raised(found["raised"])
        if found["lowered"]:
            return lowered(found["lowered"])
        if found["note"]:
            return f" ({found['note']})"
        if found["strong"] or found["emphasis"]:
            return self.plain(found["strong"] or found["emphasis"])
        parts = {**found.groupdict(), "struck": None}
        return next((text for text in parts.values() if text is not None), "")

    def _next(self, lines: list[str], number: int) -> int:
        line = lines[number].rstrip()
        if attribute := _ATTRIBUTE.fullmatch(line):
            self._names[attribute[1]] = attribute[2]
            return number + 1
        if _COMMENT.fullmatch(line):
            return _closing(lines, number, line) + 1
        if not line or _AROUND.fullmatch(line) or _NOT_SHOWN.fullmatch(line):
            if label := _LABEL.fullmatch(line):
                self.outline.paragraph(DIRECTIVE_TITLES.get(label[1].lower(), ""))
            return number + 1
        if ADOC_BORDER.match(line):
            end = _closing(lines, number, line)
            before = (one for one in lines[max(0, number - 2) : number] if one[:1] == "[")
            self.table(adoc_table(lines[number + 1 : end], " ".join(before)))
            return end + 1
        if found := _HEADING.fullmatch(line):
            self.heading(len(found[1]), found[2])
            return number + 1
        if fence := _FENCE.fullmatch(line):
            closing = fence[1][:3] if fence[1].startswith("`") else fence[1]
            end = _closing(lines, number, closing)
            self.outline.verbatim("\n".join(lines[number + 1 : end]), is_code=True)
            return end + 1
        if title := _TITLE.fullmatch(line):
            self.outline.paragraph(self.plain(title[1]))
            return number + 1
        end = number + 1
        while end < len(lines) and not _begins_block(lines[end].rstrip()):
            end += 1
        self._write_block(" ".join(one.strip() for one in lines[number:end]), lines[number:end])
        return end

    def _write_block(self, text: str, lines: list[str]) -> None:
        item, term = _ITEM.fullmatch(text), _TERM.fullmatch(lines[0].rstrip())
        if item:
            self._item(item[1], item[2] or "", self.plain(item[3]))
            return
        self._numbers = []
        if term:
            rest = [term[2] or "", *lines[1:]]
            self.outline.paragraph(self.plain("\n".join([term[1], *filter(None, rest)])))
        else:
            self.block([re.sub(r" \+$", "", one.rstrip()) for one in lines])

    def _item(self, mark: str, box: str, text: str) -> None:
        """Write an item of a list; the signs at its mark tell how deep it is."""
        depth = len(mark) - 1
        shown = "-"
        if mark.startswith("."):
            self._numbers = [*self._numbers, *[0] * len(mark)][: len(mark)]
            self._numbers[depth] += 1
            shown = f"{self._numbers[depth]}."
        elif depth < len(self._numbers):
            self._numbers = []
        if box:
            text = f"{'☐' if box == '[ ]' else '☑'} {text}"
        self.outline.item(shown, depth, text)


def _begins_block(line: str) -> bool:
    """Return whether a line does not go on with the text before it."""
    return (
        not line
        or any(pattern.fullmatch(line) for pattern in _BEGINNINGS)
        or ADOC_BORDER.match(line) is not None
    )


def _closing(lines: list[str], number: int, border: str) -> int:
    """Return the line that ends what begins at a line."""
    rest = range(number + 1, len(lines))
    return next((at for at in rest if lines[at].rstrip() == border), len(lines))


def _picture(found: re.Match[str]) -> str:
    return picture_text(found[1].strip("\"' "))
