"""Find the language-model servers of this machine, at their usual ports on the loopback address."""

import json
import threading
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

_LONGEST_LIST = 1 << 20
_OWN = "assistant"


@dataclass(frozen=True, slots=True)
class ServerKind:
    """A program that serves models: its name, usual port and the path of its list of models."""

    title: str
    port: int
    models_path: str


@dataclass(frozen=True, slots=True)
class ModelServer:
    """A server that answered, with the models that it lists. ``base_url`` speaks OpenAI's protocol."""

    kind: str
    title: str
    base_url: str
    models: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """The models, as ``assistant model use`` takes them."""
        return [f"{self.kind}:{model}" for model in self.models]


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
    return ModelServer(name, kind.title, f"{address}/v1", models) if models else None


def _models(listed: Any) -> tuple[str, ...]:
    """Return the names in a list of Ollama or OpenAI's protocol; none in anything else."""
    if not isinstance(listed, dict):
        return ()
    entries = listed.get("models") or listed.get("data")
    if not isinstance(entries, list):
        return ()
    entries = [entry for entry in entries if isinstance(entry, dict)]
    names = [
        entry.get("name") or entry.get("id") for entry in entries if entry.get("owned_by") != _OWN
    ]
    return tuple(name for name in names if isinstance(name, str))
