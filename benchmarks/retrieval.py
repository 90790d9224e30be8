"""Measures how chunk size, overlap and fusion change retrieval, on the labelled cases of the tests.

A hit is a chunk that covers the evidence whole. Run: ``python -m benchmarks.retrieval``
"""

import argparse
import itertools
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from assistant import Chunk, Document, Encoder
from assistant.evaluation import load_cases
from assistant.ingestion.pipeline import ingest
from assistant.ingestion.planning import BuildOptions
from assistant.models.bundled_encoder import BundledEncoder
from assistant.models.sentence_transformer import CachingEncoder
from assistant.retrieval.search import (
    DEPTH,
    Ranking,
    dense_search,
    keyword_search,
    reciprocal_rank_fusion,
)
from assistant.storage.embedded_store import EmbeddedStore, EmbeddedView

REPOSITORY = Path(__file__).parents[1]
CASES = REPOSITORY / "tests" / "evaluation"
CORPORA = {"article": REPOSITORY / "docs_corpus", "handbook": CASES / "handbook"}


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question and the quotes of which each is evidence enough."""

    question: str
    quotes: tuple[str, ...]


def labelled(name: str) -> list[Labelled]:
    """The single-turn cases of a set that name evidence."""
    return [
        Labelled(case.question, tuple(quote.quote for quote in case.expect.cites))
        for case in load_cases(CASES / f"{name}.eval.yaml").cases
        if case.question and case.expect.cites
    ]


def spans(document: Document, quote: str) -> Iterator[tuple[int, int]]:
    """Every place at which a quote stands."""
    start = document.text.find(quote)
    while start >= 0:
        yield start, start + len(quote)
        start = document.text.find(quote, start + 1)


def first_rank(ranking: Ranking, right: set[str]) -> int | None:
    """The rank, from 1, of the first chunk that covers evidence."""
    return next((rank for rank, (found, _) in enumerate(ranking, 1) if found in right), None)


def rank_all(
    view: EmbeddedView, cases: list[Labelled], encoder: Encoder, methods: dict[str, "Method"]
) -> dict[str, list[int | None]]:
    """For each method the rank of the evidence in each case."""
    chunks: list[tuple[Document, Chunk]] = []
    for summary in view.catalog.summaries():
        document = view.catalog.document(summary.id)
        assert document
        chunks += [(document, chunk) for chunk in view.catalog.document_chunks(summary.id)]
    ranks: dict[str, list[int | None]] = {name: [] for name in methods}
    for case in cases:
        right = {
            chunk.id
            for document, chunk in chunks
            for quote in case.quotes
            for start, end in spans(document, quote)
            if chunk.start <= start and end <= chunk.end
        }
        vector = encoder.encode([case.question])[0]
        dense = dense_search(view, vector, DEPTH)
        keyword = keyword_search(view.catalog, case.question, DEPTH)
        for name, method in methods.items():
            ranks[name].append(first_rank(method(dense, keyword), right))
    return ranks


Method = Callable[[Ranking, Ranking], Ranking]


def methods() -> dict[str, Method]:
    """Each list alone, and fusions with several constants and weights."""
    found: dict[str, Method] = {
        "dense": lambda dense, keyword: dense,
        "keyword": lambda dense, keyword: keyword,
    }
    for k, weight in itertools.product((5, 10, 30, 60), (0.5, 1.0, 2.0)):
        found[f"fused k={k} keyword×{weight}"] = lambda dense, keyword, k=k, weight=weight: (
            reciprocal_rank_fusion(  # type: ignore[misc]
                [dense, keyword], [1.0, weight], k
            )
        )
    return found


def figures(ranks: list[int | None]) -> list[str]:
    """Hit rate at 1, 4 and 8 and mean reciprocal rank."""
    hits = [f"{np.mean([rank is not None and rank <= k for rank in ranks]):.3f}" for k in (1, 4, 8)]
    return [*hits, f"{np.mean([1 / rank if rank else 0.0 for rank in ranks]):.3f}"]


def main() -> None:
    """Print a table for each corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[96, 128, 160, 192, 224, 254])
    parser.add_argument("--overlaps", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--size", type=int, default=128, help="chunk size for comparing fusions")
    arguments = parser.parse_args()
    encoder = CachingEncoder(BundledEncoder())
    built = [(size, overlap) for size in arguments.sizes for overlap in arguments.overlaps]
    for name, corpus in CORPORA.items():
        cases = labelled(name)
        table = Table(
            "chunk tokens", "overlap", "chunks", "method", "hit@1", "hit@4", "hit@8", "MRR"
        )
        for size, overlap in built:
            with tempfile.TemporaryDirectory() as folder:
                index = EmbeddedStore(Path(folder))
                ingest(corpus, index, encoder, BuildOptions(size, overlap, 10**8))
                with index.view() as view:
                    chosen = methods()
                    if size != arguments.size or overlap != 1:
                        chosen = {"fused": chosen["fused k=10 keyword×1.0"]}
                    count = view.catalog.count_chunks()
                    for method, ranks in rank_all(view, cases, encoder, chosen).items():
                        row = [str(size), str(overlap), str(count), method, *figures(ranks)]
                        table.add_row(*row)
                index.close()
        console = Console(width=110)
        console.print(f"{name}: {len(cases)} questions")
        console.print(table)


if __name__ == "__main__":
    main()
