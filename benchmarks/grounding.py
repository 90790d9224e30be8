"""How the weights of ``checking/grounding.py`` were fitted, and how they judge what is held out.

``python -m benchmarks.grounding [FILE …]`` reads labelled sentences, fits a logistic regression on
the half for tuning of those that pass the strict checks, once without and once with the bundled
reading model, and prints the weights and a table: of each half the supported and the unsupported
sentences that are let through at several thresholds.
"""

import argparse
import math
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant import Assistant, Settings
from assistant.checking.carrying import carry
from assistant.checking.exchanges import NOTHING, exchanged
from assistant.checking.facts import Source, facts_of, missing_fact
from assistant.checking.grounding import Grounding, grounding, judge_of
from assistant.checking.negation import flipped
from assistant.checking.support import WEIGHTS, source_of
from assistant.evaluation.support.labelled_sentences import (
    LabelledSentence,
    SupportFile,
    find_support_files,
    labelled_sentences,
    load_support_file,
)
from assistant.models.bundled_encoder import BundledEncoder
from assistant.models.bundled_reader import BundledReader
from assistant.models.sentence_transformer import CachingEncoder
from assistant.protocols import StatementJudge
from assistant.reading.weighing import log_odds
from assistant.storage.stemming import Stemmer
from assistant.types import Passage

FILES = Path(__file__).parents[1] / "tests" / "evaluation"
THRESHOLDS = (0.1, 0.15, 0.2, 0.25, 0.3)
RIDGE = 0.05
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measured:
    """A labelled sentence with its grounding, or None if a strict check refuses it.

    ``is_about`` means that the passages are about it, which the check asks for as well.
    """

    labelled: LabelledSentence
    grounding: Grounding | None
    is_about: bool


def measured(file: SupportFile, judge: StatementJudge | None) -> Iterator[Measured]:
    """Yield the grounding of each sentence of a file."""
    encoder, stemmer = CachingEncoder(BundledEncoder()), Stemmer()
    with tempfile.TemporaryDirectory() as index:
        settings = Settings(corpus=file.corpus, index=Path(index), reader="none")
        with Assistant(settings) as assistant:
            assistant.ingest()
            found = [assistant.document(summary.id) for summary in assistant.documents()]
    by_id = {document.id: document for document in found}
    for labelled in labelled_sentences(file, {document.source: document for document in found}):
        passage = Passage(by_id[labelled.document_id], labelled.start, labelled.end)
        source = source_of((passage,))
        yield _measured(labelled, passage, source, encoder, stemmer, judge)


def _measured(
    labelled: LabelledSentence,
    passage: Passage,
    source: Source,
    encoder: CachingEncoder,
    stemmer: Stemmer,
    judge: StatementJudge | None,
) -> Measured:
    sentence = labelled.text
    checked = facts_of(sentence, source)
    carried = carry(sentence, checked, [passage], encoder, stemmer)
    texts = [one.text for one in carried.passages]
    if (
        missing_fact(sentence, source)
        or flipped(sentence, texts, stemmer)
        or exchanged(sentence, texts, source.text, source.designated, stemmer) != NOTHING
    ):
        return Measured(labelled, None, is_about=False)
    found = grounding(sentence, checked, [passage], carried, encoder, stemmer, judge)
    is_about = WEIGHTS.probability(carried.likeness) >= WEIGHTS.threshold
    return Measured(labelled, found, is_about)


def numbers(found: Grounding) -> list[float]:
    """Return the numbers that are weighed, after a 1 for the bias."""
    if found.judgement is None:
        return [1.0, found.cosine, found.wide, found.gain]
    judged = found.judgement
    return [
        1.0,
        found.cosine,
        found.gain,
        log_odds(judged.supported),
        log_odds(judged.contradicted),
    ]


def fit(rows: Numbers, labels: Numbers) -> Numbers:
    """Return the coefficients of a ridge logistic regression by Newton's method."""
    mean, spread = rows[:, 1:].mean(0), rows[:, 1:].std(0) + 1e-9
    scaled = np.c_[rows[:, :1], (rows[:, 1:] - mean) / spread]
    weights = np.zeros(scaled.shape[1])
    for _ in range(50):
        shares = 1 / (1 + np.exp(-scaled @ weights))
        slope = scaled.T @ (shares - labels) + RIDGE * np.r_[0, weights[1:]]
        curve = (scaled.T * (shares * (1 - shares))) @ scaled + RIDGE * np.eye(len(weights))
        weights -= np.linalg.solve(curve, slope)
    plain = weights[1:] / spread
    fitted: NDArray[np.float64] = np.r_[weights[0] - (plain * mean).sum(), plain]
    return fitted


def report(sentences: Sequence[Measured]) -> None:
    """Print the weights, and what each threshold lets through."""
    known = [one for one in sentences if one.grounding is not None]
    learnt = [one for one in known if not one.labelled.held_out]
    weights = fit(
        np.array([numbers(one.grounding) for one in learnt if one.grounding]),
        np.array([float(one.labelled.supported) for one in learnt]),
    )
    print("weights", " ".join(f"{weight:.2f}" for weight in weights))
    for threshold in THRESHOLDS:
        bound = math.log(threshold / (1 - threshold))
        cells = []
        for held_out in (False, True):
            for supported in (True, False):
                half = [
                    one
                    for one in sentences
                    if (one.labelled.held_out, one.labelled.supported) == (held_out, supported)
                ]
                passed = sum(
                    one.grounding is not None
                    and one.is_about
                    and float(np.array(numbers(one.grounding)) @ weights) >= bound
                    for one in half
                )
                cells.append(f"{passed} of {len(half)}")
        print(
            f"{threshold:.2f}  tuning: supported {cells[0]}, others {cells[1]}; "
            f"held out: supported {cells[2]}, others {cells[3]}"
        )


def main() -> None:
    """Measure, fit and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=[FILES])
    files = [load_support_file(path) for path in find_support_files(parser.parse_args().files)]
    for judge in (None, judge_of(BundledReader())):
        print("with the reading model" if judge else "without a reading model")
        report([one for file in files for one in measured(file, judge)])


if __name__ == "__main__":
    main()
