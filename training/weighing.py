"""Fits how a reading is weighed with what question and passage share (``reading/weighing.py``).

As ``training/similarity.py``: paragraphs of some articles are indexed, questions about them, about
other articles and adversarial ones are asked, the passages read. Fitted on half of the validation
articles, which the reading model was not trained on, and reported on the other half.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.models.bundled_reader import BundledReader
from assistant.models.sentence_transformer import SentenceTransformerEncoder
from assistant.reading.weighing import Commonness, likenesses, log_odds, sentence_around
from assistant.retrieval.search import hybrid_search
from assistant.storage.index import Index
from assistant.storage.stemming import Stemmer
from assistant.types import WindowText
from training.similarity import TOP_K, Row, build, read_rows, sample


def features(
    rows: list[Row], index: Index, encoder: SentenceTransformerEncoder
) -> tuple[NDArray[np.float64], NDArray[np.int64], list[int]]:
    """Log odds, coverage, unknown share, likeness and label of each passage's best reading.

    The last value is how many passages each question has.
    """
    reader = BundledReader()
    matrix, labels, counts = [], [], []
    with index.view() as view:
        catalog = view.catalog
        common = Commonness(Stemmer(), catalog.document_frequencies, catalog.count_chunks())
        for row in rows:
            question = row["question"]
            hits = hybrid_search(view, question, encoder.encode([question])[0], TOP_K)
            windows = [WindowText(hit.chunk.heading, hit.chunk.text) for hit in hits]
            passages = [hit.chunk.text for hit in hits]
            wanted, unknown = common.weights(question)
            covered = common.coverages(wanted, [window.joined for window in windows])
            answers = {answer["text"] for answer in row["answers"]}
            read = [found.spans for found in reader.read(question, windows)]
            said = [
                sentence_around(text, found[0]) for text, found in zip(passages, read, strict=True)
            ]
            cosines = likenesses(encoder, question, said)
            for hit, text, share, found, cosine in zip(
                hits, passages, covered, read, cosines, strict=True
            ):
                matrix.append([log_odds(found[0].probability), share, unknown, cosine])
                span = text[found[0].start : found[0].end]
                same = hit.chunk.text in row["context"]
                labels.append(int(same and any(a in span or span in a for a in answers)))
            counts.append(len(hits))
    return np.array(matrix), np.array(labels), counts


def report(
    name: str,
    scores: NDArray[np.float64],
    labels: NDArray[np.int64],
    counts: list[int],
    rows: list[Row],
) -> None:
    """Right passage and span first, and how well the best score tells what can be answered."""
    starts = np.cumsum([0, *counts])
    tops = [
        start + int(np.argmax(scores[start : start + n]))
        for start, n in zip(starts, counts, strict=False)
    ]
    best = [float(scores[top]) for top in tops]
    answerable = [bool(row["answers"]) for row in rows]
    easy = [n for n, row in enumerate(rows) if row["answers"] or row.get("elsewhere")]
    right = np.mean([labels[top] for top, is_in in zip(tops, answerable, strict=True) if is_in])
    print(
        f"{name}: right first {right:.3f}; AUROC all {roc_auc_score(answerable, best):.3f}, against "
        f"other articles {roc_auc_score([answerable[n] for n in easy], [best[n] for n in easy]):.3f}"
    )
    for threshold in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
        groups = (
            [bool(row["answers"]) for row in rows],
            [not row["answers"] and not row.get("elsewhere") for row in rows],
            [bool(row.get("elsewhere")) for row in rows],
        )
        shares = [
            np.mean([b >= threshold for b, is_in in zip(best, group, strict=True) if is_in])
            for group in groups
        ]
        print(
            f"  {threshold}: answered {shares[0]:.3f}, adversarial {shares[1]:.3f}, elsewhere {shares[2]:.3f}"
        )


def main() -> None:
    """Fit on one half of the validation articles, report on the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with validation.jsonl.gz")
    parser.add_argument("--questions", type=int, default=400)
    arguments = parser.parse_args()
    rows = read_rows(arguments.data / "validation.jsonl.gz")
    titles = sorted({row["title"] for row in rows})
    encoder = SentenceTransformerEncoder()
    fitted: LogisticRegression | None = None
    for name, part in (("fitted on", titles[::2]), ("held out", titles[1::2])):
        some = [row for row in rows if row["title"] in part]
        contexts, asked = sample(some, len(part) - 1, arguments.questions, seed=1)
        with tempfile.TemporaryDirectory() as folder:
            index = build(contexts, Path(folder), encoder)
            matrix, labels, counts = features(asked, index, encoder)
            index.close()
        report(f"{name}, reader alone", 1 / (1 + np.exp(-matrix[:, 0])), labels, counts, asked)
        if fitted is None:
            fitted = LogisticRegression(C=10.0, max_iter=1000).fit(matrix, labels)
            names = ("reading", "coverage", "unknown", "likeness")
            coefficients = ", ".join(
                f"{n}={c:.3f}" for n, c in zip(names, fitted.coef_[0], strict=True)
            )
            print(f"bias={fitted.intercept_[0]:.3f}, {coefficients}")
        report(f"{name}, weighed", fitted.predict_proba(matrix)[:, 1], labels, counts, asked)


if __name__ == "__main__":
    main()
