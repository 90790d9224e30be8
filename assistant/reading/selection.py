"""Turn what was read in the retrieved passages into candidates: stretches that may be quoted."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from assistant.protocols import Reader
from assistant.reading.answer_units import answer_unit, is_question, paragraph_around
from assistant.reading.named_cells import ReadableText, with_column_names
from assistant.reading.naming_lines import names_in, naming_line
from assistant.text.blocks import blocks, is_entry, is_one_block
from assistant.text.headings import is_byline, is_heading
from assistant.text.leaning import leans
from assistant.text.sentences import whole_sentences
from assistant.text.spans import Span
from assistant.text.table_structure import is_table_head
from assistant.text.words import words
from assistant.types import Document, Hit, Passage, PassageReading, WindowText

Place = tuple[str, int, int]
"""Where a stretch stands: document id, start, end."""

MAX_STATEMENTS = 3
MAX_WORDS = 150
CLOSEST_SHOWN = 3
_SHOWS_ANSWER = 0.5
"""The probability from which a sentence is quoted as evidence beside the words that answer."""
_ALIKE = 0.7
"""The share of common words from which two quotes of one document count as the same.

Two documents of one kind, such as two contracts, differ in a word or a number only.
"""


@dataclass(frozen=True, slots=True)
class _ToldPart:
    """A block of a passage, with those before it on which it leans."""

    text: str
    is_quoted: bool
    is_entry: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stretch that may be quoted, and the probability that it answers.

    ``hit`` is the retrieved passage in which it was read. ``evidence`` is the sentence of the same
    passage that most likely shows the answer, if it is another one. ``naming`` is the line at the
    top of the document that has names of the question. ``is_named`` means that the question names
    the row or item that is quoted.
    """

    passage: Passage
    probability: float
    hit: Hit
    evidence: Passage | None = None
    naming: str = ""
    is_named: bool = False

    @property
    def around(self) -> str:
        """The title, path and headings of the passage, and its text."""
        return f"{self._above}\n{self.passage.document.source}\n{self.hit.chunk.text}"

    @property
    def nearest(self) -> str:
        """The title and headings, and the whole paragraph, list item or row that is quoted.

        A paragraph that begins with "she", "this" and the like comes with the one before it.
        """
        return f"{self._above}\n{self.told}"

    @property
    def told(self) -> str:
        """The whole paragraph, list item or row that is quoted, with what it leans on."""
        return "\n".join(one.text for one in self._told if one.is_quoted)

    @property
    def quotes_entry(self) -> bool:
        """Whether a list item or the row of a table is quoted."""
        return any(one.is_entry and one.is_quoted for one in self._told)

    @property
    def beside(self) -> list[str]:
        """The title and headings with each other paragraph of the passage, or each other item and row."""
        kind = self.quotes_entry
        others = (one for one in self._told if not one.is_quoted and one.is_entry == kind)
        return [f"{self._above}\n{one.text}" for one in others]

    @property
    def _told(self) -> list[_ToldPart]:
        chunk, quoted = self.hit.chunk, self.passage
        text, before = quoted.document.text, ""
        told = []
        start, end = min(chunk.start, quoted.start), max(chunk.end, quoted.end)
        for block in blocks(text, start, end):
            own = text[block.start : block.end]
            before = f"{before}\n{own}" if leans(own) else own
            is_quoted = block.start < quoted.end and quoted.start < block.end
            told.append(_ToldPart(before, is_quoted, is_entry(text, block)))
        return told

    @property
    def _above(self) -> str:
        return f"{self.passage.document.title}\n{self.naming}\n{self.hit.chunk.heading}"

    def is_beside(self, other: "Candidate") -> bool:
        """Whether what the other quotes is in the same paragraph, item, row or quote as this."""
        first, second = self.passage, other.passage
        if first.document.id != second.document.id:
            return False
        if overlap(first, second):
            return True
        start, end = min(first.start, second.start), max(first.end, second.end)
        return is_one_block(first.document.text, start, end)

    @property
    def paragraph(self) -> Passage:
        """The whole paragraph or list of what is quoted, or the quote itself where it is long."""
        quoted = self.passage
        whole = paragraph_around(quoted.document, Span(quoted.start, quoted.end))
        if whole is None or (whole.start, whole.end) == (quoted.start, quoted.end):
            return quoted
        highlight = quoted.highlight or (quoted.start, quoted.end)
        return Passage(quoted.document, whole.start, whole.end, highlight)


def read_candidates(
    question: str,
    hits: Sequence[Hit],
    document: Callable[[str], Document],
    reader: Reader,
    said: Collection[Place] = (),
) -> list[Candidate]:
    """Read the hits and return what may be quoted of each, the most probable first.

    ``question`` is as the reader takes it. ``said`` are quotes of earlier answers, which are left
    out.
    """
    names = names_in(question)
    found = [_RetrievedText.of(document(hit.chunk.document_id), hit, names) for hit in hits]
    read = zip(found, reader.read(question, [one.window for one in found]), strict=True)
    candidates = [
        candidate
        for one, reading in read
        for candidate in _candidates(one, reading)
        if _place(candidate.passage) not in said
    ]
    return sorted(candidates, key=lambda candidate: -candidate.probability)


def distinct(passages: Sequence[Passage], limit: int) -> list[Passage]:
    """Return the first passages, without those that overlap or repeat the words of an earlier one."""
    kept: list[Passage] = []
    for passage in passages:
        if len(kept) == limit:
            break
        if not any(_is_same(passage, other) for other in kept):
            kept.append(passage)
    return kept


def within_bounds(passages: Sequence[Passage]) -> list[Passage]:
    """Return the first passage, and further ones as long as all together stay short."""
    kept: list[Passage] = []
    count = 0
    for passage in passages:
        count += len(passage.text.split())
        if kept and count > MAX_WORDS:
            break
        kept.append(passage)
    return kept


@dataclass(frozen=True, slots=True)
class _RetrievedText:
    """A retrieved passage as it is read, with its document."""

    document: Document
    hit: Hit
    readable: ReadableText
    naming: str

    @classmethod
    def of(cls, document: Document, hit: Hit, names: Collection[str]) -> Self:
        chunk = hit.chunk
        readable = with_column_names(document.text, chunk.start, chunk.end)
        naming = naming_line(document, names, f"{document.title}\n{chunk.heading}\n{chunk.text}")
        return cls(document, hit, readable, naming)

    @property
    def window(self) -> WindowText:
        header = [self.naming, self.hit.chunk.heading]
        return WindowText(" › ".join(filter(None, header)), self.readable.text)


def _candidates(found: _RetrievedText, reading: PassageReading) -> Iterator[Candidate]:
    document, readable = found.document, found.readable
    evidence = _evidence(document, readable, reading)
    for span in reading.spans:
        passage = _quoted(document, readable.original(span.start, span.end))
        if passage is not None:
            own = evidence if evidence and not overlap(evidence, passage) else None
            yield Candidate(passage, span.probability, found.hit, own, found.naming)
            evidence = None  # it belongs to the likeliest words


def _evidence(
    document: Document, readable: ReadableText, reading: PassageReading
) -> Passage | None:
    """Return the sentence that most likely shows the answer, if it is likely enough."""
    for sentence in reading.evidence[:1]:
        if sentence.probability >= _SHOWS_ANSWER:
            passage = _quoted(document, readable.original(sentence.start, sentence.end))
            if passage is None or is_byline(passage.text):
                return None
            return Passage(document, passage.start, passage.end)
    return None


def _quoted(document: Document, read: Span) -> Passage | None:
    """Return the whole stretch to quote for words that were read, or None if nothing there answers."""
    sentence = whole_sentences(document, read.start, read.end)
    if is_heading(document, sentence) or is_table_head(document.text, sentence):
        return None
    unit = answer_unit(document, sentence)
    if is_question(document.text[unit.start : unit.end]) or is_heading(document, unit):
        return None
    return Passage(document, unit.start, unit.end, _highlight(read.start, read.end, unit))


def _highlight(start: int, end: int, unit: Span) -> tuple[int, int] | None:
    start, end = max(start, unit.start), min(end, unit.end)
    return (start, end) if start < end and (start, end) != (unit.start, unit.end) else None


def _is_same(one: Passage, other: Passage) -> bool:
    if overlap(one, other):
        return True
    left, right = set(words(one.text.casefold())), set(words(other.text.casefold()))
    shared, fewer = len(left & right), max(1, min(len(left), len(right)))
    is_of_one = one.document.id == other.document.id
    return shared >= (_ALIKE * fewer if is_of_one else fewer)


def overlap(one: Passage, other: Passage) -> bool:
    """Return whether two passages have text in common."""
    same = one.document.id == other.document.id
    return same and one.start < other.end and other.start < one.end


def _place(passage: Passage) -> Place:
    return passage.document.id, passage.start, passage.end
