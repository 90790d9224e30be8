"""Switches off what libraries send to their makers. Nothing leaves the machine.

Importing the package does this, before any of these libraries is imported. They read the variables
only then.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path

SWITCHES = {
    "ORT_DISABLE_TELEMETRY": "1",  # onnxruntime 1.32 sends events and keeps an identifier
    "ANONYMIZED_TELEMETRY": "False",  # Chroma
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}
TRACING = ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2")
"""LangChain sends every prompt to a service if another program's settings have one of these."""
_OF_ONNXRUNTIME = Path("Microsoft", "DeveloperTools", ".onnxruntime")


def switch_off_telemetry() -> None:
    """Set the variables that switch off the telemetry of libraries, for this process."""
    os.environ.update(SWITCHES)


def switch_off_tracing() -> None:
    """Remove the variables by which LangChain sends prompts to a service."""
    for name in TRACING:
        os.environ.pop(name, None)


def remove_leftovers(cache: Path | None = None) -> None:
    """Delete the identifier and the events that onnxruntime kept in the user's cache folder."""
    with suppress(OSError, RuntimeError):  # no home, or a home that cannot be written
        cache = cache or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        shutil.rmtree(cache / _OF_ONNXRUNTIME, ignore_errors=True)
        for folder in (cache / _OF_ONNXRUNTIME).parents[:2]:
            folder.rmdir()  # fails if anything else is in it
