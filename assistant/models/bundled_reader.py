"""The bundled reading model: finds the words of a passage that answer, or that none do.

A cross-encoder over question and passage in int8, run by onnxruntime; how it was trained and what
it reaches stands in ``reader/MODEL_CARD.md``. No torch is imported here.
"""

import hashlib
import json
import math
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError
from assistant.text.surrogates import without_surrogates
from assistant.types import Reading

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

SPANS_KEPT = 3
"""Spans of one passage that are given, none of which overlap."""
_LENGTH_STEP = 16


@dataclass(frozen=True, slots=True)
class Window:
    """A question and a stretch of a passage as the model sees them.

    ``offsets`` are the characters of the passage's tokens, which begin at ``passage_start``.
    """

    ids: tuple[int, ...]
    passage_start: int
    offsets: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Scored:
    """A span in characters with its score, and the probability that its window answers."""

    start: int
    end: int
    score: float
    probability: float


class BundledReader:
    """A `Reader` over the model in a folder, loaded when first used; thread-safe.

    Raises `ModelError` if a file is missing or is not the one that ``reader.json`` names.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or Path(str(resources.files("assistant.models") / "reader"))
        self._loading = threading.Lock()

    @property
    def threshold(self) -> float:
        """The probability, calibrated on held-out questions, from which a span is an answer."""
        return float(self._description["threshold"])

    @cached_property
    def _description(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads((self._folder / "reader.json").read_bytes())
        except (OSError, ValueError) as error:
            raise ModelError(
                f"The reading model in {self._folder} cannot be read: {error}."
            ) from error
        return found

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        from tokenizers import Tokenizer  # needed by nothing but a question

        return Tokenizer.from_buffer(self._checked("tokenizer.json"))

    @cached_property
    def _session(self) -> "InferenceSession":
        import onnxruntime  # needed by nothing but a question

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # the windows are read side by side
        return onnxruntime.InferenceSession(
            self._checked("model.onnx"), options, providers=["CPUExecutionProvider"]
        )

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(min(4, os.cpu_count() or 1), thread_name_prefix="reading")

    def _checked(self, name: str) -> bytes:
        """A file's content, if it is the one that was measured."""
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

    def _load(self) -> tuple["Tokenizer", "InferenceSession", ThreadPoolExecutor]:
        with self._loading:
            return self._tokenizer, self._session, self._threads

    def read(self, question: str, passages: Sequence[str]) -> list[list[Reading]]:
        """For each passage up to three spans, the most probable first.

        Each window is read by itself, on a thread of its own: a fifth faster on two cores than all
        in one batch, and in int8 a window of a batch changes a little with the others.
        """
        tokenizer, session, threads = self._load()
        limits = {
            "cls": int(tokenizer.token_to_id("[CLS]") or 0),
            "sep": int(tokenizer.token_to_id("[SEP]") or 0),
            "max_length": self._description["max_length"],
            "max_question_tokens": self._description["max_question_tokens"],
            "stride": self._description["stride"],
        }
        asked = tokenizer.encode(without_surrogates(question), add_special_tokens=False)
        reading = [
            [
                threads.submit(self._score, session, window)
                for window in cut_windows(
                    asked,
                    tokenizer.encode(without_surrogates(passage), add_special_tokens=False),
                    **limits,
                )
            ]
            for passage in passages
        ]
        return [
            _best([span for window in windows for span in window.result()]) for windows in reading
        ]

    def _score(self, session: "InferenceSession", window: Window) -> list[_Scored]:
        """The window's best spans."""
        (span,), (margin,), (answer,) = session.run(["span", "margin", "answers"], padded([window]))
        weights = self._description["calibration"]
        logit = weights["answers"] * answer + weights["margin"] * margin + weights["bias"]
        return list(_spans(window, span, 1.0 / (1.0 + math.exp(-float(logit)))))


def cut_windows(
    question: "Encoding",
    passage: "Encoding",
    *,
    cls: int,
    sep: int,
    max_length: int,
    max_question_tokens: int,
    stride: int,
) -> Iterator[Window]:
    """``[CLS] question [SEP] passage [SEP]``; a long passage in overlapping windows.

    Both encodings are without special tokens. Lengths are in tokens; neighbouring windows share
    at least ``stride`` of them, and the last one is moved left to be full. An empty passage has
    no window.
    """
    head = (cls, *question.ids[:max_question_tokens], sep)
    room = max_length - len(head) - 1
    total = len(passage.ids)
    if total == 0:
        return
    starts = range(0, max(1, total - stride), room - stride) if total > room else [0]
    for start in starts:
        first = max(0, min(start, total - room))
        part = slice(first, first + room)
        yield Window((*head, *passage.ids[part], sep), len(head), tuple(passage.offsets[part]))


def padded(windows: Sequence[Window]) -> dict[str, NDArray[np.int64]]:
    """The model's three inputs, shape ``(windows, longest)``, padded with zeros."""
    longest = max(len(window.ids) for window in windows)
    shape = (len(windows), -(-longest // _LENGTH_STEP) * _LENGTH_STEP)
    ids, mask, kinds = (np.zeros(shape, np.int64) for _ in range(3))
    for row, window in enumerate(windows):
        size = len(window.ids)
        ids[row, :size] = window.ids
        mask[row, :size] = 1
        kinds[row, window.passage_start : size] = 1
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": kinds}


def _spans(window: Window, scores: NDArray[np.float32], probability: float) -> Iterator[_Scored]:
    """The best spans that do not overlap; ``scores`` is of shape ``(length, length)``."""
    scores = scores.copy()
    best = float(scores.max())
    for _ in range(SPANS_KEPT):
        first, last = (int(at) for at in np.unravel_index(int(scores.argmax()), scores.shape))
        score = float(scores[first, last])
        start = window.offsets[first - window.passage_start][0]
        end = window.offsets[last - window.passage_start][1]
        yield _Scored(start, end, score, probability * math.exp(score - best))
        scores[: last + 1, first:] = -np.inf  # every span that begins or ends inside
        if not np.isfinite(scores.max()) or scores.max() < best - 5.0:
            return


def _best(spans: Sequence[_Scored]) -> list[Reading]:
    """The spans of all windows of a passage, those left out that overlap a likelier one."""
    found: list[Reading] = []
    for span in sorted(spans, key=lambda one: -one.probability):
        if len(found) < SPANS_KEPT and all(
            span.end <= other.start or other.end <= span.start for other in found
        ):
            found.append(Reading(span.start, span.end, span.probability))
    return found
