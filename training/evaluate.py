"""Measures a reading model on the validation split: SQuAD 2.0's figures, open corpus, speed."""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from training import open_corpus
from training.calibrate import load_weights
from training.data import Row, read_rows
from training.features import Featurizer, load_tokenizer
from training.metrics import auroc, best_threshold, exact, f1
from training.network import encoder_folder
from training.reading import (
    Engine,
    Reading,
    Weights,
    load_engine,
    read_pairs,
    read_windows,
)


def pair_figures(
    rows: Sequence[Row], readings: Sequence[Reading], weights: Weights
) -> dict[str, float]:
    """Each question read in its own paragraph: without abstention, and with the best threshold."""
    answerable = np.array([row.answerable for row in rows])
    said = [row.context[one.start : one.end] for row, one in zip(rows, readings, strict=True)]
    overlaps = np.array([f1(text, row.answers) for text, row in zip(said, rows, strict=True)])
    matches = np.array([exact(text, row.answers) for text, row in zip(said, rows, strict=True)])
    sure = np.array([weights.logit(one) for one in readings])
    best_f1, threshold = best_threshold(overlaps, answerable, sure)
    best_exact, _ = best_threshold(matches, answerable, sure)
    made = {
        "questions": float(len(rows)),
        "f1_answerable": float(overlaps[answerable].mean()),
        "exact_answerable": float(matches[answerable].mean()),
        "best_f1": best_f1,
        "best_exact": best_exact,
        "best_f1_probability": float(1 / (1 + np.exp(-threshold))),
    }
    for name, scores in (
        ("auroc", sure),
        ("auroc_answers_alone", np.array([one.answers for one in readings])),
        ("auroc_margin_alone", np.array([one.margin for one in readings])),
    ):
        made[name] = auroc(scores[answerable].tolist(), scores[~answerable].tolist())
    return made


def speed(
    engines: dict[str, tuple[Engine, int]],
    featurizer: Featurizer,
    rows: Sequence[Row],
    *,
    rounds: int = 30,
) -> dict[str, float]:
    """Median milliseconds for 8 passages, by each engine in batches of its size.

    The engines take turns, so that noise meets all.
    """
    contexts = list(dict.fromkeys(row.context for row in rows))
    spent: dict[str, list[float]] = {name: [] for name in engines}
    for number in range(rounds + 2):
        question = rows[(number * 97) % len(rows)].question
        part = [contexts[(number * 8 + place) % len(contexts)] for place in range(8)]
        read = [featurizer.windows(question, context)[0] for context in part]
        for name, (engine, size) in engines.items():
            began = time.perf_counter()
            for at in range(0, len(read), size):
                read_windows(engine, read[at : at + size])
            if number >= 2:  # the first two warm up
                spent[name].append(1000 * (time.perf_counter() - began))
    return {name: statistics.median(times) for name, times in spent.items()}


def measure_open_corpus(
    engine: Engine,
    featurizer: Featurizer,
    rows: Sequence[Row],
    others: Sequence[Row],
    weights: Weights,
) -> dict[str, float]:
    corpus = open_corpus.corpus_of(rows)
    questions = [*rows, *others]
    dense, fused = open_corpus.search(corpus, [row.question for row in questions])
    asked = open_corpus.ask(engine, featurizer, corpus, questions, fused, weights)
    made = open_corpus.figures(asked[: len(rows)], asked[len(rows) :], corpus, weights)
    first = [
        corpus[ranking[0]] == row.context
        for row, ranking in zip(rows, dense, strict=False)
        if row.answerable
    ]
    return made | {"dense_first": float(np.mean(first))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the two splits")
    parser.add_argument("--model", type=Path, required=True, help="an .onnx file or a checkpoint")
    parser.add_argument("--reader", type=Path, help="reader.json with the calibration")
    parser.add_argument("--against", type=Path, help="a checkpoint to time against, in fp32")
    parser.add_argument("--open-corpus", action="store_true", help="the open-corpus test too")
    parser.add_argument("--out", type=Path, help="where the figures are written as JSON")
    given = parser.parse_args()
    weights = load_weights(given.reader) if given.reader else Weights()
    rows = read_rows(given.data / "validation.jsonl.gz")
    featurizer = Featurizer(load_tokenizer(encoder_folder() / "tokenizer.json"))
    engine = load_engine(given.model)
    pairs = [(row.question, row.context) for row in rows]
    readings = read_pairs(engine, featurizer, pairs, weights)
    made: dict[str, object] = {"pairs": pair_figures(rows, readings, weights)}
    if given.against:
        fp32 = load_engine(given.against)
        engines = {
            "model": (engine, 1),
            "model_in_a_batch": (engine, 8),
            "fp32_torch": (fp32, 1),
            "fp32_torch_in_a_batch": (fp32, 8),
        }
        times = speed(engines, featurizer, rows)
        made["milliseconds_for_8_passages"] = times
        made["time_against_fp32_torch"] = {
            name: times["model"] / times[name] for name in times if name.startswith("fp32")
        }
    if given.open_corpus:
        train = read_rows(given.data / "train.jsonl.gz")
        others = open_corpus.other_questions(train, sum(row.answerable for row in rows), seed=13)
        made["open_corpus"] = measure_open_corpus(engine, featurizer, rows, others, weights)
    text = json.dumps(made, indent=2)
    print(text)
    if given.out:
        given.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
