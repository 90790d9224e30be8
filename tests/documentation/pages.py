"""The pages of the documentation, and the code blocks on them.

A block that needs more than the package names it in its first line: `SERVER` or `MODEL`.
"""

import re
from dataclasses import dataclass
from functools import cache

from tests.conftest import REPOSITORY

SERVER = "# Needs a running server."
MODEL = "# Needs a language model."
ADDRESS = "http://127.0.0.1:7860"
"""Where the documentation's server listens."""

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A fenced block: the page it is on, its language, its code."""

    page: str
    language: str
    code: str

    @property
    def needs(self) -> str:
        """Return the mark in the first line, or nothing."""
        first = self.code.partition("\n")[0]
        return first if first.startswith("# Needs ") else ""


@cache
def pages() -> tuple[str, ...]:
    """Return the paths of all pages below the repository."""
    top = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
    return top + tuple(
        path.relative_to(REPOSITORY).as_posix()
        for path in sorted((REPOSITORY / "docs").rglob("*.md"))
    )


def text_of(page: str) -> str:
    return (REPOSITORY / page).read_text(encoding="utf-8")


def blocks(page: str = "", language: str = "", needs: str | None = None) -> list[CodeBlock]:
    """Return the blocks of a page, or of all; of a language; with a mark, or with ``""`` none."""
    chosen = (page,) if page else pages()
    found = [
        CodeBlock(name, kind, code)
        for name in chosen
        for kind, code in _FENCE.findall(text_of(name))
    ]
    return [
        block
        for block in found
        if language in ("", block.language) and needs in (None, block.needs)
    ]


def prose(page: str) -> str:
    """Return a page without its code blocks."""
    return _FENCE.sub("", text_of(page))
