"""The bundled reading model: finds the words of a passage that answer, or that none do.

A cross-encoder over question, headings and passage in int8, run by onnxruntime.
``reader/MODEL_CARD.md`` says how it was trained and what it reaches. No torch is imported.
"""

import hashlib
import json
import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.errors import ModelError
from assistant.models.windows import (
    Floats,
    Window,
    best_spans,
    cut_windows,
    evidence_of,
    likeliest,
    logistic,
)
from assistant.text.surrogates import without_surrogates
from assistant.types import PassageReading, StatementSupport, Thresholds, WindowText

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

_GRAPH, _TOKENIZER = "reader.onnx", "tokenizer.json"
_SLOW_FUSION = "SkipLayerNormFusion"
"""A sum and its normalisation took 280 µs as one node of onnxruntime 1.32, 47 as two."""
_READINGS_KEPT = 64
"""Of the passages read last: who asks again, or searches after asking, reads the same ones."""
_OUTPUTS = ["span", "margin", "answers", "evidence", "support"]


@dataclass(frozen=True, slots=True)
class Outputs:
    """What the model says of a window, as logits; ``length`` counts tokens.

    ``span`` (length, length), ``evidence`` (length), ``support`` (3). ``scores`` are the numbers
    that the calibration weighs: ``answers``, ``margin`` and ``evidence`` (the highest).
    """

    span: Floats
    scores: dict[str, float]
    evidence: Floats
    support: Floats


class BundledReader:
    """A `Reader` over the model in a folder, loaded when first used; thread-safe.

    Raises `ModelError` if a file is missing or is not the one that ``reader.json`` names.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or Path(str(resources.files("assistant.models") / "reader"))
        self._loading = threading.Lock()
        self._kept: OrderedDict[tuple[str, WindowText], PassageReading] = OrderedDict()

    @property
    def thresholds(self) -> Thresholds:
        """The lowest probabilities, weighed with `weighing`, of a certain and a possible answer."""
        return Thresholds(**self._description["thresholds"])

    @property
    def weighing(self) -> dict[str, float]:
        """The coefficients by which a probability is weighed with what is known from retrieval."""
        return dict(self._description["weighing"])

    def read(self, question: str, passages: Sequence[WindowText]) -> list[PassageReading]:
        """Return of each passage up to three spans, and its sentences as evidence.

        Each window is read by itself, on a thread of its own: a fifth faster on two cores than all
        in one batch, and in int8 a window of a batch changes a little with the others. The
        likeliest span has the probability of its window, however low. The last readings are kept.
        """
        known = {passage: self._kept.get((question, passage)) for passage in passages}
        new = [passage for passage, kept in known.items() if kept is None]
        reading = [
            [(window, self._submit(window)) for window in windows]
            for windows in self.windows(question, new)
        ]
        read = {
            passage: self._judged(passage, [(window, outputs.result()) for window, outputs in some])
            for passage, some in zip(new, reading, strict=True)
        }
        readings = [known[passage] or read[passage] for passage in passages]
        self._keep(question, passages, readings)
        return readings

    def _keep(
        self, question: str, passages: Sequence[WindowText], readings: Sequence[PassageReading]
    ) -> None:
        with self._loading:
            for passage, reading in zip(passages, readings, strict=True):
                self._kept[question, passage] = reading
                self._kept.move_to_end((question, passage))
            while len(self._kept) > _READINGS_KEPT:
                self._kept.popitem(last=False)

    def support(self, sentence: str, passages: Sequence[WindowText]) -> list[StatementSupport]:
        """Return what each passage does with a statement; of a long one, the most supporting window."""
        length = int(self._description["max_statement_length"])
        reading = [
            [self._submit(window) for window in windows]
            for windows in self.windows(sentence, passages, length)
        ]
        nothing = StatementSupport(0.0, 0.0, 1.0)
        return [
            max(
                (_support(outputs.result().support) for outputs in some),
                key=lambda support: support.supported,
                default=nothing,
            )
            for some in reading
        ]

    def windows(
        self, question: str, passages: Sequence[WindowText], max_length: int | None = None
    ) -> list[list[Window]]:
        """Return the windows of each passage; of a long question the end is kept."""
        tokenizer, limits = self._load().tokenizer, self._description
        asked = tokenizer.encode(without_surrogates(question), add_special_tokens=False).ids
        cls, sep = (int(tokenizer.token_to_id(mark) or 0) for mark in ("[CLS]", "[SEP]"))
        return [
            list(
                cut_windows(
                    asked[-limits["max_question_tokens"] :],
                    header.ids[: limits["max_header_tokens"]],
                    text,
                    max_length=max_length or limits["max_length"],
                    stride=limits["stride"],
                    cls=cls,
                    sep=sep,
                )
            )
            for header, text in map(self._encoded, passages)
        ]

    def outputs(self, windows: Sequence[Window]) -> list[Outputs]:
        """Return all that the model says of each window."""
        reading = [self._submit(window) for window in windows]
        return [outputs.result() for outputs in reading]

    def _encoded(self, passage: WindowText) -> tuple["Encoding", "Encoding"]:
        encode = partial(self._load().tokenizer.encode, add_special_tokens=False)
        return encode(without_surrogates(passage.header)), encode(without_surrogates(passage.text))

    def _judged(
        self, passage: WindowText, read: Sequence[tuple[Window, Outputs]]
    ) -> PassageReading:
        spans = likeliest(
            [
                span
                for window, outputs in read
                for span in best_spans(window, outputs.span, self._probability(outputs))
            ]
        )
        logits = [(window, outputs.evidence) for window, outputs in read]
        return PassageReading(spans, evidence_of(passage.text, logits))

    def _probability(self, outputs: Outputs) -> float:
        weights = dict(self._description["calibration"])
        logit = weights.pop("bias")
        return logistic(logit + sum(weights[name] * outputs.scores[name] for name in weights))

    def _read(self, window: Window) -> Outputs:
        ids = np.array(window.ids)
        inputs = {
            "input_ids": ids,
            "token_type_ids": (np.arange(len(ids)) >= window.passage_start).astype(np.int64),
        }
        span, margin, answers, evidence, support = self._load().session.run(_OUTPUTS, inputs)
        scores = {
            "answers": float(answers),
            "margin": float(margin),
            "evidence": float(evidence[window.passage_start : -1].max()),
        }
        return Outputs(span, scores, evidence, support)

    def _submit(self, window: Window) -> "Future[Outputs]":
        return self._load().threads.submit(self._read, window)

    def _load(self) -> "_Loaded":
        with self._loading:
            return self._loaded

    @cached_property
    def _loaded(self) -> "_Loaded":
        import onnxruntime  # needed by nothing but a question
        from tokenizers import Tokenizer  # needed by nothing but a question

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # the windows are read side by side
        session = onnxruntime.InferenceSession(
            self._checked(_GRAPH),  # by its path: a session keeps the bytes it is given, 37 MB
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=[_SLOW_FUSION],
        )
        threads = ThreadPoolExecutor(min(4, os.cpu_count() or 1), thread_name_prefix="reading")
        return _Loaded(Tokenizer.from_file(self._checked(_TOKENIZER)), session, threads)

    @cached_property
    def _description(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads((self._folder / "reader.json").read_bytes())
        except (OSError, ValueError) as error:
            raise ModelError(
                f"The reading model in {self._folder} cannot be read: {error}."
            ) from error
        return found

    def _checked(self, name: str) -> str:
        """Return a file's path, if it is the file that was measured."""
        expected, path = self._description["sha256"].get(name), self._folder / name
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise ModelError(f"The reading model lacks {name}: {error}. Install again.") from error
        if found != expected:
            raise ModelError(
                f"{path} is not the file that the reading model was released with. "
                "Install again, or set ASSISTANT_READER=none."
            )
        return str(path)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What is in memory of the model: its graph, and the threads that run it."""

    tokenizer: "Tokenizer"
    session: "InferenceSession"
    threads: ThreadPoolExecutor


def _support(logits: Floats) -> StatementSupport:
    shares = np.exp(logits - logits.max())
    return StatementSupport(*(float(share) for share in shares / shares.sum()))
