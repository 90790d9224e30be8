"""Reads ``corpus.toml``: what the owner says about the corpus and its documents."""

import tomllib
from pathlib import Path

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError, field_validator

from assistant.errors import CorpusError
from assistant.types import Attribution, CorpusInfo

CORPUS_FILE = "corpus.toml"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class _CorpusTable(_Model):
    title: str = ""
    description: str = ""
    questions: tuple[str, ...] = ()


class DocumentEntry(_Model):
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
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("must begin with https:// or http://")
        return value

    @property
    def attribution(self) -> Attribution:
        """The entry without its title."""
        return Attribution(self.author, self.publisher, self.date, self.url, self.rights)


class CorpusFile(_Model):
    """The whole of ``corpus.toml``."""

    corpus: _CorpusTable = _CorpusTable()
    documents: dict[str, DocumentEntry] = {}

    @property
    def info(self) -> CorpusInfo:
        """What is said of the corpus as a whole."""
        return CorpusInfo(self.corpus.title, self.corpus.description, self.corpus.questions)


def read_corpus_file(corpus: Path) -> CorpusFile:
    """What ``corpus.toml`` in the folder says; empty where there is no such file.

    Raises `CorpusError` that names every wrong field.
    """
    path = corpus / CORPUS_FILE
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return CorpusFile()
    except OSError as error:
        raise CorpusError(f"{path} cannot be read: {error.strerror}.") from error
    try:
        return CorpusFile.model_validate(tomllib.loads(content.decode("utf-8-sig")))
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}"
            for problem in error.errors()
        )
        raise CorpusError(f"{path} is wrong: {wrong}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path} is not valid TOML: {error}.") from error
