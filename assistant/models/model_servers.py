"""Find the language-model servers of this machine, at their usual ports on the loopback address."""

import json
import re
import threading
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

_LONGEST_LIST = 1 << 20
_OWN = "assistant"
_ENCODER_NAME = re.compile(r"embed|rerank", re.IGNORECASE)
_ENCODER_FAMILY = re.compile(r"bert", re.IGNORECASE)
"""Models of this architecture only embed: Ollama names the family of each model."""


@dataclass(frozen=True, slots=True)
class ServerKind:
    """A program that serves models: its name, usual port and the path of its list of models."""

    title: str
    port: int
    models_path: str


@dataclass(frozen=True, slots=True)
class ModelServer:
    """A server that answered, with the models that it lists. ``base_url`` speaks OpenAI's protocol.

    ``encoders`` are those of the models that embed or rank texts, and write none.
    """

    kind: str
    title: str
    base_url: str
    models: tuple[str, ...]
    encoders: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """The models, as ``assistant model use`` takes them."""
        return [f"{self.kind}:{model}" for model in self.models]

    @property
    def writers(self) -> list[str]:
        """The names of the models that write."""
        return [f"{self.kind}:{model}" for model in self.models if model not in self.encoders]


SERVERS = {
    "ollama": ServerKind("Ollama", 11434, "/api/tags"),
    "lmstudio": ServerKind("LM Studio", 1234, "/v1/models"),
    "llamacpp": ServerKind("llama.cpp", 8080, "/v1/models"),
    "vllm": ServerKind("vLLM", 8000, "/v1/models"),
}


def find_servers(
    seconds: float = 0.5, kinds: Mapping[str, ServerKind] = SERVERS
) -> list[ModelServer]:
    """Return the servers that answer in time with at least one model. All are asked at once."""
    found: dict[str, ModelServer] = {}

    def look(name: str, kind: ServerKind) -> None:
        if server := _ask(name, kind, seconds):
            found[name] = server

    threads = [threading.Thread(target=look, args=item, daemon=True) for item in kinds.items()]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 2 * seconds
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    return [found[name] for name in kinds if name in found]


def _ask(name: str, kind: ServerKind, seconds: float) -> ModelServer | None:
    address = f"http://127.0.0.1:{kind.port}"
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(address + kind.models_path, timeout=seconds) as response:
            models = _models(json.loads(response.read(_LONGEST_LIST)))
    except (OSError, HTTPException, ValueError):  # nobody there, or somebody else
        return None
    if not models:
        return None
    encoders = tuple(model for model, is_encoder in models.items() if is_encoder)
    return ModelServer(name, kind.title, f"{address}/v1", tuple(models), encoders)


def _models(listed: Any) -> dict[str, bool]:
    """Return the names in a list of Ollama or OpenAI's protocol, and whether each is an encoder.

    Anything else has no names.
    """
    if not isinstance(listed, dict):
        return {}
    entries = listed.get("models") or listed.get("data")
    if not isinstance(entries, list):
        return {}
    entries = [entry for entry in entries if isinstance(entry, dict)]
    named = [
        (entry.get("name") or entry.get("id"), entry)
        for entry in entries
        if entry.get("owned_by") != _OWN
    ]
    return {name: _is_encoder(name, entry) for name, entry in named if isinstance(name, str)}


def _is_encoder(name: str, entry: dict[str, Any]) -> bool:
    details = entry.get("details")
    family = details.get("family") if isinstance(details, dict) else None
    is_of_family = isinstance(family, str) and _ENCODER_FAMILY.search(family)
    return bool(is_of_family or _ENCODER_NAME.search(name))
