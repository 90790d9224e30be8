"""Any extractive question-answering model of transformers as a reader, by name or path."""

import math
import os
import threading
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from assistant.errors import ModelError
from assistant.extras import importing
from assistant.types import PassageReading, Reading, Thresholds, WindowText

_LONGEST_ANSWER = 48
_MAX_LENGTH, _STRIDE = 384, 128
_CANDIDATES = 20


class TransformersReader:
    """A `Reader` over ``AutoModelForQuestionAnswering``, loaded when first used; thread-safe.

    The probability is the logistic function of the best span's score over the null span's at the
    first token, as SQuAD 2.0 models are trained; a model that never learnt to abstain is too sure.
    """

    thresholds = Thresholds(certain=0.5, possible=0.25)

    def __init__(self, name: str) -> None:
        self._name = name
        self._loading = threading.Lock()

    @cached_property
    def _model(self) -> tuple[Any, Any]:
        with importing("models"):
            from transformers import (  # transformers takes seconds, and only a question needs it
                AutoModelForQuestionAnswering,
                AutoTokenizer,
            )

        try:
            tokenizer: Any = AutoTokenizer.from_pretrained(self._name)
            model: Any = AutoModelForQuestionAnswering.from_pretrained(self._name)
        except (OSError, ValueError, RuntimeError) as error:
            hint = " (the hub is switched off)" if os.environ.get("HF_HUB_OFFLINE") == "1" else ""
            first_line = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise ModelError(
                f"Reading model {self._name!r} cannot be loaded{hint}: {first_line} Set "
                "ASSISTANT_READER to bundled, none, or an extractive question-answering model."
            ) from error
        return tokenizer, model.eval()

    def read(self, question: str, passages: Sequence[WindowText]) -> list[PassageReading]:
        """Return the best span of each passage; none for a passage without a token."""
        with self._loading:
            tokenizer, model = self._model
        if not passages:
            return []
        room = min(
            _MAX_LENGTH, model.config.max_position_embeddings - 2, tokenizer.model_max_length
        )
        encoded = tokenizer(
            [question] * len(passages),
            [passage.joined for passage in passages],
            truncation="only_second",
            max_length=room,
            stride=min(_STRIDE, room // 4),
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
            padding=True,
            return_tensors="pt",
        )
        offsets, places = encoded.pop("offset_mapping"), encoded.pop("overflow_to_sample_mapping")
        import torch  # loaded with the model by now

        with torch.inference_mode():
            output = model(**encoded)
        found: list[list[Reading]] = [[] for _ in passages]
        for row, place in enumerate(places.tolist()):
            inside = [kind == 1 for kind in encoded.sequence_ids(row)]
            start = output.start_logits[row].tolist()
            end = output.end_logits[row].tolist()
            span = _best_span(start, end, inside)
            if span is not None:
                first, last, score = span
                margin = max(-50.0, min(50.0, score - start[0] - end[0]))
                found[place].append(
                    Reading(
                        int(offsets[row][first][0]),
                        int(offsets[row][last][1]),
                        1.0 / (1.0 + math.exp(-margin)),
                    )
                )
        return [
            PassageReading(passage.in_text([max(some, key=lambda one: one.probability)]))
            if some
            else PassageReading()
            for passage, some in zip(passages, found, strict=True)
        ]


def _best_span(
    start: Sequence[float], end: Sequence[float], inside: Sequence[bool]
) -> tuple[int, int, float] | None:
    """The first and last token of the passage whose scores add up highest, and their sum."""
    tokens = [at for at, is_inside in enumerate(inside) if is_inside]
    firsts = sorted(tokens, key=lambda at: -start[at])[:_CANDIDATES]
    lasts = sorted(tokens, key=lambda at: -end[at])[:_CANDIDATES]
    spans = [
        (first, last, start[first] + end[last])
        for first in firsts
        for last in lasts
        if first <= last < first + _LONGEST_ANSWER
    ]
    return max(spans, key=lambda span: span[2], default=None)
