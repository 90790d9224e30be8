"""Public names that are imported when first used, so that importing a package stays quick.

In a package's ``__init__``, beside the imports that type checkers and editors read::

    if TYPE_CHECKING:
        from assistant.web.app import create_app
    else:
        __getattr__, __dir__ = lazy_names(__name__, __all__, ["app"])
"""

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any


def lazy_names(
    package: str, names: Sequence[str], modules: Sequence[str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return ``__getattr__`` and ``__dir__`` of a package with these public names.

    A name is looked up in the modules in their order, so name the quickest to import first.
    They are named below the package: ``cases.case_model``.
    """

    def import_name(name: str) -> Any:
        if name in names:
            for module in modules:
                members = vars(import_module(f"{package}.{module}"))
                if name in members:
                    return members[name]
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    def list_names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *names})

    return import_name, list_names
