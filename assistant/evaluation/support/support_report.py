"""How well the support check judges labelled sentences."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.assistant import Assistant
from assistant.evaluation.support.labelled_sentences import (
    LabelledSentence,
    SupportFile,
    labelled_sentences,
)

_Z = 1.959964
"""The normal quantile of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A labelled sentence and the check's verdict on it."""

    labelled: LabelledSentence
    supported: bool
    reason: str

    @property
    def right(self) -> bool:
        """Whether the verdict agrees with the label."""
        return self.supported == self.labelled.supported


@dataclass(frozen=True, slots=True)
class Share:
    """``right`` of ``count``, with the 95 % interval of Wilson's score (Wilson 1927)."""

    right: int
    count: int

    @property
    def value(self) -> float | None:
        """The share; None if ``count`` is 0."""
        return self.right / self.count if self.count else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """``(p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)``; None if ``count`` is 0."""
        if not self.count:
            return None
        share, square = self.right / self.count, _Z * _Z / self.count
        middle = share + square / 2
        spread = _Z * math.sqrt(share * (1 - share) / self.count + square / (4 * self.count))
        return (middle - spread) / (1 + square), (middle + spread) / (1 + square)


@dataclass(frozen=True, slots=True)
class SupportReport:
    """How well the check detects what is unsupported."""

    judged: tuple[CheckedSentence, ...]

    def kinds(self, *, supported: bool) -> list[str]:
        """Return the kinds of sentences with a label, sorted."""
        return sorted({one.labelled.kind for one in self._labelled(supported)})

    def rightly_judged(self, kind: str, *, supported: bool, held_out: bool) -> Share:
        """Return the share of a kind that is judged as labelled; for unsupported kinds, the recall."""
        of_kind = [
            one
            for one in self._labelled(supported)
            if one.labelled.kind == kind and one.labelled.held_out == held_out
        ]
        return Share(sum(one.right for one in of_kind), len(of_kind))

    def recall(self, *, held_out: bool) -> Share:
        """Return the share of the unsupported sentences that the check flags."""
        those = self._half(supported=False, held_out=held_out)
        return Share(sum(one.right for one in those), len(those))

    def precision(self, *, held_out: bool) -> Share:
        """Return the share of the sentences that the check flags that are unsupported."""
        caught = self.recall(held_out=held_out).right
        wrongly = sum(not one.right for one in self._half(supported=True, held_out=held_out))
        return Share(caught, caught + wrongly)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON-ready values."""
        halves = {"tuned": False, "held_out": True}
        return {
            "precision": {n: _share(self.precision(held_out=h)) for n, h in halves.items()},
            "recall": {n: _share(self.recall(held_out=h)) for n, h in halves.items()},
            "kinds": [
                {
                    "kind": kind,
                    "supported": supported,
                    **{
                        name: _share(
                            self.rightly_judged(kind, supported=supported, held_out=held_out)
                        )
                        for name, held_out in halves.items()
                    },
                }
                for supported in (False, True)
                for kind in self.kinds(supported=supported)
            ],
            "wrong": [
                {**asdict(one.labelled), "judged_supported": one.supported, "reason": one.reason}
                for one in self.judged
                if not one.right
            ],
        }

    def _labelled(self, supported: bool) -> list[CheckedSentence]:
        return [one for one in self.judged if one.labelled.supported == supported]

    def _half(self, *, supported: bool, held_out: bool) -> list[CheckedSentence]:
        return [one for one in self._labelled(supported) if one.labelled.held_out == held_out]


def _share(share: Share) -> dict[str, Any]:
    return {
        "value": share.value,
        "right": share.right,
        "count": share.count,
        "interval": share.interval,
    }


def check_sentences(
    assistant: Assistant, sentences: Iterable[LabelledSentence]
) -> Iterator[CheckedSentence]:
    """Yield the check's verdict on each sentence."""
    for one in sentences:
        support = assistant.check_support(one.text, one.document_id, one.start, one.end)
        yield CheckedSentence(one, support.supported, support.reason)


def measure_support(
    opened: Callable[[Path], Assistant], files: Sequence[SupportFile]
) -> SupportReport | None:
    """Return the report on all sentences of the files; None without any."""
    judged: list[CheckedSentence] = []
    for file in files:
        assistant = opened(file.corpus)
        found = [assistant.document(summary.id) for summary in assistant.documents()]
        documents = {document.source: document for document in found}
        judged.extend(check_sentences(assistant, labelled_sentences(file, documents)))
    return SupportReport(tuple(judged)) if judged else None
