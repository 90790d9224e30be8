"""Serving: the last stretch of a question's way, a FastAPI application with the web chat in it.

Nothing heavy is imported until a server is made.
"""

from typing import TYPE_CHECKING

from assistant.lazy_names import lazy_names

__all__ = ["create_app", "run_server"]

if TYPE_CHECKING:
    from assistant.web.app import create_app, run_server
else:
    __getattr__, __dir__ = lazy_names(__name__, __all__, ["app"])
