"""Read sentences like those of a language model, labelled by whether their passage supports them.

They measure the check that written answers pass (``checking/support.py``). Files that end in
``.support.yaml`` hold them by passage and by kind. Groups that are held out were not used to
tune the check.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationError

from assistant.evaluation.cases.case_files import files_below
from assistant.evaluation.cases.case_model import CaseFileError, FileModel
from assistant.evaluation.yaml_text import read_yaml
from assistant.types import Document
from assistant.validation_messages import plain_message

SUPPORT_SUFFIX = ".support.yaml"


class SentenceEntry(FileModel):
    """A sentence; ``changed`` is the value in it that the passage does not have."""

    text: Annotated[str, Field(min_length=1)]
    changed: str = ""


def _as_mapping(given: object) -> object:
    return {"text": given} if isinstance(given, str) else given


Kinds = dict[str, tuple[Annotated[SentenceEntry, BeforeValidator(_as_mapping)], ...]]


class SentenceGroup(FileModel):
    """Sentences about one passage: from the words of ``passage`` to those of ``until``.

    Without ``until`` the passage ends with its line.
    """

    document: str
    passage: Annotated[str, Field(min_length=1)]
    until: str = ""
    held_out: bool = False
    supported: Kinds = Field(default_factory=dict)
    unsupported: Kinds = Field(default_factory=dict)


class SupportModel(FileModel):
    """A file of labelled sentences about the documents of a corpus."""

    corpus: str
    groups: Annotated[tuple[SentenceGroup, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class SupportFile:
    """A file that was read; ``corpus`` is the folder of its documents."""

    path: Path
    corpus: Path
    groups: tuple[SentenceGroup, ...]


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """A sentence, its label, and the offsets of the passage that it cites."""

    text: str
    kind: str
    supported: bool
    held_out: bool
    document_id: str
    start: int
    end: int
    changed: str = ""


def find_support_files(given: Iterable[Path]) -> list[Path]:
    """Return the files of labelled sentences among the paths given and below the folders given."""
    found: list[Path] = []
    for path in given:
        if path.is_dir():
            found.extend(sorted(files_below(path, SUPPORT_SUFFIX)))
        elif is_support_file(path):
            found.append(path)
    return list(dict.fromkeys(found))


def is_support_file(path: Path) -> bool:
    """Return whether a path is named like a file of labelled sentences."""
    return path.name.endswith(SUPPORT_SUFFIX)


def load_support_file(path: Path) -> SupportFile:
    """Read and check a file. Raises `CaseFileError` with a line for each error."""
    text = read_yaml(path)
    wrong = [f"{path}:{line}: {problem}" for line, problem in text.problems]
    if wrong:
        raise CaseFileError("\n".join(wrong))
    try:
        model = SupportModel.model_validate(text.data)
    except ValidationError as error:
        wrong = [
            f"{path}:{text.line(problem['loc'])}: {'.'.join(map(str, problem['loc']))}: "
            f"{plain_message(problem)}"
            for problem in error.errors()
        ]
        raise CaseFileError("\n".join(wrong)) from None
    corpus = path.parent / model.corpus
    if not corpus.is_dir():
        raise CaseFileError(f"{path}: corpus: the folder {corpus} does not exist")
    return SupportFile(path, corpus, model.groups)


def labelled_sentences(
    file: SupportFile, documents: Mapping[str, Document]
) -> list[LabelledSentence]:
    """Return all sentences of a file with their passages; ``documents`` are by their path.

    Raises `CaseFileError` for a passage that the documents do not have.
    """
    return [one for group in file.groups for one in _sentences(file, group, documents)]


def _sentences(
    file: SupportFile, group: SentenceGroup, documents: Mapping[str, Document]
) -> Iterator[LabelledSentence]:
    document = documents.get(group.document)
    if document is None:
        raise CaseFileError(f"{file.path}: the corpus has no document {group.document!r}.")
    start = document.text.find(group.passage)
    end = document.text.find(group.until or "\n", start)
    if start < 0 or (group.until and end < 0):
        missing = group.until if start >= 0 else group.passage
        raise CaseFileError(f"{file.path}: {group.document} does not contain {missing!r}.")
    end = end + len(group.until) if group.until else end
    for supported, kinds in ((True, group.supported), (False, group.unsupported)):
        for kind, sentences in kinds.items():
            for sentence in sentences:
                yield LabelledSentence(
                    sentence.text,
                    kind,
                    supported,
                    group.held_out,
                    document.id,
                    start,
                    end if end > start else len(document.text),
                    sentence.changed,
                )
