"""Find the quotes of cases in the documents, as spans that do not depend on the chunking."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.types import Document

COVERAGE = 0.5
"""The share of an evidence span that a chunk must contain to count as a hit."""

_ALIKE = ("'‘’‚‛`´", '"“”„‟«»', "-‐‑‒–—−")
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?]+|\n|$)")
_WORD = re.compile(r"\w+")
_LONGEST_SUGGESTION = 240


@dataclass(frozen=True, slots=True)
class DocumentSpan:
    """A half-open stretch of a document's text, in characters."""

    document_id: str
    start: int
    end: int

    def overlap(self, other: "DocumentSpan") -> int:
        """Return how many characters both spans share; 0 for different documents."""
        if self.document_id != other.document_id:
            return 0
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    @property
    def length(self) -> int:
        """Characters of the span."""
        return self.end - self.start


Need = tuple[DocumentSpan, ...]
"""What an answer must rest on: spans of which any suffices."""


def covers(chunk: DocumentSpan, evidence: DocumentSpan, share: float = COVERAGE) -> bool:
    """Return whether a chunk contains at least ``share`` of an evidence span."""
    return evidence.length > 0 and chunk.overlap(evidence) >= share * evidence.length


def cites(citation: DocumentSpan, evidence: DocumentSpan, share: float = COVERAGE) -> bool:
    """Return whether a citation and an evidence span share at least ``share`` of the shorter.

    The shorter counts because an editor may label two words of a sentence that is cited whole,
    or three sentences of which one is cited.
    """
    shorter = min(citation.length, evidence.length)
    return shorter > 0 and citation.overlap(evidence) >= share * shorter


def covered_needs(chunk: DocumentSpan, needs: Sequence[Need]) -> frozenset[int]:
    """Return the positions of the needs of which the chunk covers a span."""
    return frozenset(
        place for place, need in enumerate(needs) if any(covers(chunk, span) for span in need)
    )


def is_evidence(citation: DocumentSpan, needs: Iterable[Need]) -> bool:
    """Return whether a citation matches any evidence span."""
    return any(cites(citation, span) for need in needs for span in need)


@dataclass(frozen=True, slots=True)
class Nearby:
    """The passage closest to a quote that was not found."""

    source: str
    line: int
    text: str


class DocumentTexts:
    """The documents of an index, searched for quotes."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._documents = {document.id: document for document in documents}

    def __getitem__(self, document_id: str) -> Document:
        return self._documents[document_id]

    @property
    def sources(self) -> list[str]:
        """The documents' paths below the corpus."""
        return [document.source for document in self._documents.values()]

    def locate(self, quote: str, source: str | None = None) -> list[DocumentSpan]:
        """Return every occurrence of a quote, with exact offsets.

        Runs of white space match each other, and so do variants of quotation marks, apostrophes
        and dashes. ``source`` limits the search to one document.
        """
        pattern = _pattern(quote)
        return [
            DocumentSpan(document.id, match.start(), match.end())
            for document in self._among(source)
            for match in pattern.finditer(document.text)
        ]

    def nearest(self, quote: str, source: str | None = None) -> Nearby | None:
        """Return the passage with the most words of a quote, the shortest of equals; None without any."""
        wanted = _word_set(quote)
        sentences = max(1, len(_SENTENCE.findall(quote)))
        best: tuple[tuple[int, int], Document, int, int] | None = None
        for document in self._among(source):
            for start, end in _windows(document.text, sentences):
                present = _word_set(document.text[start:end])
                score = len(wanted & present), -len(present)
                if score[0] and (best is None or score > best[0]):
                    best = (score, document, start, end)
        if best is None:
            return None
        _, document, start, end = best
        text = " ".join(document.text[start:end].split())
        if len(text) > _LONGEST_SUGGESTION:
            text = text[:_LONGEST_SUGGESTION].rsplit(" ", 1)[0] + " …"
        return Nearby(document.source, document.line_at(start), text)

    def _among(self, source: str | None) -> Iterator[Document]:
        for document in self._documents.values():
            if source is None or document.source == source:
                yield document


def _pattern(quote: str) -> re.Pattern[str]:
    return re.compile(r"\s+".join("".join(map(_alike, word)) for word in quote.split()))


def _alike(character: str) -> str:
    for kinds in _ALIKE:
        if character in kinds:
            return f"[{re.escape(kinds)}]"
    return re.escape(character)


def _word_set(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}


def _windows(text: str, sentences: int) -> Iterator[tuple[int, int]]:
    """Yield runs of that many sentences, split roughly, without the white space around them."""
    found = [match.span() for match in _SENTENCE.finditer(text) if match.group().strip()]
    for first in range(max(1, len(found) - sentences + 1) if found else 0):
        last = min(first + sentences, len(found)) - 1
        start, end = found[first][0], found[last][1]
        stripped = text[start:end].lstrip()
        start = end - len(stripped)
        yield start, start + len(stripped.rstrip())
