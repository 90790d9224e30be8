"""Export a checkpoint as the int8 graph that the product runs, with tokenizer and description."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from tokenizers import Tokenizer
from torch import Tensor

from training.features import (
    MAX_HEADER_TOKENS,
    MAX_LENGTH,
    MAX_QUESTION_TOKENS,
    MAX_STATEMENT_LENGTH,
    STRIDE,
)
from training.network import MAX_ANSWER_TOKENS, encoder_folder, load_state
from training.reader_graph import reader_graph

GRAPH, TOKENIZER = "reader.onnx", "tokenizer.json"
FILES = (GRAPH, TOKENIZER)
VERSION = "3"
WEIGHING = {"reading": 1.0, "coverage": 0.0, "place": 0.0, "bias": 0.0}
THRESHOLDS = {"certain": 0.5, "possible": 0.25}
UNCALIBRATED = {"answers": 1.0, "margin": 0.0, "evidence": 0.0, "bias": 0.0}


def export(state: Mapping[str, Tensor], folder: Path) -> None:
    """Write the files of a reader with these weights; `calibrate` adds to the description later."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / GRAPH).write_bytes(reader_graph(state).SerializeToString())
    write_tokenizer(folder / TOKENIZER)
    text = json.dumps(describe(folder), indent=2)
    (folder / "reader.json").write_text(text + "\n", encoding="utf-8")


def write_tokenizer(target: Path) -> None:
    """Write BERT's vocabulary as one file for the `tokenizers` library, without padding."""
    tokenizer = Tokenizer.from_file(str(encoder_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.save(str(target), pretty=False)


def describe(folder: Path) -> dict[str, object]:
    """Return what the product must know to read with the files in `folder`.

    The threshold is that of the reading model alone; the product weighs its probability once more.
    """
    return {
        "version": VERSION,
        "max_length": MAX_LENGTH,
        "max_statement_length": MAX_STATEMENT_LENGTH,
        "max_question_tokens": MAX_QUESTION_TOKENS,
        "max_header_tokens": MAX_HEADER_TOKENS,
        "max_answer_tokens": MAX_ANSWER_TOKENS,
        "stride": STRIDE,
        "sha256": {
            name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES
        },
        "calibration": UNCALIBRATED,
        "weighing": WEIGHING,
        "thresholds": THRESHOLDS,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True, help="last.pt or final.pt")
    parser.add_argument("--out", type=Path, required=True, help="folder for the shipped files")
    given = parser.parse_args()
    export(load_state(given.checkpoint), given.out)
    for name in FILES:
        print(name, round((given.out / name).stat().st_size / 1e6, 2), "MB")


if __name__ == "__main__":
    main()
