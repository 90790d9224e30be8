"""Dense and keyword search and their fusion, as pure functions over one view of the index."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from assistant.protocols import CatalogSnapshot, FusingView, StoreView
from assistant.storage.schema import vector_id
from assistant.text.words import query_words
from assistant.types import Chunk, Fusion, Hit

Ranking = list[tuple[str, float]]
"""Chunk ids with scores, best first."""

RRF_K = 5
"""Constant of reciprocal rank fusion; the original paper's 60 is for lists of a thousand."""
FUSION_WEIGHTS = (2.0, 1.0)
"""The weights of dense and keyword search. Everyday questions share few words with their passages."""
SENTENCE_WEIGHTS = (1.0, 2.0, 1.0)
"""The weights of dense search, of the nearest sentence and of keyword search."""
DEPTH = 50
"""The number of entries of each ranking that are fused."""


def dense_search(view: StoreView, vector: NDArray[np.float32], limit: int) -> Ranking:
    """Return the nearest chunks by cosine similarity, further copies of a text after all others.

    Chunks with the same text share one vector, so that copies never displace other texts.
    """
    nearest = view.nearest(vector, limit)
    chunks = view.catalog.chunks_of_vectors([identifier for identifier, _ in nearest])
    firsts = [(chunks[identifier][0].id, score) for identifier, score in nearest]
    copies = [
        (chunk.id, score) for identifier, score in nearest for chunk in chunks[identifier][1:]
    ]
    return (firsts + copies)[:limit]


def keyword_search(catalog: CatalogSnapshot, question: str, limit: int) -> Ranking:
    """Return the chunks with the best BM25 scores for the question's content words."""
    return catalog.keyword_search(query_words(question), limit)


def reciprocal_rank_fusion(
    rankings: Sequence[Ranking], weights: Sequence[float] | None = None, k: int = RRF_K
) -> Ranking:
    """Fuse rankings by the weighted sum of ``1 / (k + rank)``, ranks from 1.

    Cormack, Clarke, Büttcher: Reciprocal Rank Fusion outperforms Condorcet and individual Rank
    Learning Methods. SIGIR 2009. Ties keep the order of the first ranking with the entry.
    """
    weights = weights or [1.0] * len(rankings)
    scores: dict[str, float] = {}
    for ranking, weight in zip(rankings, weights, strict=True):
        for rank, (identifier, _) in enumerate(ranking, start=1):
            scores[identifier] = scores.get(identifier, 0.0) + weight / (k + rank)
    return sorted(scores.items(), key=lambda entry: -entry[1])


def hybrid_search(
    view: StoreView, question: str, vector: NDArray[np.float32], top_k: int
) -> list[Hit]:
    """Return the ``top_k`` best chunks, best first: by dense and keyword search and their sentences.

    The sentences of what either search finds are compared with the question too, where the index has
    their vectors: a chunk about many things has one sentence that answers.
    """
    depth = max(DEPTH, top_k)
    hits = _fused(view, question, vector, Fusion(FUSION_WEIGHTS, RRF_K, depth, 2 * depth))
    return _by_sentences(view, hits, vector)[:top_k]


def _fused(
    view: StoreView, question: str, vector: NDArray[np.float32], fusion: Fusion
) -> list[Hit]:
    if isinstance(view, FusingView):
        return view.fused(query_words(question), vector, fusion)
    dense = dense_search(view, vector, fusion.depth)
    keyword = keyword_search(view.catalog, question, fusion.depth)
    fused = reciprocal_rank_fusion([dense, keyword], fusion.weights, fusion.k)[: fusion.top_k]
    chunks = view.catalog.chunks([identifier for identifier, _ in fused])
    return to_hits(fused, chunks, dense, keyword)


def _by_sentences(view: StoreView, hits: Sequence[Hit], vector: NDArray[np.float32]) -> list[Hit]:
    """Return hits fused with the rank of their nearest sentences, or as they are without vectors."""
    ids = [vector_id(hit.chunk) for hit in hits]
    found = view.catalog.sentence_vectors(list(dict.fromkeys(ids)))
    if not found:
        return list(hits)
    nearest = {identifier: float((one @ vector).max()) for identifier, one in found.items()}
    order = sorted(
        (place for place, identifier in enumerate(ids) if identifier in nearest),
        key=lambda place: -nearest[ids[place]],
    )
    ranks = {place: rank for rank, place in enumerate(order, start=1)}
    ranked = [
        replace(hit, sentence_rank=rank, score=_score(hit.dense_rank, rank, hit.keyword_rank))
        for place, hit in enumerate(hits)
        for rank in [ranks.get(place)]
    ]
    return sorted(ranked, key=lambda hit: -hit.score)


def _score(*ranks: int | None) -> float:
    """Return the reciprocal ranks of a chunk, weighted and added up."""
    pairs = zip(SENTENCE_WEIGHTS, ranks, strict=True)
    return sum(weight / (RRF_K + rank) for weight, rank in pairs if rank is not None)


def exact_search(catalog: CatalogSnapshot, terms: Sequence[str], limit: int = 4) -> list[Chunk]:
    """Return the best chunks for each term, searched as a phrase.

    "KX-20A" matches the words "KX" and "20A" in this order. The caller must compare the signs
    between them.
    """
    found = [
        identifier for term in terms for identifier, _ in catalog.keyword_search([term], limit)
    ]
    chunks = catalog.chunks(found)
    return [chunks[identifier] for identifier in dict.fromkeys(found) if identifier in chunks]


def to_hits(
    fused: Ranking, chunks: Mapping[str, Chunk], dense: Ranking, keyword: Ranking
) -> list[Hit]:
    """Return hits in fused order, with the rank in each of the two rankings."""
    dense_ranks = {identifier: rank for rank, (identifier, _) in enumerate(dense, start=1)}
    keyword_ranks = {identifier: rank for rank, (identifier, _) in enumerate(keyword, start=1)}
    return [
        Hit(
            chunk=chunks[identifier],
            score=score,
            dense_rank=dense_ranks.get(identifier),
            keyword_rank=keyword_ranks.get(identifier),
        )
        for identifier, score in fused
        if identifier in chunks
    ]
