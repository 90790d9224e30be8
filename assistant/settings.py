"""Settings from ``ASSISTANT_*`` variables, ``assistant.toml`` and defaults.

No other module reads the environment.
"""

import os
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
from assistant.validation_messages import plain_message

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

BUNDLED_MODEL = "all-MiniLM-L6-v2"
BUNDLED_READER = "bundled"
NO_READER = "none"
MAX_TOP_K = 100
MAX_QUESTION_LENGTH = 100_000
SETTINGS_FILE = "assistant.toml"
SHORTEST_TOKEN = 16
PROVIDER_KEYS = {
    "openai": "OPENAI_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
    "mistralai": "MISTRAL_API_KEY",
    "google_genai": "GOOGLE_API_KEY",
}
"""By provider, as LangChain's ``init_chat_model`` names it: the variable that its package reads."""
_SECRET = {"api_tokens", "chat_password", "database"}
_ROOT_PATH = re.compile(r"(?:/[\w.~-]+)*", re.ASCII)
_ORIGIN = re.compile(r"https?://(?:[\w.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?", re.ASCII | re.IGNORECASE)
_HOST = re.compile(
    r"\*|(?:\*\.)?[\w-]+(?:\.[\w-]+)*\.?|\[?[0-9a-f:]*:[0-9a-f:.]*\]?", re.ASCII | re.IGNORECASE
)
_ADDRESS = re.compile(r"https?://[^\s/?#]+(?:/[^\s?#]*)?", re.ASCII | re.IGNORECASE)

_RATE = re.compile(r"[1-9]\d{0,8}/(?:second|minute|hour|day)", re.ASCII)
_DATABASE = re.compile(r"postgres(?:ql)?://")


class Settings(BaseSettings):
    """What a deployment can configure.

    Each field can be set by the variable ``ASSISTANT_<FIELD>`` or by a line of the file.
    """

    model_config = SettingsConfigDict(
        env_prefix="ASSISTANT_", toml_file=SETTINGS_FILE, extra="forbid", frozen=True
    )

    corpus: Path = Field(Path("docs_corpus"), description="folder that holds the documents")
    index: Path = Field(Path("index"), description="folder that holds the index")
    database: SecretStr | None = Field(
        None,
        description="PostgreSQL database for the index instead of the folder, as postgresql://…",
    )
    embedding_model: str = Field(
        BUNDLED_MODEL,
        min_length=1,
        description="the bundled model, or the name or path of a sentence-transformers model",
    )
    chunk_tokens: int = Field(
        128, ge=16, le=8192, description="size of a chunk, in tokens of the embedding model"
    )
    chunk_overlap: int = Field(
        1, ge=0, le=20, description="number of sentences repeated from the previous chunk"
    )
    max_file_bytes: int = Field(
        50_000_000, ge=1, description="largest file to read; larger files are skipped and reported"
    )
    max_reading_seconds: float = Field(
        120.0,
        gt=0,
        description="time limit for reading a file; slower files are skipped and reported",
    )
    max_embedding_seconds: float = Field(
        600.0,
        gt=0,
        description="time limit for embedding a file; what is left then cannot be searched",
    )
    max_reading_megabytes: int = Field(
        1024, ge=64, description="memory limit for reading a file (Linux only)"
    )
    private_sources: bool = Field(
        False,
        description="whether [[sources]] may be at private addresses, such as those of an intranet",
    )
    top_k: int = Field(
        12, ge=1, le=MAX_TOP_K, description="number of passages read for each answer"
    )
    reader: str = Field(
        BUNDLED_READER,
        min_length=1,
        description="the bundled reading model, an extractive question-answering model, or none",
    )
    answer_threshold: float | None = Field(
        None,
        ge=0.0,
        le=1.0,
        description="lowest probability of a certain answer; the reader's own by default",
    )
    possible_threshold: float | None = Field(
        None,
        ge=0.0,
        le=1.0,
        description="lowest probability of an answer shown as possible; the reader's own by default",
    )
    chat_model: str | None = Field(
        None,
        min_length=1,
        description="language model that writes answers, as provider:model; none by default",
    )
    chat_model_base_url: str | None = Field(
        None,
        description="address of an OpenAI-compatible server, such as http://127.0.0.1:11434/v1",
    )
    models_folder: Path | None = Field(
        None,
        description="folder of fetched language models; assistant/models in the user's cache",
    )
    chat_temperature: float = Field(
        0.0, ge=0.0, le=2.0, description="sampling temperature of the language model"
    )
    chat_timeout: float = Field(
        60.0,
        ge=1.0,
        le=3600.0,
        description="time limit for a written answer; after it, the answer is quoted",
    )
    chat_retries: int = Field(
        1, ge=0, le=10, description="number of retries after a failed request to the language model"
    )
    chat_token_budget: int = Field(
        3000, ge=256, description="longest prompt; the lowest-ranked passages are left out to fit"
    )
    chat_answer_tokens: int = Field(
        512, ge=16, description="longest answer that the language model may write"
    )
    unsupported: Literal["drop", "flag"] = Field(
        "drop",
        description="what to do with a written sentence that no passage supports: drop or flag",
    )
    max_question_length: int = Field(
        2000, ge=1, le=MAX_QUESTION_LENGTH, description="longest question, in characters"
    )
    suggested_questions: int = Field(
        3, ge=0, le=6, description="number of questions to suggest below an answer; 0 for none"
    )
    host: str = Field("127.0.0.1", description="address that the server listens on")
    port: int = Field(7860, ge=0, le=65535, description="port that the server listens on")
    root_path: str = Field(
        "",
        description="path under which a reverse proxy serves the application, such as /assistant",
    )
    concurrency: int = Field(
        4, ge=1, le=256, description="number of questions answered at the same time"
    )
    max_in_flight: int = Field(
        64,
        ge=1,
        le=10_000,
        description="number of questions answered or waiting; any more are refused",
    )
    rate_limit: str | None = Field(
        None,
        description="requests allowed per client, such as 120/minute; no limit by default",
    )
    limits_redis: SecretStr | None = Field(
        None,
        description="Redis in which servers count requests and tries of the password together, such as "
        "redis://host:6379; by default the database does, if there is one",
    )
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="sites that may embed the widget and call the API, separated by commas"
    )
    chat_password: SecretStr | None = Field(
        None, min_length=1, description="password required to open the chat; none by default"
    )
    api_tokens: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        (), description="tokens that the API accepts, separated by commas; none by default"
    )
    uploads: bool = Field(
        False,
        description="whether readers may add documents; needs a chat password or API tokens",
    )
    upload_bytes: int = Field(
        1_000_000_000, ge=1, description="room for all documents that readers add, in bytes"
    )
    hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        ("localhost", "127.0.0.1", "::1"),
        description="names under which browsers may open the server, such as docs.example.org",
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="addresses or networks of reverse proxies whose X-Forwarded headers are trusted",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="least severe messages to log: debug, info, warning or error"
    )
    metrics: bool = Field(False, description="whether to serve figures for Prometheus at /metrics")
    texts: Path | None = Field(
        None,
        description="folder of JSON files, one per language, that change or add texts of the pages",
    )
    tracing: bool = Field(False, description="whether to send spans of OpenTelemetry")
    log_questions: bool = Field(False, description="whether to log the text of questions")
    feedback_file: Path | None = Field(
        None,
        description="file that stores feedback; feedback.sqlite3 in the index folder by default",
    )
    feedback_days: int | None = Field(
        None, ge=1, le=36_500, description="days to keep feedback; kept without limit by default"
    )
    keep_unanswered: bool = Field(
        False, description="whether to store the questions that the documents do not answer"
    )

    keep_questions: bool = Field(
        False, description="whether to store every question, for the insights"
    )

    @property
    def models_path(self) -> Path:
        """The folder of fetched language models: that of the settings, or in the user's cache."""
        if self.models_folder is not None:
            return self.models_folder
        cache = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
        return (Path(cache) if cache else Path.home() / ".cache") / "assistant" / "models"

    @field_validator("allowed_origins", "api_tokens", "hosts", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return value.replace(",", " ").split() if isinstance(value, str) else value

    @field_validator("allowed_origins")
    @classmethod
    def _check_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(f"{origin!r} is not an origin such as https://example.org")
        return tuple(origin.lower() for origin in origins)

    @field_validator("hosts")
    @classmethod
    def _check_hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for host in hosts:
            if not _HOST.fullmatch(host):
                raise ValueError(f"{host!r} is not a name such as docs.example.org, without a port")
        return tuple(host.strip("[]").lower() for host in hosts)

    @field_validator("rate_limit")
    @classmethod
    def _check_rate(cls, rate: str | None) -> str | None:
        if rate is not None and not _RATE.fullmatch(rate):
            raise ValueError(
                "must be a number of requests per second, minute, hour or day, such as 120/minute"
            )
        return rate

    @field_validator("chat_model_base_url")
    @classmethod
    def _check_model_address(cls, address: str | None, info: ValidationInfo) -> str | None:
        if address is None:
            return None
        if not _ADDRESS.fullmatch(address):
            raise ValueError("this is not an address such as http://127.0.0.1:11434/v1")
        if info.data.get("chat_model") is None:
            raise ValueError("name a model of this server in ASSISTANT_CHAT_MODEL")
        return address

    @field_validator("database")
    @classmethod
    def _check_database(cls, address: SecretStr | None) -> SecretStr | None:
        if not address:  # an empty variable
            return None
        if not _DATABASE.match(address.get_secret_value()):
            raise ValueError("this is not an address such as postgresql://user@host/name")
        return address

    @property
    def pages_take_uploads(self) -> bool:
        """Whether readers can add documents in the chat, which needs a password."""
        return self.uploads and self.chat_password is not None

    @field_validator("api_tokens")
    @classmethod
    def _check_tokens(cls, tokens: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        for token in tokens:
            if len(token) < SHORTEST_TOKEN or not token.get_secret_value().isascii():
                raise ValueError(
                    f"a token must have at least {SHORTEST_TOKEN} characters, all ASCII"
                )
        return tokens

    @field_validator("uploads")
    @classmethod
    def _check_uploads(cls, uploads: bool, info: ValidationInfo) -> bool:
        if uploads and not info.data.get("chat_password") and not info.data.get("api_tokens"):
            raise ValueError(
                "set ASSISTANT_CHAT_PASSWORD, ASSISTANT_API_TOKENS or both, so that not everyone "
                "can add documents"
            )
        return uploads

    @field_validator("trusted_proxies")
    @classmethod
    def _check_networks(cls, proxies: tuple[str, ...]) -> tuple[str, ...]:
        for proxy in proxies:
            ip_network(proxy)  # its error names the wrong value
        return proxies

    @field_validator("root_path")
    @classmethod
    def _check_path(cls, path: str) -> str:
        path = path.rstrip("/")
        if not _ROOT_PATH.fullmatch(path):
            raise ValueError("this is not a path such as /assistant")
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
        """Return the sources by precedence: arguments, environment, file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**overrides: Any) -> Settings:
    """Return the settings from the environment, the file and the defaults.

    Overrides take precedence, except those that are None. Raise `SettingsError`, which names each
    wrong setting and its value.
    """
    chosen = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**chosen)
    except ValidationError as error:
        raise SettingsError(_explained(error)) from error
    except ValueError as error:  # tomllib's TOMLDecodeError
        raise SettingsError(f"{SETTINGS_FILE} is not valid TOML: {error}") from error


def providers_with_keys() -> list[str]:
    """Return the providers of language models whose key is in the environment."""
    return [provider for provider, name in PROVIDER_KEYS.items() if os.environ.get(name)]


def _explained(error: ValidationError) -> str:
    """Return what is wrong with each setting, and where to correct it."""
    problems = error.errors()
    explained = "; ".join(
        f"{'.'.join(map(str, problem['loc']))}{_value(problem)}: {plain_message(problem)}"
        for problem in problems
    )
    names = dict.fromkeys(str(problem["loc"][0]) for problem in problems)
    variables = [f"ASSISTANT_{name.upper()}" for name in names if name in Settings.model_fields]
    places = [*variables, SETTINGS_FILE]
    return f"The settings are not valid: {explained}. Correct {' or '.join(places)}."


def _value(problem: "ErrorDetails") -> str:
    """Return the wrong value for the message, or nothing where it may be secret.

    The value of an unknown setting may be somebody's key.
    """
    is_secret = problem["type"] == "extra_forbidden" or not _SECRET.isdisjoint(problem["loc"])
    return "" if is_secret else f" = {problem['input']!r}"
