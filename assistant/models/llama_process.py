"""The process that runs a language model with llama.cpp; the only importer of xllamacpp.

Run as a program by `assistant.models.local_server`. On standard input comes a line of JSON; on
standard output goes one, with the address. The process ends when its standard input does, so that
it never outlives the program that started it.
"""

import json
import os
import sys
from typing import Any

_MEGABYTE = 1 << 20


def main() -> None:
    """Serve a model on the loopback address until standard input ends."""
    options = json.loads(sys.stdin.readline())
    answers = os.dup(1)
    os.dup2(2, 1)  # llama.cpp's own words must not get between the answers
    _limit_memory(options["megabytes"])
    server = _serve(options)
    address = str(server.listening_address)
    os.write(answers, json.dumps({"address": address}).encode() + b"\n")
    sys.stdin.read()
    os._exit(0)  # without waiting for a request in progress


def _serve(options: dict[str, Any]) -> Any:
    import xllamacpp  # a native library

    params = xllamacpp.CommonParams()
    params.model.path = options["weights"]
    params.hostnames = ["127.0.0.1"]
    params.api_keys = [options["key"]]
    params.n_ctx = options["context"]
    params.n_parallel = 1
    params.cache_prompt = True
    params.cpuparams.n_threads = options["threads"]
    params.cpuparams_batch.n_threads = options["threads"]
    params.ui = False
    return xllamacpp.Server(params)


def _limit_memory(megabytes: int) -> None:
    """Bound what is taken beside the weights, which are read from the file in place."""
    try:
        import resource  # not on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most = megabytes * _MEGABYTE
    _, highest = resource.getrlimit(resource.RLIMIT_DATA)
    if highest == resource.RLIM_INFINITY or most < highest:
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


if __name__ == "__main__":
    main()
