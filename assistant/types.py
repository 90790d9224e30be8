"""The values that travel the way of a document and of a question.

Offsets are half-open, in characters (Unicode code points) of ``Document.text``.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from itertools import groupby, pairwise
from typing import Any

_SIGNS_BEFORE_A_WORD = re.compile(r"[^\w\n]*(?=\w)")


class Status(StrEnum):
    """What kind of answer an `Answer` is.

    ``uncertain`` has statements and citations like ``answered``, checked in the same way, but they
    may not answer the question.
    """

    ANSWERED = "answered"
    UNCERTAIN = "uncertain"
    NOT_FOUND = "not_found"
    SMALL_TALK = "small_talk"


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who a document is by and where it comes from, as ``corpus.toml`` tells it."""

    author: str | None = None
    publisher: str | None = None
    date: str | None = None
    url: str | None = None
    rights: str | None = None

    @property
    def line(self) -> str:
        """Author, publisher, date and rights in one line; empty when nothing is known."""
        author = f"by {self.author}" if self.author else None
        return " · ".join(part for part in (author, self.publisher, self.date, self.rights) if part)


Box = tuple[int, int, int, int, int, int]
"""A line on a page: its offsets in the text, and its left, top, right and bottom border.

Borders are in parts per 10,000 of the page's width and height.
"""


@dataclass(frozen=True, slots=True)
class Document:
    """A source file as it was read: ``text`` is what every offset refers to.

    ``id`` is stable for a path; ``sha256`` is of the file's bytes; ``source`` is the path below
    the corpus with forward slashes; ``page_starts`` holds the offset at which each page begins,
    and is empty for formats without pages.
    """

    id: str
    source: str
    title: str
    text: str
    sha256: str
    media_type: str
    page_starts: tuple[int, ...] = ()
    attribution: Attribution = field(default_factory=Attribution)
    origins: tuple[tuple[int, int, int], ...] = ()
    """Where runs of the text stand in a file whose markup is left out, as Markdown's is.

    Of each run, in order: its offset in the text, its offset in the file, and its line there.
    """
    places: tuple[tuple[int, str], ...] = ()
    """The places of a file that has no lines, such as "slide 3", "Prices!A5:C5" and "p. ii (page 2 of the file)".

    Of each, in order: the offset in the text at which it begins, and its name.
    """
    boxes: tuple[Box, ...] = ()
    """Where the lines stand that were recognised in pictures (OCR)."""
    styles: tuple[tuple[int, int, str], ...] = ()
    """Stretches in emphasis (``em``, ``strong``) and quotations (``quote``), ordered by their start."""
    orders: tuple[tuple[int, int], ...] | None = None
    """The offsets of what reads like an instruction to a language model; None if nobody looked."""

    def line_at(self, offset: int) -> int:
        """The line of the file, counted from 1, on which the character at ``offset`` stands.

        Where markup is left out, a sign stands on the line of the word after it, as the first bar
        of a table's row does: only words are found in the file for certain.
        """
        if self.origins:
            signs = _SIGNS_BEFORE_A_WORD.match(self.text, offset)
            return self._run_at(signs.end() if signs else offset)[2]
        return self.text.count("\n", 0, offset) + 1

    def file_offset_at(self, offset: int) -> int:
        """The offset in the file, in characters, of the character at ``offset``.

        It is the text's own where the file is its text.
        """
        if not self.origins:
            return offset
        start, place, _ = self._run_at(offset)
        return place + max(0, offset - start)

    def _run_at(self, offset: int) -> tuple[int, int, int]:
        number = bisect_right(self.origins, offset, key=lambda run: run[0])
        return self.origins[max(0, number - 1)]

    def page_at(self, offset: int) -> int | None:
        """The page, counted from 1, on which ``offset`` stands; None where there are no pages."""
        if not self.page_starts:
            return None
        return bisect_right(self.page_starts, offset) or 1

    def place_at(self, offset: int) -> str:
        """Where ``offset`` stands, for people: "p. 3", "slide 3", or "line 12" in a file with lines.

        Empty for formats whose lines are not those of the text (HTML, Word).
        """
        if self.places:
            number = bisect_right(self.places, offset, key=lambda place: place[0])
            return self.places[max(0, number - 1)][1]
        page = self.page_at(offset)
        if page is not None:
            return f"p. {page}"
        has_lines = self.media_type in ("text/plain", "text/markdown", "text/x-source")
        return f"line {self.line_at(offset)}" if has_lines else ""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, item of a list, row of a table, quotation or block of code.

    ``start`` and ``end`` are offsets in the document's text. ``level`` is that of a heading, from 1,
    or the depth of an item, from 0. ``number`` is what stands before a heading or an item, such as
    "2.1" or "•". ``header`` is the row that names the columns of a row, ``lead_in`` the paragraph
    that introduces a list, a table or code.
    """

    kind: str
    start: int
    end: int
    level: int = 0
    number: str = ""
    header: tuple[int, int] | None = None
    lead_in: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """A document without its text, for lists; ``characters`` is the text's length."""

    id: str
    source: str
    title: str
    sha256: str
    media_type: str
    characters: int
    attribution: Attribution = field(default_factory=Attribution)


@dataclass(frozen=True, slots=True)
class CorpusInfo:
    """What ``corpus.toml`` says of the corpus as a whole; ``questions`` are suggested to readers."""

    title: str = ""
    description: str = ""
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage of a document: ``document.text[start:end] == text``.

    ``heading`` is the title and the headings it stands under; it is embedded and shown with
    the passage and is never part of a quote.
    """

    id: str
    document_id: str
    start: int
    end: int
    text: str
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved chunk; a rank (from 1) is None where that list did not hold the chunk.

    ``sentence_rank`` is the rank by the sentence that is nearest to the question.
    """

    chunk: Chunk
    score: float
    dense_rank: int | None = None
    keyword_rank: int | None = None
    sentence_rank: int | None = None


@dataclass(frozen=True, slots=True)
class Fusion:
    """How dense and keyword search are fused: by the weighted sum of ``1 / (k + rank)``.

    ``weights`` are those of dense and keyword search, ``depth`` is the number of entries of each,
    and ``top_k`` the number of hits.
    """

    weights: tuple[float, float]
    k: int
    depth: int
    top_k: int


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage that a statement rests on; ``quote`` is the document's text at ``start:end``.

    ``number`` is the mark in the answer, from 1; 0 for the closest passages of an answer that
    was not found.
    """

    number: int
    document_id: str
    title: str
    source: str
    start: int
    end: int
    quote: str
    document_sha256: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class QuotedBlock:
    """A paragraph, item, row or stretch of code (``kind``) of a statement that quotes several.

    ``start`` and ``end`` are offsets in the statement's text, without the marker of an item, which
    is ``number``. ``cells`` are the offsets of a row's cells, ``columns`` the names of its columns
    as the document has them, empty where nothing names them.
    """

    kind: str
    start: int
    end: int
    number: str = ""
    cells: tuple[tuple[int, int], ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that the answer says, with the numbers of the citations it rests on.

    ``highlight`` is the half-open span of ``text`` that answers, where there is one. ``blocks`` are
    those of a quote that has a list, rows or code; empty for running text.
    ``unsupported`` says, in words for people, why a language model's sentence is shown struck:
    no passage supports it. Empty for everything that was checked.
    ``item`` is the number of the list item that the statement belongs to, from 1; 0 outside lists.
    ``heading`` is the heading that a language model wrote above it. It states nothing itself.
    A statement of an unfinished answer that has neither is still being written.
    """

    text: str
    citations: tuple[int, ...]
    highlight: tuple[int, int] | None = None
    unsupported: str = ""
    item: int = 0
    heading: str = ""
    blocks: tuple[QuotedBlock, ...] = ()

    @property
    def shown(self) -> str:
        """The text, below the names of its columns if it is the row of a table."""
        columns = self.blocks[0].columns if self.blocks else ()
        return f"| {' | '.join(columns)} |\n{self.text}" if columns else self.text

    @property
    def runs(self) -> list[tuple[str, tuple[str, ...], list[QuotedBlock]]]:
        """The blocks in runs: their kind, the names of their columns, the blocks."""
        runs = groupby(self.blocks, lambda block: (block.kind, block.columns))
        return [(kind, columns, list(members)) for (kind, columns), members in runs]

    def marked(self, start: int, end: int) -> list[tuple[str, bool]]:
        """Return a stretch of the text in pieces, each with whether it is highlighted."""
        first, last = self.highlight or (end, end)
        borders = [start, min(max(first, start), end), min(max(last, start), end), end]
        pieces = [
            (self.text[begin:finish], place == 1)
            for place, (begin, finish) in enumerate(pairwise(borders))
        ]
        return [piece for piece in pieces if piece[0]]


EXTRACTIVE = "extractive"
"""The engine that quotes."""
GENERATIVE = "generative"
"""The engine that lets a language model write."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assistant says to a question, and what it rests on.

    ``timings`` are seconds by stage. ``closest`` contains the nearest passages when the status is
    ``not_found``. ``confidence`` is the probability that the first statement answers.
    ``notice`` is a sentence of the product's own, not of the documents (small talk, what was
    not found, what was left out); it carries no citation. ``engine`` is `EXTRACTIVE` or
    `GENERATIVE`; ``within`` is the path of the document or folder that was asked, empty for all.
    ``sentences_dropped`` counts the sentences of a language model that no passage supports,
    ``marks_dropped`` its citations of passages that do not exist.
    """

    question: str
    standalone_question: str
    status: Status
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    closest: tuple[Citation, ...] = ()
    engine: str = EXTRACTIVE
    notice: str = ""
    confidence: float | None = None
    within: str = ""
    timings: dict[str, float] = field(default_factory=dict)
    sentences_dropped: int = 0
    marks_dropped: int = 0

    @property
    def text(self) -> str:
        """The prose with its ``[n]`` marks, without what is unsupported; the notice if there is none."""
        text, heading = "", ""
        for group in self.groups:
            prose = " ".join(
                statement.shown + "".join(f" [{number}]" for number in statement.citations)
                for statement in group
                if not statement.unsupported
            )
            if prose and group[0].heading != heading:
                heading = group[0].heading
                text += f"\n\n## {heading}\n" if heading else ""
            if prose:
                text += f"\n- {prose}" if group[0].item else f"\n\n{prose}"
        return text.strip("\n") or self.notice

    @property
    def groups(self) -> list[list[Statement]]:
        """The statements in groups that stand apart: a list item, an alternative, or running text."""
        if self.are_alternatives:
            return [[statement] for statement in self.statements]
        apart = groupby(
            self.statements, lambda one: (one.heading, one.item, one.text if one.blocks else "")
        )
        return [list(group) for _, group in apart]

    @property
    def are_alternatives(self) -> bool:
        """Whether each statement is a possible answer of its own, to show apart from the others."""
        return self.status is Status.UNCERTAIN and self.engine == EXTRACTIVE

    @property
    def lead(self) -> str:
        """The words that introduce an uncertain answer; empty for any other."""
        return "This may answer it:" if self.status is Status.UNCERTAIN else ""

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON-ready values, ``text`` included."""
        return {**asdict(self), "status": self.status.value, "text": self.text}


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """A passage that was read for a question: where it was retrieved, and what became of it.

    ``citation`` is what would be quoted of it, with the number 0. Ranks count from 1, and are None
    where that search did not find the passage. ``misfit`` says why it cannot be a certain answer
    whatever its probability, and is empty if nothing speaks against it.
    """

    citation: Citation
    dense_rank: int | None
    keyword_rank: int | None
    probability: float
    misfit: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a question was looked for, what was read, and why it got this status.

    ``searched`` are the texts that were searched for, the one that was answered best first.
    ``passages`` are those read for it, the most probable first. ``parts`` explain the questions of a
    message that asks several things. ``held_back`` are the sentences of a language model that the
    check did not let through, each with its reason (``unsupported``).
    """

    question: str
    status: Status
    reason: str
    searched: tuple[str, ...]
    thresholds: "Thresholds"
    passages: tuple[ReadPassage, ...] = ()
    parts: tuple["Explanation", ...] = ()
    held_back: tuple["Statement", ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the explanation as JSON-ready values."""
        parts = [part.to_dict() for part in self.parts]
        return {**asdict(self), "status": self.status.value, "parts": parts}


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and the answer it got; a history is turns, oldest first."""

    question: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader said of an answer, with the question and what the answer rested on.

    ``helpful`` is None for a question that was kept because the documents do not answer it.
    ``time`` is UTC, in ISO 8601; ``answer`` is the prose with its ``[n]`` marks. ``unchecked``
    are the numbers of the citations that were not, when this was kept, the text of their
    documents: those had changed since, or the citations came back altered. ``within`` is the
    document or folder that was asked; empty for all.
    """

    id: str
    time: str
    question: str
    standalone_question: str
    helpful: bool | None
    comment: str
    status: Status
    answer: str
    citations: tuple[Citation, ...]
    unchecked: tuple[int, ...]
    engine: str
    within: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The record as JSON-ready values."""
        return {**asdict(self), "status": self.status.value}


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file of the corpus that could not be read, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReadingOutcome:
    """What became of a document that a worker was to read.

    A ``reason`` says why it was skipped, and ``is_lasting`` whether that stays so until the file
    changes. ``notes`` say what was left out of it, and ``embedded`` how many texts were embedded.
    """

    source: str
    reason: str = ""
    is_lasting: bool = True
    notes: str = ""
    embedded: int = 0


@dataclass(frozen=True, slots=True)
class CheckedDocument:
    """What was read of a file, and what a person should look at before relying on it.

    ``beginning`` are the first lines as they would be quoted. ``missing`` names the parts that
    could not be read, and the whole file if nothing could. ``decisions`` names what was left out on
    purpose and where the order of reading was inferred.
    """

    source: str
    media_type: str = ""
    title: str = ""
    characters: int = 0
    pages: int = 0
    tables: int = 0
    beginning: str = ""
    missing: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()

    @property
    def is_read(self) -> bool:
        """Whether there is a text."""
        return self.characters > 0


@dataclass(frozen=True, slots=True)
class SeenFile:
    """What was seen of a file when it was read: size, times and the hash of its bytes.

    ``modified`` is when its contents were changed, ``changed`` when anything of it was, both in
    nanoseconds since 1970 as the system gives them.
    """

    size: int
    modified: int
    changed: int
    sha256: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingestion did: documents by what became of them, chunks, skipped files, seconds.

    ``partly_read`` names what was left out of the documents that were read now, with the reasons.
    ``description_changed`` says whether ``corpus.toml`` said something else of the corpus as a
    whole than at the ingestion before.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    skipped: tuple[SkippedFile, ...] = ()
    chunks_embedded: int = 0
    chunks_total: int = 0
    seconds: float = 0.0
    description_changed: bool = False
    partly_read: tuple[SkippedFile, ...] = ()

    @property
    def documents_total(self) -> int:
        """How many documents the index holds now."""
        return len(self.added) + len(self.changed) + len(self.unchanged)


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What fetching the sources did: files by what became of them, and what could not be fetched.

    ``written`` are new and changed files, ``removed`` those that their source lacked twice in a row.
    """

    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    problems: tuple[SkippedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """What the index holds and whether the corpus has changed since.

    ``changes`` counts the documents that were added, changed and deleted;
    ``description_changed`` says whether ``corpus.toml`` says something else of the corpus as a
    whole.
    """

    corpus: str
    index: str
    documents: int
    chunks: int
    embedding_model: str
    bytes_on_disk: int
    last_ingestion: str | None
    stale: bool
    changes: dict[str, int]
    description_changed: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A span of a passage's text that may answer, and how likely it does.

    ``start`` and ``end`` are half-open offsets in the passage's text; ``probability`` is
    calibrated, between 0 and 1, and comparable between the passages of one question.
    """

    start: int
    end: int
    probability: float


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The probabilities from which a reading answers certainly, and from which it may answer.

    ``rival`` is how much more the log odds of a certain answer must be for each unit by which those
    of the likeliest other passage exceed the log odds of one in ten.
    """

    certain: float
    possible: float
    rival: float = 0.0


@dataclass(frozen=True, slots=True)
class WindowText:
    """A passage as it is read: ``header`` is the title and the headings above ``text``.

    Offsets of a reading are in ``text``.
    """

    header: str
    text: str

    @property
    def joined(self) -> str:
        """The header, then the text, for a reader that takes a passage as one."""
        return f"{self.header}\n{self.text}" if self.header else self.text

    def in_text(self, readings: Sequence[Reading]) -> tuple[Reading, ...]:
        """Return readings of `joined` as readings of ``text``, without those of the header."""
        shift = len(self.joined) - len(self.text)
        return tuple(
            Reading(max(reading.start - shift, 0), reading.end - shift, reading.probability)
            for reading in readings
            if reading.end > shift
        )


@dataclass(frozen=True, slots=True)
class PassageReading:
    """What was read in a passage, the most probable first.

    ``spans`` are the words that may answer, none of which overlap. ``evidence`` are the sentences,
    each with the probability that it shows the answer; empty if the reader does not judge them.
    """

    spans: tuple[Reading, ...] = ()
    evidence: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class StatementSupport:
    """How likely a passage supports a statement, contradicts it, or says neither; the sum is 1."""

    supported: float
    contradicted: float
    not_said: float


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document that is to be stated or shown; offsets in the document's text.

    ``highlight`` is the stretch within it that answers, where there is one.
    """

    document: Document
    start: int
    end: int
    highlight: tuple[int, int] | None = None

    @property
    def text(self) -> str:
        """The document's text at the offsets."""
        return self.document.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class CatalogState:
    """What an index was built with; ``generation`` is new with every commit.

    ``unread`` holds, by path, the mark of each file that could not be read, and why. ``corpus`` is
    what ``corpus.toml`` said of the corpus as a whole. ``has_sentences`` means that chunks have vectors
    of their sentences.
    """

    generation: str
    embedding_model: str
    dimension: int
    chunk_tokens: int
    chunk_overlap: int
    vectors: str
    seal: str
    ingested_at: str
    unread: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    corpus: CorpusInfo = field(default_factory=CorpusInfo)
    has_sentences: bool = False
