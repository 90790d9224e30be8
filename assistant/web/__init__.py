"""Serving: the last stretch of a question's way, a FastAPI application with the web chat in it.

Nothing heavy is imported until a server is made.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.web.app import create_app, run_server

__all__ = ["create_app", "run_server"]


def __getattr__(name: str) -> Any:
    """`create_app` and `run_server`, imported when first asked for: Gradio takes seconds."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from assistant.web import app  # keeps Gradio out of start-up

    return getattr(app, name)
