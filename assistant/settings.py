"""Settings, the only reader of the environment: ``ASSISTANT_*``, ``assistant.toml``, defaults."""

import re
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from assistant.errors import SettingsError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

BUNDLED_MODEL = "all-MiniLM-L6-v2"
BUNDLED_READER = "bundled"
NO_READER = "none"
MAX_TOP_K = 100
MAX_QUESTION_LENGTH = 100_000
SETTINGS_FILE = "assistant.toml"
SHORTEST_TOKEN = 16
_SECRET = {"api_tokens", "chat_password"}
_ROOT_PATH = re.compile(r"(?:/[\w.~-]+)*", re.ASCII)
_ORIGIN = re.compile(r"https?://(?:[\w.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?", re.ASCII | re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s/?#]+(?:/[^\s?#]*)?", re.ASCII | re.IGNORECASE)


class Settings(BaseSettings):
    """What a deployment may choose; each field is also ``ASSISTANT_<FIELD>`` and a line of the file."""

    model_config = SettingsConfigDict(
        env_prefix="ASSISTANT_", toml_file=SETTINGS_FILE, extra="forbid", frozen=True
    )

    corpus: Path = Field(Path("docs_corpus"), description="folder of the documents")
    index: Path = Field(Path("index"), description="folder that ingestion writes")
    embedding_model: str = Field(
        BUNDLED_MODEL,
        min_length=1,
        description="bundled model, or a sentence-transformers name or path",
    )
    chunk_tokens: int = Field(
        128, ge=16, le=8192, description="size of a chunk, in the embedding model's tokens"
    )
    chunk_overlap: int = Field(
        1, ge=0, le=20, description="sentences that a chunk repeats from the one before"
    )
    max_file_bytes: int = Field(
        50_000_000, ge=1, description="a larger file is skipped, with a word about it"
    )
    max_reading_seconds: float = Field(
        120.0, gt=0, description="a file that takes longer to read is skipped, with a word about it"
    )
    max_reading_megabytes: int = Field(
        1024, ge=64, description="memory that the reading of one file may take (Linux)"
    )
    top_k: int = Field(8, ge=1, le=MAX_TOP_K, description="passages that are read for an answer")
    reader: str = Field(
        BUNDLED_READER,
        min_length=1,
        description="bundled reading model, none, or an extractive question-answering model",
    )
    answer_threshold: float | None = Field(
        None,
        ge=0.0,
        le=1.0,
        description="probability from which a passage counts as an answer; the reader's own unless set",
    )
    chat_model: str | None = Field(
        None,
        min_length=1,
        description="language model that writes answers, as provider:model; none unless set",
    )
    chat_model_base_url: str | None = Field(
        None,
        description="address of an OpenAI-compatible server, like http://127.0.0.1:11434/v1",
    )
    chat_temperature: float = Field(
        0.0, ge=0.0, le=2.0, description="how freely the language model chooses its words"
    )
    chat_timeout: float = Field(
        60.0, ge=1.0, le=3600.0, description="seconds for a written answer; quotes come after them"
    )
    chat_retries: int = Field(
        1, ge=0, le=10, description="times that a failed request to the language model is repeated"
    )
    chat_token_budget: int = Field(
        3000, ge=256, description="tokens of a prompt; the lowest-ranked passages are left out"
    )
    chat_answer_tokens: int = Field(
        512, ge=16, description="tokens that the language model may write for an answer"
    )
    unsupported: Literal["drop", "flag"] = Field(
        "drop",
        description="what becomes of a written sentence that no passage bears out: drop or flag",
    )
    max_question_length: int = Field(
        2000, ge=1, le=MAX_QUESTION_LENGTH, description="characters of a question"
    )
    host: str = Field("127.0.0.1", description="address that the server listens on")
    port: int = Field(7860, ge=0, le=65535, description="port that the server listens on")
    root_path: str = Field(
        "", description="path below which a reverse proxy shows the server, like /assistant"
    )
    concurrency: int = Field(4, ge=1, le=256, description="questions answered at the same time")
    max_in_flight: int = Field(
        64, ge=1, le=10_000, description="questions answered or waiting at a time; more are refused"
    )
    rate_limit: str | None = Field(
        None,
        pattern=r"^[1-9]\d{0,8}/(second|minute|hour|day)$",
        description="requests that one client may make, like 120/minute; no limit unless set",
    )
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="sites that may embed the widget and call the API, separated by commas"
    )
    chat_password: SecretStr | None = Field(
        None, min_length=1, description="password that the chat asks for; none unless set"
    )
    api_tokens: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        (), description="tokens that the API asks for, separated by commas; none unless set"
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        ("127.0.0.1", "::1"),
        description="addresses or networks of reverse proxies whose X-Forwarded-For is believed",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="what the server logs: debug, info, warning or error"
    )
    log_questions: bool = Field(False, description="whether the log holds the text of questions")
    feedback_file: Path | None = Field(
        None,
        description="file of what readers say; feedback.sqlite3 in the index folder unless set",
    )
    feedback_days: int | None = Field(
        None, ge=1, le=36_500, description="days after which feedback is deleted; kept unless set"
    )
    keep_unanswered: bool = Field(
        False, description="also keep the questions that the documents do not answer"
    )

    @field_validator("allowed_origins", "api_tokens", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, given: object) -> object:
        return given.replace(",", " ").split() if isinstance(given, str) else given

    @field_validator("allowed_origins")
    @classmethod
    def _origins_only(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(f"{origin!r} is no origin; write it like https://example.org")
        return tuple(origin.lower() for origin in origins)

    @field_validator("chat_model_base_url")
    @classmethod
    def _address_of_a_model(cls, address: str | None, info: ValidationInfo) -> str | None:
        if address is None:
            return None
        if not _ADDRESS.fullmatch(address):
            raise ValueError("this is no address; write it like http://127.0.0.1:11434/v1")
        if info.data.get("chat_model") is None:
            raise ValueError("name the model that the server has with ASSISTANT_CHAT_MODEL")
        return address

    @field_validator("api_tokens")
    @classmethod
    def _long_tokens_only(cls, tokens: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        for token in tokens:
            if len(token) < SHORTEST_TOKEN or not token.get_secret_value().isascii():
                raise ValueError(f"a token has at least {SHORTEST_TOKEN} characters, all ASCII")
        return tokens

    @field_validator("trusted_proxies")
    @classmethod
    def _networks_only(cls, proxies: tuple[str, ...]) -> tuple[str, ...]:
        for proxy in proxies:
            ip_network(proxy)  # says itself what is wrong
        return proxies

    @field_validator("root_path")
    @classmethod
    def _path_only(cls, path: str) -> str:
        path = path.rstrip("/")
        if not _ROOT_PATH.fullmatch(path):
            raise ValueError("write it like /assistant")
        return path

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then the file; nothing else is read."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**overrides: Any) -> Settings:
    """Settings from the environment, the file and the defaults; overrides that are None do not count.

    Raises `SettingsError` that names each wrong setting and its value.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(str(part) for part in problem['loc'])}{_value(problem)}: {problem['msg']}"
            for problem in error.errors()
        )
        raise SettingsError(
            f"Settings cannot be used: {wrong}. Correct ASSISTANT_<NAME> or {SETTINGS_FILE}."
        ) from error
    except ValueError as error:  # tomllib's TOMLDecodeError
        raise SettingsError(f"{SETTINGS_FILE} is not valid TOML: {error}") from error


def _value(problem: "ErrorDetails") -> str:
    """The value that is wrong; of a setting that does not exist it might be somebody's key."""
    is_secret = problem["type"] == "extra_forbidden" or not _SECRET.isdisjoint(problem["loc"])
    return "" if is_secret else f" = {problem['input']!r}"
