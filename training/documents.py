"""Cut the written documents as the product does, and retrieve for each question what it would read."""

from __future__ import annotations

import hashlib
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.ingestion.chunking import chunk_document
from assistant.models.bundled_encoder import BundledEncoder
from assistant.reading.weighing import Commonness
from assistant.retrieval.search import DEPTH, RRF_K, SENTENCE_WEIGHTS
from assistant.storage.stemming import Stemmer
from assistant.text.sentences import sentences
from assistant.types import Chunk, Document
from training.data import Row, Spans, read_records, to_row
from training.negatives import BM25

CHUNK_TOKENS = (128, 192)
"""Documents are cut in both sizes in turn, so that the model does not learn one."""
GROUP = 10
"""Documents that a question is asked over, as in the everyday set."""
NEAR = 8
_HEADING = re.compile(r"^#{1,6} \S", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the windows that the product would read, unordered, and those that answer."""

    question: str
    answering: tuple[Row, ...]
    others: tuple[Row, ...]
    ranks: tuple[int, ...]
    """The rank, from 0, of each retrieved window in `windows`."""
    windows: tuple[Row, ...]
    coverages: tuple[float, ...]
    """The share of the question's weight that each window in `windows` has; see `Commonness`."""
    row: Row


def groups(rows: Sequence[Row], seed: int) -> list[list[Row]]:
    """Return the rows in groups of ten documents; siblings of a family are in one group."""
    names: dict[str, str] = {}
    for row in rows:
        names[row.context] = row.source
    families: dict[str, list[str]] = defaultdict(list)
    for context, kind in names.items():
        family = kind.split(":")[0] if kind.startswith("family ") else context
        families[family].append(context)
    order = sorted(families)
    random.Random(seed).shuffle(order)
    packed: list[list[str]] = [[]]
    for name in order:
        if len(packed[-1]) + len(families[name]) > GROUP:
            packed.append([])
        packed[-1] += families[name]
    place = {context: number for number, part in enumerate(packed) for context in part}
    made: list[list[Row]] = [[] for _ in packed]
    for row in rows:
        made[place[row.context]].append(row)
    return [part for part in made if part]


def read_written(path: Path) -> list[Row]:
    """Return the written questions; the source of a row is the kind of its text.

    The parts of an answer are marked by the id's ending, since all of them are evidence.
    """
    rows = []
    for record in read_records(path):
        row = to_row(record)
        spans = [
            (answer["start"], answer["start"] + len(answer["text"])) for answer in record["answers"]
        ]
        rows.append(replace(row, source=record["kind"], spans=tuple(sorted(set(spans)))))
    return rows


def asked_over(
    rows: Sequence[Row],
    encoder: BundledEncoder,
    size: int,
    seed: int,
    *,
    near: int = NEAR,
    asked: Sequence[Row] | None = None,
) -> list[Asked]:
    """Return what the product would read for the questions of one group of documents.

    ``size`` is the tokens of a chunk, ``near`` how many windows of a question are kept. ``asked``
    are the questions, those of the rows unless given; one about another document has no answer.
    """
    chunks, documents = _chunks(rows, encoder, size, seed)
    texts = [f"{chunk.heading}\n{chunk.text}" for chunk in chunks]
    vectors, parts = _embedded(chunks, texts, encoder)
    keyword = BM25(texts)
    common = _commonness(texts)
    sentences_of = {
        identifier: [(span.start, span.end) for span in sentences(document.text)]
        for identifier, document in documents.items()
    }
    made = []
    for row in rows if asked is None else asked:
        question = row.question.strip()
        vector = encoder.encode([question])[0]
        nearest = np.array([float((part @ vector).max()) for part in parts])
        order = _fused(vector @ vectors.T, nearest, keyword, question)
        one = _asked(row, question, order, chunks, documents, sentences_of, near)
        wanted, _ = common.weights(question)
        found = [f"{window.header}\n{window.context}" for window in one.windows]
        made.append(replace(one, coverages=tuple(common.coverages(wanted, found))))
    return made


def _commonness(texts: Sequence[str]) -> Commonness:
    """Return how rare words are among texts, as the product counts them."""
    stemmer = Stemmer()
    counts = Counter(stem for stems in stemmer.stems(texts) for stem in set(stems))
    return Commonness(
        stemmer, lambda stems: {stem: counts[stem] for stem in stems if stem in counts}, len(texts)
    )


def _embedded(
    chunks: Sequence[Chunk], texts: Sequence[str], encoder: BundledEncoder
) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
    """Return the vectors of chunks, and those of their sentences, as the product embeds them."""
    places = []
    for chunk, text in zip(chunks, texts, strict=True):
        before = len(text) - len(chunk.text)
        places.append([(before + one.start, before + one.end) for one in sentences(chunk.text)])
    return encoder.encode_sentences(texts, places)


def _fused(
    cosines: NDArray[np.float32], nearest: NDArray[np.float64], keyword: BM25, question: str
) -> list[int]:
    """Return the chunks as the product ranks them; see `hybrid_search`.

    ``nearest`` is the similarity of the nearest sentence of each chunk.
    """
    dense = np.argsort(-cosines, kind="stable").tolist()[:DEPTH]
    by_words = keyword.ranking(question)[:DEPTH]
    found = list(dict.fromkeys((*dense, *by_words)))
    by_sentence = sorted(found, key=lambda place: -nearest[place])
    scores: dict[int, float] = defaultdict(float)
    for weight, ranking in zip(SENTENCE_WEIGHTS, (dense, by_sentence, by_words), strict=True):
        for rank, place in enumerate(ranking, 1):
            scores[place] += weight / (RRF_K + rank)
    return sorted(scores, key=lambda place: (-scores[place], place))


def _chunks(
    rows: Sequence[Row], encoder: BundledEncoder, size: int, seed: int
) -> tuple[list[Chunk], dict[str, Document]]:
    draw = random.Random(seed)
    chunks: list[Chunk] = []
    documents: dict[str, Document] = {}
    for context in dict.fromkeys(row.context for row in rows):
        title = next(row.title for row in rows if row.context == context)
        has_headings = bool(_HEADING.search(context)) and draw.random() < 0.7
        media_type = "text/markdown" if has_headings else "text/plain"
        identifier = hashlib.sha256(context.encode()).hexdigest()[:16]
        document = Document(identifier, f"{identifier}.txt", title, context, "", media_type)
        documents[identifier] = document
        chunks += chunk_document(document, encoder.count_tokens, size, 1)
    return chunks, documents


def _asked(
    row: Row,
    question: str,
    order: Sequence[int],
    chunks: Sequence[Chunk],
    documents: dict[str, Document],
    sentences_of: dict[str, list[tuple[int, int]]],
    near: int,
) -> Asked:
    own = hashlib.sha256(row.context.encode()).hexdigest()[:16]
    answering, windows, ranks, others = [], [], [], []
    places = {place: rank for rank, place in enumerate(order)}
    for place, chunk in enumerate(chunks):
        spans = _inside(row.spans, chunk) if chunk.document_id == own else ()
        rank = places.get(place, 99)
        is_cut = not spans and chunk.document_id == own and _touches(row.spans, chunk)
        if is_cut or (not spans and rank >= near):
            continue
        window = replace(
            row,
            question=question,
            context=chunk.text,
            header=chunk.heading,
            title=documents[chunk.document_id].title,
            answers=row.answers if spans else (),
            spans=spans,
            evidence=_sentences_with(spans, sentences_of[chunk.document_id], chunk),
        )
        if spans:
            answering.append(window)
        elif not any(text.lower() in chunk.text.lower() for text in row.answers):
            others.append((rank, window))
        if rank < near:
            windows.append(window)
            ranks.append(rank)
    others.sort(key=lambda pair: pair[0])
    return Asked(
        question,
        tuple(answering),
        tuple(window for _, window in others),
        tuple(ranks),
        tuple(windows),
        (),
        row,
    )


def _inside(spans: Iterable[tuple[int, int]], chunk: Chunk) -> Spans:
    """Return the spans that the chunk has whole, in its own characters."""
    return tuple(
        (start - chunk.start, end - chunk.start)
        for start, end in spans
        if chunk.start <= start and end <= chunk.end
    )


def _touches(spans: Iterable[tuple[int, int]], chunk: Chunk) -> bool:
    return any(start < chunk.end and chunk.start < end for start, end in spans)


def _sentences_with(spans: Spans, bounds: Sequence[tuple[int, int]], chunk: Chunk) -> Spans:
    """Return the sentences of the chunk in which a span lies."""
    found = set()
    for start, end in bounds:
        first, last = max(start - chunk.start, 0), min(end - chunk.start, len(chunk.text))
        if first < last and any(left < last and first < right for left, right in spans):
            found.add((first, last))
    return tuple(sorted(found))
