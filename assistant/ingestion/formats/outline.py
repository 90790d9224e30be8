"""Write the text of formatted documents: headings, paragraphs, list items and table rows as lines.

Headings are lines with hash signs, as in Markdown; `assistant.text.blocks` finds them again.
"""

import re
from collections.abc import Sequence
from itertools import zip_longest

from assistant.text.blocks import SIMPLE_ITEM
from assistant.text.table_structure import HEAD_MARK

_LOOKS_LIKE_MARKUP = re.compile(r"^(?=#{1,6}[ \t]|`{3})", re.MULTILINE)
WORD_JOINER = "\u2060"
_INVISIBLE = {ord(character): None for character in "\u00ad\u200b"}
"""Where a word or an address may be divided; nobody sees or types them."""
_NO_SIGNS = frozenset((WORD_JOINER, "\0", *map(chr, _INVISIBLE)))
_BACKTICKS = re.compile(r"`{3,}")
_DEEPEST = 8
_SPACES = re.compile(r"[^\S\n]+")
_AROUND_LINE_END = re.compile(r" *\n[ \n]*")


class Outline:
    """A text that grows block by block; blank lines stand between blocks of different kinds."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._last = ""
        self.length = 0
        self.origin: int | None = None
        """Where in the file the next block comes from, if that is known."""
        self.origins: list[tuple[int, int]] = []
        """The offset of each block whose origin is known, and its origin."""
        self.styles: list[tuple[int, int, str]] = []
        """Stretches in emphasis, and quotations, by their offsets."""

    def heading(self, level: int, text: str) -> None:
        """Add a heading, its level from 1."""
        if title := _in_one_line(text):
            self._add("heading", f"{'#' * min(max(level, 1), 6)} {title}")

    def paragraph(self, text: str) -> None:
        """Add a paragraph; line ends in it are kept, other white space is one space."""
        if line := flowing(text):
            self._add("paragraph", guarded(line))

    def verbatim(self, text: str, is_code: bool = False) -> None:
        """Add lines whose white space means something; code stands between fences."""
        if not is_code:
            text = text.translate(_INVISIBLE)
        text = text.strip("\r\n").rstrip()
        if text and is_code:
            fence = "`" * max(3, 1 + max(map(len, _BACKTICKS.findall(text)), default=0))
            self._add("code", f"{fence}\n{text}\n{fence}")
        elif text:
            self._add("verbatim", guarded(text))

    def item(self, marker: str, depth: int, text: str) -> None:
        """Add an item of a list, ``depth`` from 0; one that no list has, such as "2.1", is a paragraph."""
        line = _in_one_line(text)
        if line and SIMPLE_ITEM.match(f"{marker} {line}"):
            self._add("item", f"{'  ' * min(depth, _DEEPEST)}{marker} {line}")
        elif line:
            self._add("paragraph", guarded(f"{marker} {line}"))

    def row(self, cells: Sequence[str], is_head: bool = False) -> None:
        """Add a row of a table; an invisible character is before one that names the columns."""
        texts = [_in_one_line(cell) for cell in cells]
        if any(texts):
            self._add("row", f"{HEAD_MARK if is_head else ''}| {' | '.join(texts)} |")

    def table(
        self,
        rows: Sequence[Sequence[str]],
        has_head: bool = False,
        origins: Sequence[int] = (),
    ) -> None:
        """Add a table, whose first row of several cells may name its columns, its rows with their origins."""
        head = next((row for row in rows if len(row) > 1), None) if has_head else None
        for row, origin in zip_longest(rows, origins):
            self.origin = self.origin if origin is None else origin
            self.row(row, is_head=row is head)
        self.end_of_list_or_table()

    def emphasise(self, styles: Sequence[tuple[int, int, str]]) -> None:
        """Note stretches of the last block, each by the signs from its start and its end to the block's.

        Signs are the characters that can be seen: how white space was joined makes no difference.
        """
        if not styles or not self._parts:
            return
        last = self._parts[-1]
        places = [at for at, sign in enumerate(last) if is_sign(sign)]
        begin, count = self.length - len(last), len(places)
        for from_start, from_end, name in styles:
            first, end = count - from_start, count - from_end
            if 0 <= first < end <= count:
                self.styles.append((begin + places[first], begin + places[end - 1] + 1, name))

    def append(self, text: str) -> None:
        """Add the text of another outline."""
        if text.strip():
            self._add("outline", text.strip("\n"))

    def text(self) -> str:
        """Return the whole, with a line end at its end."""
        return "".join([*self._parts, "\n"]) if self._parts else ""

    def end_of_list_or_table(self) -> None:
        """Begin another list or table: what follows is of another list or table, though of the same kind."""
        self._last = ""

    def _add(self, kind: str, text: str) -> None:
        if self._parts:
            together = kind == self._last and kind in ("item", "row")
            text = ("\n" if together else "\n\n") + text
        self._last = kind
        self._parts.append(text)
        if self.origin is not None:
            self.origins.append((self.length, self.origin))
        self.length += len(text)


def is_sign(character: str) -> bool:
    """Return whether a character is kept, and seen, however a text is laid out."""
    return not character.isspace() and character not in _NO_SIGNS


def flowing(text: str) -> str:
    """Return the text with single spaces and no blank lines."""
    text = _SPACES.sub(" ", text.translate(_INVISIBLE))
    return _AROUND_LINE_END.sub("\n", text).strip()


def _in_one_line(text: str) -> str:
    return " ".join(text.translate(_INVISIBLE).split())


def guarded(text: str) -> str:
    """Return a text of which no line looks like a heading or a fence: an invisible character is before it."""
    return _LOOKS_LIKE_MARKUP.sub(WORD_JOINER, text)
