"""Which language models there are, and the settings that name one of them."""

from dataclasses import asdict, dataclass
from importlib.util import find_spec
from typing import Any

from assistant.errors import UsageError
from assistant.models.chat_model import LOCAL
from assistant.models.model_files import fetched_models, local_model
from assistant.models.model_servers import SERVERS, ModelServer, find_servers
from assistant.settings import PROVIDER_KEYS, Settings, providers_with_keys


@dataclass(frozen=True, slots=True)
class FoundModels:
    """Servers of this machine, files that were fetched, and providers whose key is there."""

    servers: tuple[ModelServer, ...]
    files: tuple[str, ...]
    providers: tuple[str, ...]

    @property
    def usable(self) -> list[str]:
        """The models that need no more than to be named, best at hand first."""
        served = [name for server in self.servers for name in server.writers]
        return served + [f"{LOCAL}{name}" for name in self.files]

    def sections(self) -> list[tuple[str, list[str]]]:
        """Return a title with its lines for each place where something was found."""
        sections = [
            (f"{server.title} at {server.base_url}", server.names) for server in self.servers
        ]
        if self.files:
            sections.append(("Fetched", [f"{LOCAL}{name}" for name in self.files]))
        if self.providers:
            sections.append(("Keys in the environment", [*map(_provider_line, self.providers)]))
        return sections

    def to_dict(self) -> dict[str, Any]:
        """Return what was found, for JSON."""
        return asdict(self)


def find_models(settings: Settings) -> FoundModels:
    """Look for models: at the usual ports of this machine, in the cache, in the environment."""
    return FoundModels(
        tuple(find_servers(kinds=SERVERS)),
        tuple(fetched_models(settings.models_path)),
        tuple(providers_with_keys()),
    )


def chosen_settings(settings: Settings, name: str) -> Settings:
    """Return the settings with a model, by a name such as ``ollama:NAME`` or ``openai:NAME``.

    Raise `UsageError` if its server does not answer or does not have it, and `ModelError` for a
    file that is not there.
    """
    kind, _, model = name.partition(":")
    if not kind or not model:
        raise UsageError(f"{name!r} is not a model. Give one that is listed by: assistant model")
    address = None
    if kind in SERVERS:
        name, address = model, _server(kind, model).base_url
    elif name.startswith(LOCAL):
        local_model(model, settings.models_path)
    return settings.model_copy(update={"chat_model": name, "chat_model_base_url": address})


def settings_changes(chosen: Settings | None) -> dict[str, str | None]:
    """Return what the settings file says about a model, with None for a line to remove."""
    return {
        "chat_model": chosen.chat_model if chosen else None,
        "chat_model_base_url": chosen.chat_model_base_url if chosen else None,
    }


def _server(kind: str, model: str) -> ModelServer:
    found = find_servers(seconds=2.0, kinds={kind: SERVERS[kind]})
    if not found:
        title, port = SERVERS[kind].title, SERVERS[kind].port
        raise UsageError(f"{title} does not answer at port {port} of this machine. Start it first.")
    (server,) = found
    if model not in server.models:
        raise UsageError(
            f"{server.title} has no model {model!r}. It has: {', '.join(server.models)}."
        )
    return server


def _provider_line(provider: str) -> str:
    package = f"langchain_{provider}"
    missing = "" if find_spec(package) else f" (first run: pip install {package.replace('_', '-')})"
    return f"{PROVIDER_KEYS[provider]}: assistant model use {provider}:MODEL{missing}"
