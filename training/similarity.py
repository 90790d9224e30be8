"""Fits the logistic regression of the similarity reader (``assistant/reading/similarity_reader.py``).

Paragraphs of some SQuAD articles are indexed as documents of one corpus; questions about them,
questions about other articles and adversarial ones are asked of it. A sentence is a positive if
it holds the answer in the right paragraph. Prints the coefficients, and figures on articles that
were not fitted on.
"""

import argparse
import gzip
import json
import random
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.ingestion.pipeline import ingest
from assistant.ingestion.planning import BuildOptions
from assistant.models.sentence_transformer import SentenceTransformerEncoder
from assistant.reading.similarity_reader import SimilarityReader
from assistant.reading.weighing import Commonness
from assistant.retrieval.search import hybrid_search
from assistant.storage.embedded_store import EmbeddedStore
from assistant.storage.stemming import Stemmer
from assistant.text.sentences import sentences

Row = dict[str, Any]
TOP_K = 8


def read_rows(path: Path) -> list[Row]:
    """The rows of the data set that come from encyclopedia articles."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [row for row in rows if row["source"].startswith("squad")]


def sample(
    rows: list[Row], articles: int, questions: int, seed: int
) -> tuple[list[str], list[Row]]:
    """Contexts of some articles; questions about them (or unanswerable) and as many about others."""
    chooser = random.Random(seed)
    titles = sorted({row["title"] for row in rows})
    inside = set(chooser.sample(titles, min(articles, len(titles) - 1)))
    contexts = sorted({row["context"] for row in rows if row["title"] in inside})
    about = [row for row in rows if row["title"] in inside]
    other = [
        {**row, "answers": [], "elsewhere": True} for row in rows if row["title"] not in inside
    ]
    return contexts, chooser.sample(about, questions) + chooser.sample(other, questions // 2)


def build(contexts: list[str], folder: Path, encoder: SentenceTransformerEncoder) -> EmbeddedStore:
    """An index of the contexts, a document each."""
    corpus = folder / "corpus"
    corpus.mkdir(parents=True)
    for number, context in enumerate(contexts):
        (corpus / f"{number:05}.txt").write_text(context, encoding="utf-8")
    index = EmbeddedStore(folder / "index")
    ingest(corpus, index, encoder, BuildOptions(160, 0, 10**7))
    return index


def features(
    rows: list[Row], index: EmbeddedStore, encoder: SentenceTransformerEncoder
) -> tuple[NDArray[np.float64], NDArray[np.int64], list[int]]:
    """Features and labels of all sentences read for the questions, and how many each question has."""
    matrices, labels, counts = [], [], []
    with index.view() as view:
        stemmer, catalog = Stemmer(), view.catalog
        common = Commonness(stemmer, catalog.document_frequencies, catalog.count_chunks())
        reader = SimilarityReader(encoder, stemmer, common)
        for row in rows:
            question = row["question"]
            hits = hybrid_search(view, question, encoder.encode([question])[0], TOP_K)
            passages = [hit.chunk.text for hit in hits]
            spans = [sentences(passage) for passage in passages]
            matrices.append(reader.features(question, passages, spans))
            answers = {answer["text"] for answer in row["answers"]}
            found = [
                int(
                    passage in row["context"]
                    and any(a in passage[s.start : s.end] for a in answers)
                )
                for passage, some in zip(passages, spans, strict=True)
                for s in some
            ]
            labels.extend(found)
            counts.append(len(found))
    return np.concatenate(matrices), np.array(labels), counts


def report(
    name: str,
    probabilities: NDArray[np.float64],
    labels: NDArray[np.int64],
    counts: list[int],
    rows: list[Row],
) -> None:
    """Right sentence first, and how well the best probability tells answerable from not."""
    best, right, answerable, elsewhere = [], [], [], []
    position = 0
    for row, count in zip(rows, counts, strict=True):
        part = slice(position, position + count)
        position += count
        top = int(np.argmax(probabilities[part]))
        best.append(float(probabilities[part][top]))
        answerable.append(bool(row["answers"]))
        elsewhere.append(bool(row.get("elsewhere")))
        if row["answers"]:
            right.append(int(labels[part][top]))
    easy = [n for n in range(len(rows)) if answerable[n] or elsewhere[n]]
    print(
        f"{name}: right sentence first {np.mean(right):.3f} of {len(right)}; AUROC answerable "
        f"{roc_auc_score(answerable, best):.3f}, against other articles only "
        f"{roc_auc_score([answerable[n] for n in easy], [best[n] for n in easy]):.3f}"
    )
    for threshold in (0.1, 0.2, 0.3, 0.4, 0.5):
        kept = np.mean([b >= threshold for b, a in zip(best, answerable, strict=True) if a])
        false = np.mean([b >= threshold for b, e in zip(best, elsewhere, strict=True) if e])
        print(
            f"  threshold {threshold}: answerable answered {kept:.3f}, other articles answered {false:.3f}"
        )


def main() -> None:
    """Fit on the training articles, report on the validation articles."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with train and validation")
    parser.add_argument("--questions", type=int, default=800)
    arguments = parser.parse_args()
    encoder = SentenceTransformerEncoder()
    fitted: LogisticRegression | None = None
    for name, articles in (("train", 12), ("validation", 6)):
        rows = read_rows(arguments.data / f"{name}.jsonl.gz")
        contexts, asked = sample(rows, articles, arguments.questions, seed=1)
        with tempfile.TemporaryDirectory() as folder:
            index = build(contexts, Path(folder), encoder)
            matrix, labels, counts = features(asked, index, encoder)
            index.close()
        if fitted is None:
            fitted = LogisticRegression(C=10.0, max_iter=1000).fit(matrix, labels)
            names = ("cosine", "coverage", "passage_coverage", "unknown", "kind")
            print(
                f"bias={fitted.intercept_[0]:.3f}",
                *(f"{n}={c:.3f}" for n, c in zip(names, fitted.coef_[0], strict=True)),
            )
        report(name, fitted.predict_proba(matrix)[:, 1], labels, counts, asked)


if __name__ == "__main__":
    main()
