"""The bundled reading model: finds the words of a passage that answer, or that none do.

A cross-encoder over question, headings and passage in int8, run by onnxruntime in two parts: the
lower layers give a first guess by which many passages are ordered, the upper ones read the best to
the end. ``reader/MODEL_CARD.md`` says how it was trained and what it reaches. No torch is imported.
"""

import hashlib
import json
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError
from assistant.models import single_graph
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

Result = TypeVar("Result")

_SINGLE_GRAPH = "2"
"""The version that is one file, reads the headings as text and judges no evidence."""
_STATES_KEPT = 32
"""Windows whose lower layers are kept for reading on: 0.25 MB each at 160 tokens."""
_SLOW_FUSION = "SkipLayerNormFusion"
"""A sum and its normalisation took 280 µs as one node of onnxruntime 1.32, 47 as two."""
_UPPER = ["span", "margin", "answers", "evidence", "support"]


@dataclass(frozen=True, slots=True)
class Outputs:
    """What the model says of a window, as logits; ``length`` counts tokens.

    ``span`` (length, length), ``evidence`` (length), ``support`` (3). ``scores`` are the numbers
    that the calibration weighs: ``answers``, ``margin``, ``evidence`` (the highest), ``early``.
    """

    span: Floats
    scores: dict[str, float]
    evidence: Floats | None = None
    support: Floats | None = None


class BundledReader:
    """A `Reader` over the model in a folder, loaded when first used; thread-safe.

    Raises `ModelError` if a file is missing or is not the one that ``reader.json`` names.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or Path(str(resources.files("assistant.models") / "reader"))
        self._loading, self._keeping = threading.Lock(), threading.Lock()
        self._states: OrderedDict[tuple[int, tuple[int, ...]], tuple[Floats, float]] = OrderedDict()

    thresholds = Thresholds(certain=0.5, possible=0.25)

    @property
    def orders(self) -> bool:
        """Whether the model can order passages and judge statements."""
        return self._description.get("version") != _SINGLE_GRAPH

    def read(self, question: str, passages: Sequence[WindowText]) -> list[PassageReading]:
        """Return of each passage up to three spans, and its sentences as evidence.

        Each window is read by itself, on a thread of its own: a fifth faster on two cores than all
        in one batch, and in int8 a window of a batch changes a little with the others. What
        `order` has computed of a window is not computed a second time.
        """
        reading = [
            [(window, self._submit(self._read, window)) for window in windows]
            for windows in self.windows(question, passages)
        ]
        return [
            self._judged(passage, [(window, outputs.result()) for window, outputs in windows])
            for passage, windows in zip(passages, reading, strict=True)
        ]

    def order(self, question: str, passages: Sequence[WindowText]) -> list[float]:
        """Return a first guess of each passage, the higher the likelier it answers.

        Only the lower layers are computed: a third of the time. An empty passage has -inf.
        Version 2 of the model cannot: there all are 0.
        """
        if not self.orders:
            return [0.0] * len(passages)
        guessing = [
            [self._submit(self._lower, window) for window in windows]
            for windows in self.windows(question, passages)
        ]
        return [
            max((guess.result()[1] for guess in guesses), default=-np.inf) for guesses in guessing
        ]

    def support(self, sentence: str, passages: Sequence[WindowText]) -> list[StatementSupport]:
        """Return what each passage does with a statement; of a long one, the most supporting window.

        Raises `ModelError` for version 2 of the model, which was not trained to.
        """
        if not self.orders:
            raise ModelError("Version 2 of the reading model does not judge statements.")
        length = int(self._description["max_statement_length"])
        reading = [
            [self._submit(self._read, window) for window in windows]
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
                    header.ids[: limits.get("max_header_tokens")],
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
        reading = [self._submit(self._read, window) for window in windows]
        return [outputs.result() for outputs in reading]

    def _encoded(self, passage: WindowText) -> tuple["Encoding", "Encoding"]:
        encode = partial(self._load().tokenizer.encode, add_special_tokens=False)
        if self.orders:
            header, text = without_surrogates(passage.header), without_surrogates(passage.text)
            return encode(header), encode(text)
        return encode(""), encode(without_surrogates(passage.joined))

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
        if not self.orders:
            return PassageReading(passage.in_text(spans))
        logits = [(window, out.evidence) for window, out in read if out.evidence is not None]
        return PassageReading(spans, evidence_of(passage.text, logits))

    def _probability(self, outputs: Outputs) -> float:
        weights = dict(self._description["calibration"])
        logit = weights.pop("bias")
        return logistic(logit + sum(weights[name] * outputs.scores[name] for name in weights))

    def _read(self, window: Window) -> Outputs:
        sessions = self._load().sessions
        if not self.orders:
            inputs = single_graph.inputs_of(window)
            outputs = sessions[single_graph.FILE].run(single_graph.OUTPUTS, inputs)
            span, margin, answers = (output[0] for output in outputs)
            return Outputs(span, {"margin": float(margin), "answers": float(answers)})
        hidden, early = self._lower(window)
        states: dict[str, Any] = {"hidden": hidden, "token_type_ids": _kinds(window)}
        span, margin, answers, evidence, support = sessions["upper.onnx"].run(_UPPER, states)
        scores = {
            "answers": float(answers),
            "margin": float(margin),
            "evidence": float(evidence[window.passage_start : -1].max()),
            "early": early,
        }
        return Outputs(span, scores, evidence, support)

    def _lower(self, window: Window) -> tuple[Floats, float]:
        """Return the states after the lower layers and the first guess, computed or kept."""
        key = window.passage_start, window.ids
        with self._keeping:
            if key in self._states:
                return self._states[key]
        inputs = {"input_ids": np.array(window.ids), "token_type_ids": _kinds(window)}
        hidden, early = self._load().sessions["lower.onnx"].run(["hidden", "early"], inputs)
        with self._keeping:
            self._states[key] = hidden, float(early)
            if len(self._states) > _STATES_KEPT:
                self._states.popitem(last=False)
        return hidden, float(early)

    def _submit(self, work: Callable[[Window], Result], window: Window) -> "Future[Result]":
        return self._load().threads.submit(work, window)

    def _load(self) -> "_Loaded":
        with self._loading:
            return self._loaded

    @cached_property
    def _loaded(self) -> "_Loaded":
        import onnxruntime  # needed by nothing but a question
        from tokenizers import Tokenizer  # needed by nothing but a question

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # the windows are read side by side
        names = ("lower.onnx", "upper.onnx") if self.orders else (single_graph.FILE,)
        sessions = {
            name: onnxruntime.InferenceSession(
                self._checked(name),
                options,
                providers=["CPUExecutionProvider"],
                disabled_optimizers=[_SLOW_FUSION],
            )
            for name in names
        }
        threads = ThreadPoolExecutor(min(4, os.cpu_count() or 1), thread_name_prefix="reading")
        return _Loaded(Tokenizer.from_buffer(self._checked("tokenizer.json")), sessions, threads)

    @cached_property
    def _description(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads((self._folder / "reader.json").read_bytes())
        except (OSError, ValueError) as error:
            raise ModelError(
                f"The reading model in {self._folder} cannot be read: {error}."
            ) from error
        return found

    def _checked(self, name: str) -> bytes:
        """Return a file's content, if it is the one that was measured."""
        expected = self._description["sha256"].get(name)
        try:
            content = (self._folder / name).read_bytes()
        except OSError as error:
            raise ModelError(f"The reading model lacks {name}: {error}. Install again.") from error
        if hashlib.sha256(content).hexdigest() != expected:
            raise ModelError(
                f"{self._folder / name} is not the file that the reading model was released with. "
                "Install again, or set ASSISTANT_READER=none."
            )
        return content


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What is in memory of the model: its graphs by file, and the threads that run them."""

    tokenizer: "Tokenizer"
    sessions: dict[str, "InferenceSession"]
    threads: ThreadPoolExecutor


def _kinds(window: Window) -> NDArray[np.int64]:
    """Return 1 for the tokens of the passage and its ``[SEP]``, 0 for those before."""
    return (np.arange(len(window.ids)) >= window.passage_start).astype(np.int64)


def _support(logits: Floats | None) -> StatementSupport:
    assert logits is not None  # every graph that judges statements has them
    shares = np.exp(logits - logits.max())
    return StatementSupport(*(float(share) for share in shares / shares.sum()))
