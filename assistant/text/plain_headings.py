"""Find the headings of plain text, which nothing marks but their place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from assistant.text.blocks import LIST_ITEM
from assistant.text.lexicons import lexicon
from assistant.text.spans import Heading, Span, each_line
from assistant.text.table_structure import HEAD_MARK
from assistant.text.words import STOP_WORDS

_NUMBER = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,3})*)[.)]?\s+(?=\S)")
_LABEL = re.compile(
    r"(?!(?i:by)\s)(?=[^\W_]|[§#“\"«„])(?=.*[^\W\d_])(?!.*(?:\||\t|\s{3}))[^.?!;:]{0,79}[^.?!;:,]"
)
"""The words of a heading: few, without the punctuation of a sentence and the gaps of a table."""
_LABELLED = re.compile(
    rf"(?:{'|'.join(lexicon('section_labels'))})\s*(?:\d+(?:\.\d+)*|[IVXLC]+|[A-Z])\b",
    re.IGNORECASE,
)
"""The beginning of a heading such as "Article 6 - Organs", whatever is right below it."""
_LINKING = STOP_WORDS.union(lexicon("auxiliaries"))
_LETTER = re.compile(r"[^\W\d_]")
_FEWEST_CAPITALS = 3
"""Letters of a heading in capitals. "USA" may be one, "PS" is not."""
_TITLES = 3
"""The number of lines of a title that are kept, one below another."""
_DEEPEST = 6
_REACH = 500
"""Characters within which a line ends, and the line above and the next one are looked for."""


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str
    indent: int
    is_after_blank: bool

    @property
    def number(self) -> str:
        found = _NUMBER.match(self.text)
        return found["number"] if found else ""

    @property
    def words(self) -> str:
        found = _NUMBER.match(self.text)
        return self.text[found.end() :] if found else self.text


def plain_headings(text: str) -> list[Heading]:
    """Return the headings of a plain text in order, the lines of its title included.

    A heading is a short line between blank ones, or one after a blank line that has a list or
    numbered clauses right below it: "(1)" or "-", and "2.1" below "2.", but not "3.". It begins with a
    word, at the margin of the text, or with a number, no further to the right than what is below.
    A table below a short line has it for a heading as well.
    """
    found: list[Heading] = []
    is_title = True
    lines = list(_lines(text))
    margin = min((line.indent for line in lines), default=0)
    for line, below in pairwise(lines):
        if _heads(line, below, margin):
            level = min(len(found) + 1, _TITLES) if is_title else _level(line.number)
            found.append(Heading(line.start, line.end, level, line.text))
        else:
            is_title = False
    return found


def is_capital_heading(above: str, line: str, below: str) -> bool:
    """Return whether a line in capitals, after a blank one, heads the text right below it.

    What is in capitals altogether, such as a warning over several lines, has no heading.
    """
    label = line.strip()
    if above.strip() or not below.strip() or LIST_ITEM.match(below):
        return False
    if number := _NUMBER.match(label):
        label = label[number.end() :]
    is_capital = label.isupper() and len(_LETTER.findall(label)) >= _FEWEST_CAPITALS
    return is_capital and not below.isupper() and _LABEL.fullmatch(label) is not None


def is_in_plain_heading(text: str, span: Span) -> bool:
    """Return whether a span is in one line of a plain text, and that line is a heading."""
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", start, start + _REACH)
    above = text[max(0, start - _REACH) : start].splitlines()[-1:]
    if end < span.end - 1 or "".join(above).strip():
        return False
    found = list(islice(_lines(text[start : end + _REACH]), 2))
    return len(found) == 2 and _heads(found[0], found[1], margin=found[0].indent)


def _lines(text: str) -> Iterator[_Line]:
    """Yield the lines that are not blank."""
    is_after_blank = True
    for row in each_line(text):
        indented = text[row.start : row.end].rstrip()
        line = indented.lstrip()
        if line:
            indent = len(indented) - len(line)
            yield _Line(row.start, row.end, line, indent, is_after_blank)
        is_after_blank = not line


def _heads(line: _Line, below: _Line, margin: int) -> bool:
    """Return whether a line heads the line below it, in a text whose lines begin at a margin."""
    words = line.words
    is_item = not line.number and LIST_ITEM.match(line.text)
    if not line.is_after_blank or is_item or not _LABEL.fullmatch(words) or words[0].islower():
        return False
    if line.number and below.number and not below.number.startswith(f"{line.number}."):
        return False
    if line.indent > (below.indent if line.number else margin):
        return False  # a command, an example, an address
    if not line.number and _goes_on(words):
        return False
    is_above_entry = LIST_ITEM.match(below.text) or below.text.lstrip(HEAD_MARK).startswith("|")
    is_above_text = below.is_after_blank or bool(is_above_entry)
    return is_above_text or bool(_LABELLED.match(words))


def _goes_on(label: str) -> bool:
    """Return whether a label is the beginning of a sentence, as in "A member may"."""
    first, _, last = label.rpartition(" ")
    return bool(first) and last.lower() in _LINKING


def _level(number: str) -> int:
    return min(_TITLES + 1 + number.count("."), _DEEPEST)
