"""Links to a passage of a page on the web, by a text fragment made from the exact quote.

See https://wicg.github.io/scroll-to-text-fragment/. Browsers look for each term of a fragment
within one block of the page (a paragraph, a heading, a cell), and take the first place that they
find. So a term here is never longer than a block, and has the passage as its only place.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from assistant.text.media_types import HTML
from assistant.text.spans import Span
from assistant.types import Document
from assistant.web.documents.styling import MARKUP, Element, layout

LONGEST = 120_000
"""Characters of the longest document in which passages are told apart."""
_WHOLE = 100
"""Characters of a quote that is named in full. Of a longer one, the first and last words are."""
_WORDS = (6, 12, 24, 48)
"""Words of a term. It gets more until it is unique."""
_WORD = re.compile(r"[^\s\u3000-\u303f\uff00-\uff0f]+[\u3000-\u303f\uff00-\uff0f]*|\S")
"""A word, or what stands between two marks of Chinese, where no space tells words apart."""
_NUMBER = re.compile(r"\s*\(?\w{1,4}[.)]\s+")
"""The number of a list item, which a page on the web may draw without having it in its text."""

_LINE = re.compile(r"[^\n]+")
_ANYTHING = re.compile(r"(?s).+")
_MARK = re.compile(r"[^\n]")


@dataclass(frozen=True, slots=True)
class _FragmentBlock:
    """The words of a block as a reader sees them, with single spaces, and the cited part of them."""

    text: str
    cited: Span
    is_heading: bool


@dataclass(frozen=True, slots=True)
class _FragmentPlace:
    """A stretch of a block, by the block's index."""

    block: int
    start: int
    end: int


def link_to_passage(document: Document, passage: tuple[int, int]) -> str:
    """Return the address of the page with the passage, or an empty text without such an address.

    Words that stand before the passage are named as well if its first words are not unique in the
    document. Empty if they are not unique even so, and for a document of more than `LONGEST`
    characters.
    """
    url = document.attribution.url or ""
    if not url.startswith(("https://", "http://")) or len(document.text) > LONGEST:
        return ""
    blocks = list(_blocks(document, passage))
    directive = _directive([block.text for block in blocks], _cited(blocks))
    return f"{url.split('#')[0]}#:~:text={directive}" if directive else ""


def _blocks(document: Document, passage: tuple[int, int]) -> Iterator[_FragmentBlock]:
    """Yield the blocks that have words. A line of code is one, and so is a line of HTML's text."""
    text, media_type = document.text, document.media_type
    for group in layout(text, media_type, 0, len(text), passage):
        for element in group.elements:
            splits = element.kind == "pre" or media_type == HTML
            for start, seen in _cells(element, text):
                for line in _LINE.finditer(seen) if splits else [_ANYTHING.match(seen)]:
                    if line and (block := _block(line, start, passage, element.kind)):
                        yield block


def _cells(element: Element, text: str) -> Iterator[tuple[int, str]]:
    """Yield the start and the characters of each cell, with spaces for the marks of structure."""
    for cell in element.cells:
        pieces = [piece for segment in cell for piece in segment.pieces]
        words = [(text[piece.start : piece.end], piece.style == MARKUP) for piece in pieces]
        if pieces:
            yield (
                pieces[0].start,
                "".join(_MARK.sub(" ", word) if is_mark else word for word, is_mark in words),
            )


def _block(
    line: re.Match[str], start: int, passage: tuple[int, int], kind: str
) -> _FragmentBlock | None:
    """Return the block of a line, with every word as cited of which the passage has a part."""
    number = _NUMBER.match(line.string, line.start()) if kind == "li" else None
    text, cited = "", []
    for word in _WORD.finditer(line.string, number.end() if number else line.start(), line.end()):
        is_apart = bool(text) and line.string[word.start() - 1].isspace()
        first = len(text) + is_apart
        text += " " * is_apart + word.group()
        if start + word.end() > passage[0] and start + word.start() < passage[1]:
            cited.append((first, len(text)))
    span = Span(cited[0][0], cited[-1][1]) if cited else Span(0, 0)
    return _FragmentBlock(text, span, kind[0] == "h") if text else None


def _cited(blocks: list[_FragmentBlock]) -> list[_FragmentPlace]:
    """Return the cited stretches, without headings where more is cited: a menu may repeat those."""
    stretches = [
        (block.is_heading, _FragmentPlace(index, block.cited.start, block.cited.end))
        for index, block in enumerate(blocks)
        if block.cited.end > block.cited.start
    ]
    return [place for is_heading, place in stretches if not is_heading] or [
        place for _, place in stretches
    ]


def _directive(blocks: list[str], cited: list[_FragmentPlace]) -> str:
    """Return the terms of the fragment: words before, the first words, the last words."""
    if not cited:
        return ""
    first, last = cited[0], cited[-1]
    for before in ("", *_leads(blocks, first)):
        for start in _beginnings(blocks[first.block], first):
            if list(_places(blocks, _named(blocks, start), before)) == [start]:
                end = _ending(blocks, start, last)
                terms = [_encoded(_named(blocks, start)), *([_encoded(end)] if end else [])]
                return ",".join([f"{_encoded(before)}-", *terms] if before else terms)
    return ""


def _beginnings(text: str, whole: _FragmentPlace) -> Iterator[_FragmentPlace]:
    """Yield the stretches of a block that may be named for its beginning, the best first."""
    if whole.end - whole.start <= _WHOLE:
        yield whole
        return
    words = list(_WORD.finditer(text, whole.start, whole.end))
    for count in _WORDS:
        yield _FragmentPlace(whole.block, whole.start, words[:count][-1].end())


def _leads(blocks: list[str], first: _FragmentPlace) -> Iterator[str]:
    """Yield words that stand before a place: in its block, or else in the block before."""
    before = blocks[first.block][: first.start].rstrip()
    if not before and first.block:
        before = blocks[first.block - 1]
    words = list(_WORD.finditer(before))
    for count in _WORDS:
        if words:
            yield before[words[-count:][0].start() :]


def _ending(blocks: list[str], start: _FragmentPlace, last: _FragmentPlace) -> str:
    """Return the words at the end of the passage, or an empty text where none can be named."""
    from_here = start.end if start.block == last.block else last.start
    words = list(_WORD.finditer(blocks[last.block], from_here, last.end))
    for count in _WORDS if words else ():
        end = _FragmentPlace(last.block, words[-count:][0].start(), last.end)
        if next(_places(blocks, _named(blocks, end), after=start), None) == end:
            return _named(blocks, end)
    return ""


def _places(
    blocks: list[str], words: str, before: str = "", after: _FragmentPlace | None = None
) -> Iterator[_FragmentPlace]:
    """Yield the places of some words that have other words before, after another place."""
    wanted = re.compile(re.escape(words), re.IGNORECASE)
    begin, offset = (after.block, after.end) if after else (0, 0)
    for index in range(begin, len(blocks)):
        for match in wanted.finditer(blocks[index], offset if index == begin else 0):
            lead = blocks[index][: match.start()].rstrip() or (blocks[index - 1] if index else "")
            if lead.casefold().endswith(before.casefold()):
                yield _FragmentPlace(index, match.start(), match.end())


def _named(blocks: list[str], place: _FragmentPlace) -> str:
    return blocks[place.block][place.start : place.end]


def _encoded(words: str) -> str:
    return quote(words, safe="").replace("-", "%2D")
