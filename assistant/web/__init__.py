"""The web application: chat, documents, widget and HTTP APIs on FastAPI.

Importing this package imports nothing heavy. `create_app` and `run_server` do.
"""

from typing import TYPE_CHECKING

from assistant.extras import importing
from assistant.lazy_names import lazy_names

__all__ = ["create_app", "run_server"]

if TYPE_CHECKING:
    from assistant.web.app import create_app
    from assistant.web.server import run_server
else:
    _import_name, __dir__ = lazy_names(__name__, __all__, ["server", "app"])

    def __getattr__(name: str) -> object:
        with importing("chat"):
            return _import_name(name)
