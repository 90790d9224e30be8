"""Summarize documents, or what they say of a topic, with their most central sentences.

A sentence is central if it is like many others (Erkan, Radev: LexRank, JAIR 2004, here with the
mean cosine in place of the eigenvector). One that is like a chosen one is passed over (maximal
marginal relevance: Carbonell, Goldstein, SIGIR 1998). A summary of documents covers their parts:
each stretch of them contributes its most central sentence.
"""

from collections.abc import Callable, Collection, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from assistant.protocols import Encoder
from assistant.reading.documents_meant import documents_meant, is_named
from assistant.retrieval.search import hybrid_search
from assistant.session import Session
from assistant.text.blocks import LIST_ITEM
from assistant.text.headings import is_heading
from assistant.text.leaning import points_back
from assistant.text.sentences import sentences, whole_sentences
from assistant.text.steering import has_order
from assistant.text.table_structure import is_row
from assistant.types import Chunk, Document, Passage
from assistant.understanding.intents import Intent

MAX_SENTENCES = 5
MAX_WORDS = 160
MAX_CHUNKS = 24
"""Chunks whose sentences are compared; of a larger corpus, the most central ones."""
_NOVELTY = 0.5
_SAME = 0.75
_FEWEST_WORDS, _MOST_WORDS = 7, 45
_WORDS_OF_SENTENCE = 12
_OPENING_BONUS = 0.06
_LEANING_MALUS = 0.5
"""A sentence that points back to others is quoted only where there are too few that do not."""
_ITEM_MALUS = 0.15
_MOST_DOCUMENTS = 200
"""Documents of a summary. Of each, at least its most central chunk is looked at."""
_TOPIC_CLOSENESS = 0.35


def sentences_for(words: int) -> int:
    """Return the number of sentences that a summary of so many words may have; of 0, the usual one."""
    return max(1, words // _WORDS_OF_SENTENCE) if words else MAX_SENTENCES


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
    share = max(1, MAX_CHUNKS // max(1, len(meant)))
    for count, summary in enumerate(meant):
        of_document = catalog.document_chunks(summary.id)
        chunks += central_chunks(of_document, session.vectors_of(of_document), share)
        if count == _MOST_DOCUMENTS:
            break
    return chunks, ""


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
    most_words: int = MAX_WORDS,
    said: Collection[tuple[str, int, int]] = (),
) -> list[Passage]:
    """Return up to ``limit`` central sentences of the chunks in document order, no two alike.

    Together they have at most ``most_words``, unless the first has more. Without a topic, they are
    taken from each document in turn, or of one from as many stretches of about the same length. With
    a topic, sentences are weighed by their closeness to it. Those that were ``said`` are left out.
    """
    candidates = [
        one
        for one in _candidates(chunks, document)
        if (one.document.id, one.start, one.end) not in said
    ]
    whole = [one for one in candidates if not points_back(one.text)]
    candidates = whole if len(whole) >= limit else candidates
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
    parts = [order] if topic else _parts(candidates, order, limit)
    chosen = _diverse(candidates, scores, similarity, (limit, most_words), parts)
    return sorted(chosen, key=lambda passage: (passage.document.source, passage.start))


def _parts(candidates: Sequence[Passage], order: Sequence[int], limit: int) -> list[list[int]]:
    """Return the rows of each document, or of as many stretches of a single one."""
    documents = [
        list(rows) for _, rows in groupby(order, key=lambda row: candidates[row].document.id)
    ]
    if len(documents) > 1:
        return documents
    return [part.tolist() for part in np.array_split(order, limit)]


def _candidates(chunks: Sequence[Chunk], document: Callable[[str], Document]) -> list[Passage]:
    found: dict[tuple[str, int, int], Passage] = {}
    for chunk in chunks:
        of = document(chunk.document_id)
        for sentence in sentences(chunk.text):
            start, end = chunk.start + sentence.start, chunk.start + sentence.end
            span = whole_sentences(of, start, end)
            length = len(of.text[span.start : span.end].split())
            passage = Passage(of, span.start, span.end)
            is_short = _FEWEST_WORDS <= length <= _MOST_WORDS
            is_apart = is_heading(of, span) or is_row(of.text, span)
            if is_short and not is_apart and not has_order(passage):
                found[of.id, span.start, span.end] = passage
    return list(found.values())


def _form(passage: Passage) -> float:
    """A bonus for standing early, a malus for pointing back to other sentences and for an item."""
    text = passage.document.text
    early = _OPENING_BONUS * (1.0 - passage.start / max(1, len(text)))
    item = LIST_ITEM.match(text, text.rfind("\n", 0, passage.start) + 1)
    of_list = _ITEM_MALUS if item and item.end() >= passage.start else 0.0
    return early - of_list - (_LEANING_MALUS if points_back(passage.text) else 0.0)


def _diverse(
    candidates: Sequence[Passage],
    scores: NDArray[np.float32],
    similarity: NDArray[np.float32],
    length: tuple[int, int],
    parts: Sequence[Sequence[int]],
) -> list[Passage]:
    """Return the best candidates, one of each part in turn, as long as all together stay short."""
    chosen: list[int] = []
    words = 0
    limit, most_words = length
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
        if chosen and words > most_words:
            break
        chosen.append(best)
    return [candidates[row] for row in chosen]
