"""The optional parts of the package, and the error that names the missing one.

The core answers on the command line and in Python. Each other part is an extra of the package,
so that nobody downloads what they do not use.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from assistant.errors import MissingExtraError

EXTRAS = {
    "chat": ("gradio", "The chat and the API"),
    "llm": ("langchain", "A language model"),
    "local": ("xllamacpp", "A language model on this machine, in a file,"),
    "postgres": ("psycopg", "An index in PostgreSQL"),
    "redis": ("redis", "Counting limits in Redis"),
    "telemetry": ("opentelemetry.sdk", "OpenTelemetry"),
    "ocr": ("rapidocr", "Text recognition"),
    "models": ("sentence_transformers", "Another model than the bundled ones"),
}
"""By extra: a module that only it installs, and what needs it."""


def command_for(extra: str) -> str:
    """Return how an extra is installed. The package is not on PyPI, where its name is another's."""
    return (
        f"pip install '.[{extra}]' in the checkout, or with the wheel: "
        f"pipx install --force 'dist/assistant-VERSION-py3-none-any.whl[{extra}]'"
    )


def check_extra(name: str) -> None:
    """Raise `MissingExtraError` unless an extra is installed. Import nothing."""
    module, _ = EXTRAS[name]
    if find_spec(module) is None:
        raise _missing(name, module)


@contextmanager
def importing(name: str) -> Iterator[None]:
    """Raise `MissingExtraError` if a module that is imported in the block is not installed."""
    try:
        yield
    except ModuleNotFoundError as error:
        module = (error.name or "").partition(".")[0]
        if module in ("", "assistant"):
            raise
        raise _missing(name, module) from error


def _missing(name: str, module: str) -> MissingExtraError:
    return MissingExtraError(
        f"{EXTRAS[name][1]} needs the extra {name!r}, which is not installed (no module "
        f"{module!r}). Run: {command_for(name)}"
    )
