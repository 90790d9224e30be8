"""Summarize documents, or what they say of a topic, with their most central sentences.

A sentence is central if it is like many others (Erkan, Radev: LexRank, JAIR 2004, here with the
mean cosine in place of the eigenvector). One that is like a chosen one is passed over (maximal
marginal relevance: Carbonell, Goldstein, SIGIR 1998). A summary of documents covers their parts:
each stretch of them contributes its most central sentence.
"""

from collections.abc import Callable, Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.protocols import Encoder
from assistant.reading.documents_meant import documents_meant, is_named
from assistant.retrieval.search import hybrid_search
from assistant.session import Session
from assistant.text.headings import is_heading
from assistant.text.leaning import leans
from assistant.text.sentences import sentences, whole_sentences
from assistant.text.steering import has_order
from assistant.types import Chunk, Document, Passage
from assistant.understanding.intents import Intent

MAX_SENTENCES = 5
MAX_WORDS = 160
MAX_CHUNKS = 24
"""Chunks whose sentences are compared; of a larger corpus, the most central ones."""
_NOVELTY = 0.5
_SAME = 0.75
_FEWEST_WORDS, _MOST_WORDS = 7, 45
_OPENING_BONUS = 0.06
_LEANING_MALUS = 0.5
"""A sentence that leans on the one before is quoted only where a part has no other."""
_CHUNKS_OF_LARGEST_SUMMARY = 2000
_TOPIC_CLOSENESS = 0.35


def chunks_to_summarize(session: Session, intent: Intent) -> tuple[list[Chunk], str]:
    """Return the chunks to summarize, and the topic to weigh them by if it is not whole documents.

    Nothing is returned for a name that no document has.
    """
    catalog = session.view.catalog
    if intent.topic:
        meant = [one for one in catalog.summaries() if is_named(intent.topic, one)]
        if not meant:
            return ([], "") if intent.names_document else _topic_chunks(session, intent.topic)
    else:
        meant = documents_meant(session, (), intent.noun)
    chunks: list[Chunk] = []
    for summary in meant:
        chunks += catalog.document_chunks(summary.id)
        if len(chunks) > _CHUNKS_OF_LARGEST_SUMMARY:
            break
    return central_chunks(chunks, session.vectors_of(chunks)), ""


def _topic_chunks(session: Session, topic: str) -> tuple[list[Chunk], str]:
    vector = session.encoder.encode([topic])[0]
    hits = hybrid_search(session.view, topic, vector, session.top_k)
    vectors = session.vectors_of([hit.chunk for hit in hits])
    near = [hit.chunk for hit in hits if float(vectors[hit.chunk.id] @ vector) >= _TOPIC_CLOSENESS]
    return near, topic


def central_chunks(
    chunks: Sequence[Chunk], vectors: dict[str, NDArray[np.float32]], limit: int = MAX_CHUNKS
) -> list[Chunk]:
    """The chunks nearest to the mean of all, in their order."""
    chosen = {chunk.id for chunk in by_centrality(chunks, vectors)[:limit]}
    return [chunk for chunk in chunks if chunk.id in chosen]


def by_centrality(chunks: Sequence[Chunk], vectors: dict[str, NDArray[np.float32]]) -> list[Chunk]:
    """The chunks with a vector, the nearest to the mean of all first."""
    known = [chunk for chunk in chunks if chunk.id in vectors]
    if not known:
        return []
    matrix = np.stack([vectors[chunk.id] for chunk in known])
    closeness = matrix @ matrix.mean(axis=0)
    return [known[row] for row in np.argsort(-closeness, kind="stable").tolist()]


def digest(
    chunks: Sequence[Chunk],
    document: Callable[[str], Document],
    encoder: Encoder,
    topic: str = "",
    limit: int = MAX_SENTENCES,
    said: Collection[tuple[str, int, int]] = (),
) -> list[Passage]:
    """Return up to ``limit`` central sentences of the chunks in document order, no two alike.

    Without a topic, they are taken from as many stretches of about the same length. With one,
    sentences are weighed by their closeness to it. Those that were ``said`` are left out.
    """
    candidates = [
        one
        for one in _candidates(chunks, document)
        if (one.document.id, one.start, one.end) not in said
    ]
    if not candidates:
        return []
    vectors = encoder.encode(
        [*(passage.text for passage in candidates), *([topic] if topic else [])]
    )
    sentence_vectors = vectors[: len(candidates)]
    similarity = sentence_vectors @ sentence_vectors.T
    scores = similarity.mean(axis=1)
    if topic:
        scores = 0.3 * scores + 0.7 * (sentence_vectors @ vectors[-1])
    scores = scores + np.array([_form(passage) for passage in candidates])
    order = sorted(
        range(len(candidates)),
        key=lambda row: (candidates[row].document.source, candidates[row].start),
    )
    parts = [order] if topic else [part.tolist() for part in np.array_split(order, limit)]
    chosen = _diverse(candidates, scores, similarity, limit, parts)
    return sorted(chosen, key=lambda passage: (passage.document.source, passage.start))


def _candidates(chunks: Sequence[Chunk], document: Callable[[str], Document]) -> list[Passage]:
    found: dict[tuple[str, int, int], Passage] = {}
    for chunk in chunks:
        of = document(chunk.document_id)
        for sentence in sentences(chunk.text):
            start, end = chunk.start + sentence.start, chunk.start + sentence.end
            span = whole_sentences(of, start, end)
            length = len(of.text[span.start : span.end].split())
            passage = Passage(of, span.start, span.end)
            is_sentence = _FEWEST_WORDS <= length <= _MOST_WORDS and not is_heading(of, span)
            if is_sentence and not has_order(passage):
                found[of.id, span.start, span.end] = passage
    return list(found.values())


def _form(passage: Passage) -> float:
    """A bonus for standing early, a malus for leaning on the sentence before."""
    early = _OPENING_BONUS * (1.0 - passage.start / max(1, len(passage.document.text)))
    return early - (_LEANING_MALUS if leans(passage.text) else 0.0)


def _diverse(
    candidates: Sequence[Passage],
    scores: NDArray[np.float32],
    similarity: NDArray[np.float32],
    limit: int,
    parts: Sequence[Sequence[int]],
) -> list[Passage]:
    """Return the best candidates, one of each part in turn, as long as all together stay short."""
    chosen: list[int] = []
    words = 0
    for turn in range(limit):
        part = parts[turn % len(parts)]
        nearest = similarity[:, chosen].max(axis=1) if chosen else np.zeros(len(candidates))
        marginal = np.where(
            nearest > _SAME, -np.inf, scores - _NOVELTY * np.maximum(nearest, 0) ** 2
        )
        marginal[chosen] = -np.inf
        best = max(part, key=lambda row: float(marginal[row]), default=None)
        if best is None or not np.isfinite(marginal[best]):
            continue
        words += len(candidates[best].text.split())
        if chosen and words > MAX_WORDS:
            break
        chosen.append(best)
    return [candidates[row] for row in chosen]
