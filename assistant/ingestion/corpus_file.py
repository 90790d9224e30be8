"""Read ``corpus.toml``: what the owner says about the corpus and its documents."""

import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import ErrorDetails

from assistant.errors import CorpusError, UsageError
from assistant.ingestion.files import read_regular_file
from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.sources.paths import path_in_archive
from assistant.ingestion.sources.record import read_record
from assistant.types import Attribution, CorpusInfo
from assistant.validation_messages import plain_message

CORPUS_FILE = "corpus.toml"
_MAX_BYTES = 10_000_000
_PROBLEMS_NAMED = 10
_LONGEST_STATEMENT = 1_000
"""The lines of a statement after which the line of a mistake is no longer looked for."""


class _StrictTable(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def _checked_address(value: str) -> str:
    if not value.startswith(("https://", "http://")):
        raise ValueError("must begin with https:// or http://")
    return value


class _Description(_StrictTable):
    title: str = ""
    description: str = ""
    questions: tuple[str, ...] = ()


class DocumentEntry(_StrictTable):
    """What ``[documents."path"]`` may say; every field is optional."""

    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    date: str | None = None
    url: str | None = None
    rights: str | None = Field(
        default=None, validation_alias=AliasChoices("rights", "licence", "license")
    )

    @field_validator("date", mode="before")
    @classmethod
    def _date_as_text(cls, value: object) -> object:
        return str(value) if value is not None else None

    @field_validator("url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        return _checked_address(value) if value else value

    @property
    def attribution(self) -> Attribution:
        """The entry without its title."""
        return Attribution(self.author, self.publisher, self.date, self.url, self.rights)


class SourceEntry(_StrictTable):
    """What ``[[sources]]`` may say: an address, what is there, where it is kept, how much is fetched."""

    url: str
    kind: Literal["page", "sitemap", "git", "zip"] | None = None
    folder: str = ""
    below: str = ""
    most_files: int = Field(default=500, ge=1, le=100_000)
    most_megabytes: int = Field(default=200, ge=1, le=10_000)
    most_seconds: float = Field(default=600.0, gt=0, le=86_400)

    @field_validator("url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        return _checked_address(value)

    @field_validator("folder")
    @classmethod
    def _below_corpus(cls, value: str) -> str:
        if value and path_in_archive(value) != value:
            raise ValueError("must be a folder below the corpus, such as handbook/web")
        return value


class CorpusFile(_StrictTable):
    """The whole of ``corpus.toml``."""

    corpus: _Description = _Description()
    documents: dict[str, DocumentEntry] = {}
    sources: tuple[SourceEntry, ...] = ()

    @property
    def info(self) -> CorpusInfo:
        """What is said of the corpus as a whole."""
        return CorpusInfo(self.corpus.title, self.corpus.description, self.corpus.questions)


def source_at(url: str) -> SourceEntry:
    """Return a source with nothing but its address. Raise `UsageError` if it is not one."""
    try:
        return SourceEntry(url=url)
    except ValidationError:
        raise UsageError(
            f"{url!r} is not an address. Name one that begins with https:// or http://."
        ) from None


def read_corpus_file(corpus: Path) -> CorpusFile:
    """Return what ``corpus.toml`` in the folder says; nothing where there is no such file.

    Files that were fetched have the address that they come from. Raise `CorpusError` that names the
    file and the line of each mistake.
    """
    described, fetched = _read(corpus), read_record(corpus).files
    documents = dict(described.documents)
    for source, file in fetched.items():
        entry = documents.get(source, DocumentEntry())
        if entry.url is None and (corpus / source).is_file():
            documents[source] = entry.model_copy(update={"url": file.url})
    return described.model_copy(update={"documents": documents})


def _read(corpus: Path) -> CorpusFile:
    path = corpus / CORPUS_FILE
    try:
        content, _ = read_regular_file(path, _MAX_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        return CorpusFile()
    except (UnreadableFileError, OSError) as error:
        raise CorpusError(f"{path} cannot be read: {error}.") from error
    text = _decode(path, content)
    fields = _parse(path, text)
    try:
        return CorpusFile.model_validate(fields)
    except ValidationError as error:
        raise CorpusError(f"{path} is wrong: {_explain(error.errors(), text)}.") from error


def _decode(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise CorpusError(f"{path} is not valid TOML: line {line} is not UTF-8.") from error


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        last_line = text.rstrip().count("\n") + 1
        end = f"(at line {last_line}, the end of the file)"
        reason = str(error).replace("(at end of document)", end)
        raise CorpusError(f"{path} is not valid TOML: {reason}.") from error
    except (RecursionError, ValueError) as error:
        line = _first_line_that_raises(type(error), text)
        reason = "values are nested too deeply" if type(error) is RecursionError else str(error)
        raise CorpusError(f"{path} cannot be read: {reason} (at line {line}).") from error


def _explain(problems: Sequence[ErrorDetails], text: str) -> str:
    """Name the field, the line and the mistake of each problem, as far as a person would read."""
    named = [
        f"{'.'.join(str(part) for part in problem['loc'])} "
        f"(line {_line_of(problem['loc'], text)}): {plain_message(problem)}"
        for problem in problems[:_PROBLEMS_NAMED]
    ]
    more = len(problems) - _PROBLEMS_NAMED
    return "; ".join(named) + (f"; and {more} more" if more > 0 else "")


def _first_line_that_raises(error: type[Exception], text: str) -> int:
    """Return the line, from 1, up to which a file raises an error that does not name its line.

    The beginning of a file raises it as soon as that line is part of it.
    """
    lines = text.split("\n")

    def raises(count: int) -> bool:
        try:
            tomllib.loads("\n".join(lines[:count]))
        except (RecursionError, ValueError) as found:
            return type(found) is error
        return False

    return bisect_left(range(len(lines)), True, key=raises)


def _line_of(place: tuple[int | str, ...], text: str) -> int:
    """Return the line, from 1, of the statement that sets a field, or of the table it is in."""
    deepest, line = 0, 1
    for first_line, fields in _statements(text):
        depth = _depth(fields, place)
        if depth > deepest:
            deepest, line = depth, first_line
    return line


def _statements(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each statement of a valid file: its first line and the fields that it sets.

    A statement ends with the line at which it can be parsed. The search ends at a statement of
    very many lines, which would take long.
    """
    header, statement, first_line = "", "", 1
    for number, line in enumerate(text.split("\n"), 1):
        statement += line + "\n"
        is_header = statement.lstrip().startswith("[")
        try:
            fields = tomllib.loads(statement if is_header else header + statement)
        except (tomllib.TOMLDecodeError, RecursionError):
            if number - first_line > _LONGEST_STATEMENT:
                return
            continue
        yield first_line, fields
        header = statement if is_header else header
        statement, first_line = "", number + 1


def _depth(fields: Any, place: tuple[int | str, ...]) -> int:
    """Count the steps of a place that lead somewhere in the fields."""
    for depth, step in enumerate(place):
        try:
            fields = fields[step]
        except (LookupError, TypeError):
            return depth
    return len(place)
