"""Sentences as a language model might write them, labelled by whether their passage supports them.

They measure the check that written answers pass (``answering/support.py``): files that end in
``.support.yaml`` hold them by passage and by kind. Groups that are held out were not looked at
while the check was tuned.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from assistant.assistant import Assistant
from assistant.evaluation.cases.case_files import files_below
from assistant.evaluation.cases.model import CaseFileError
from assistant.types import Document

SUFFIX = ".support.yaml"
_Z = 1.959964
"""The normal quantile of a 95 % interval."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sentence(_Model):
    """A sentence; ``changed`` is the value in it that the passage has otherwise or not at all."""

    text: Annotated[str, Field(min_length=1)]
    changed: str = ""


def _as_mapping(given: object) -> object:
    return {"text": given} if isinstance(given, str) else given


Kinds = dict[str, tuple[Annotated[Sentence, BeforeValidator(_as_mapping)], ...]]


class Group(_Model):
    """Sentences about one passage: from the words of ``passage`` to those of ``until``.

    Without ``until`` the passage ends with its line.
    """

    document: str
    passage: Annotated[str, Field(min_length=1)]
    until: str = ""
    held_out: bool = False
    supported: Kinds = {}
    unsupported: Kinds = {}


class SupportModel(_Model):
    """A file of labelled sentences about the documents of a corpus."""

    corpus: str
    groups: Annotated[tuple[Group, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class SupportFile:
    """A file that was read; ``corpus`` is the folder of its documents."""

    path: Path
    corpus: Path
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence, what it is, and the offsets of the passage that it cites."""

    text: str
    kind: str
    supported: bool
    held_out: bool
    document_id: str
    start: int
    end: int
    changed: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled sentence and what the check says of it."""

    labelled: Labelled
    supported: bool
    reason: str

    @property
    def right(self) -> bool:
        """Whether the check says what the label says."""
        return self.supported == self.labelled.supported


@dataclass(frozen=True, slots=True)
class Share:
    """``right`` of ``count``, with the 95 % interval of Wilson's score (Wilson 1927)."""

    right: int
    count: int

    @property
    def value(self) -> float | None:
        """The share; None of nothing."""
        return self.right / self.count if self.count else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """``(p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)``; None of nothing."""
        if not self.count:
            return None
        share, square = self.right / self.count, _Z * _Z / self.count
        middle = share + square / 2
        spread = _Z * math.sqrt(share * (1 - share) / self.count + square / (4 * self.count))
        return (middle - spread) / (1 + square), (middle + spread) / (1 + square)


@dataclass(frozen=True, slots=True)
class SupportReport:
    """How well the check tells what is unsupported."""

    judged: tuple[Judged, ...]

    def kinds(self, *, supported: bool) -> list[str]:
        """The kinds of sentences with a label, by name."""
        return sorted({one.labelled.kind for one in self._labelled(supported)})

    def rightly_judged(self, kind: str, *, supported: bool, held_out: bool) -> Share:
        """Of the sentences of a kind those judged as labelled: of unsupported ones, the recall."""
        of_kind = [
            one
            for one in self._labelled(supported)
            if one.labelled.kind == kind and one.labelled.held_out == held_out
        ]
        return Share(sum(one.right for one in of_kind), len(of_kind))

    def recall(self, *, held_out: bool) -> Share:
        """Of the unsupported sentences, those that the check calls unsupported."""
        those = self._half(supported=False, held_out=held_out)
        return Share(sum(one.right for one in those), len(those))

    def precision(self, *, held_out: bool) -> Share:
        """Of the sentences that the check calls unsupported, those that are."""
        caught = self.recall(held_out=held_out).right
        wrongly = sum(not one.right for one in self._half(supported=True, held_out=held_out))
        return Share(caught, caught + wrongly)

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON-ready values."""
        halves = {"tuned": False, "held_out": True}
        return {
            "precision": {n: _told(self.precision(held_out=h)) for n, h in halves.items()},
            "recall": {n: _told(self.recall(held_out=h)) for n, h in halves.items()},
            "kinds": [
                {
                    "kind": kind,
                    "supported": supported,
                    **{
                        name: _told(
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

    def _labelled(self, supported: bool) -> list[Judged]:
        return [one for one in self.judged if one.labelled.supported == supported]

    def _half(self, *, supported: bool, held_out: bool) -> list[Judged]:
        return [one for one in self._labelled(supported) if one.labelled.held_out == held_out]


def _told(share: Share) -> dict[str, Any]:
    return {
        "value": share.value,
        "right": share.right,
        "count": share.count,
        "interval": share.interval,
    }


def find_support_files(given: Iterable[Path]) -> list[Path]:
    """The files of labelled sentences among the paths given and below the folders given."""
    found: list[Path] = []
    for path in given:
        if path.is_dir():
            found.extend(sorted(files_below(path, SUFFIX)))
        elif is_support_file(path):
            found.append(path)
    return list(dict.fromkeys(found))


def is_support_file(path: Path) -> bool:
    """Whether a path is named like a file of labelled sentences."""
    return path.name.endswith(SUFFIX)


def load_support_file(path: Path) -> SupportFile:
    """Read and check a file. Raises `CaseFileError` that says what is wrong with it."""
    try:
        model = SupportModel.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        lines = [
            f"{path}: {'.'.join(map(str, problem['loc']))}: {problem['msg']}"
            for problem in error.errors()
        ]
        raise CaseFileError("\n".join(lines)) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CaseFileError(f"{path} cannot be read: {error}") from None
    corpus = path.parent / model.corpus
    if not corpus.is_dir():
        raise CaseFileError(f"{path}: corpus: there is no folder {corpus}")
    return SupportFile(path, corpus, model.groups)


def labelled_sentences(file: SupportFile, documents: Mapping[str, Document]) -> list[Labelled]:
    """All sentences of a file with their passages; ``documents`` are by their path.

    Raises `CaseFileError` for a passage that the documents do not have.
    """
    return [one for group in file.groups for one in _sentences(file, group, documents)]


def judge(assistant: Assistant, sentences: Iterable[Labelled]) -> Iterator[Judged]:
    """What the check says of each sentence."""
    for one in sentences:
        support = assistant.check_support(one.text, one.document_id, one.start, one.end)
        yield Judged(one, support.supported, support.reason)


def measure_support(
    opened: Callable[[Path], Assistant], files: Sequence[SupportFile]
) -> SupportReport | None:
    """The report on all sentences of the files; None without any."""
    judged: list[Judged] = []
    for file in files:
        assistant = opened(file.corpus)
        found = [assistant.document(summary.id) for summary in assistant.documents()]
        documents = {document.source: document for document in found}
        judged.extend(judge(assistant, labelled_sentences(file, documents)))
    return SupportReport(tuple(judged)) if judged else None


def _sentences(
    file: SupportFile, group: Group, documents: Mapping[str, Document]
) -> Iterator[Labelled]:
    document = documents.get(group.document)
    if document is None:
        raise CaseFileError(f"{file.path}: there is no document {group.document!r}.")
    start = document.text.find(group.passage)
    end = document.text.find(group.until or "\n", start)
    if start < 0 or (group.until and end < 0):
        missing = group.until if start >= 0 else group.passage
        raise CaseFileError(f"{file.path}: {group.document} does not have {missing!r}.")
    end = end + len(group.until) if group.until else end
    for supported, kinds in ((True, group.supported), (False, group.unsupported)):
        for kind, sentences in kinds.items():
            for sentence in sentences:
                yield Labelled(
                    sentence.text,
                    kind,
                    supported,
                    group.held_out,
                    document.id,
                    start,
                    end if end > start else len(document.text),
                    sentence.changed,
                )
