"""Read the directives of MyST and the containers of Docusaurus and the like: titles and what is in them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.ingestion.formats.markdown_dialects import as_commonmark
from assistant.ingestion.formats.markup_tables import csv_table, list_table
from assistant.ingestion.formats.scripts import lowered, raised
from assistant.text.lexicons import lexicon

DIRECTIVE_TITLES = dict(line.split(": ", 1) for line in lexicon("directive_titles"))
"""What is shown in place of the name of a directive."""
_DEEPEST = 8
_DIRECTIVE = re.compile(r"\{([\w:.+-]+)\}\s*(.*)", re.DOTALL)
_CONTAINER = re.compile(r"([A-Za-z][\w-]*)(?:\[(.*)\]|\s+(.*))?$")
_CODE = re.compile(
    r"(?:code|sourcecode|parsed-literal|literalinclude|prompt|mermaid|math)\b|.*-code$"
)
_NOT_SHOWN = frozenset(
    ("toctree", "include", "contents", "tableofcontents", "index", "raw", "meta", "bibliography")
)
_WITHOUT_TITLE = frozenset(("figure", "image", "only", "ifconfig"))
_OPTION = re.compile(r"\s*:([\w-]+):(?:\s+(.*))?$")
_TARGET = re.compile(r"\s*<[^<>]*>$")
_RAISING = {"sup": raised, "superscript": raised, "sub": lowered, "subscript": lowered}


def role_text(name: str, content: str) -> str:
    """Return what is shown of a role: ``{ref}`the start <start>``` is "the start"."""
    if name in _RAISING:
        return _RAISING[name](content)
    text = _TARGET.sub("", content) or content.strip("<> ")
    return text.rpartition(".")[2].lstrip("~") if text.startswith("~") else text.removeprefix("!")


def parsed(source: str, parser: MarkdownIt) -> list[Token]:
    """Return the tokens of a page with those of its directives in their places."""
    links: dict[str, Any] = {"references": {}}
    tokens = parser.parse(as_commonmark(source), links)
    return list(_expanded(tokens, _Directives(parser, links["references"])))


@dataclass(frozen=True, slots=True)
class _Directives:
    """What the text in directives is parsed with: the links that the page defines are known there, too."""

    parser: MarkdownIt
    references: dict[str, Any]

    def tokens(self, source: str, line: int) -> list[Token]:
        """Return the tokens of a part of the file that begins at a line."""
        tokens = self.parser.parse(as_commonmark(source), {"references": self.references})
        for token in tokens:
            if token.map:
                token.map = [token.map[0] + line, token.map[1] + line]
        return tokens


def _expanded(tokens: Sequence[Token], within: _Directives, depth: int = 0) -> Iterator[Token]:
    for token in tokens:
        directive = _directive(token) if depth < _DEEPEST else None
        if directive is None:
            yield token
        else:
            yield from _shown(directive, token, within, depth)


@dataclass(frozen=True, slots=True)
class _Directive:
    """Its name, the titles that are shown of it, its lines, its options, and where its lines begin."""

    name: str
    titles: tuple[str, ...]
    lines: list[str]
    options: dict[str, str]
    start: int


def _directive(token: Token) -> _Directive | None:
    """Return a directive or a container; None for all else."""
    info = token.info.strip()
    named = _DIRECTIVE.match(info)
    if token.type != "colon_fence" and not (token.type == "fence" and named):
        return None
    found = named or _CONTAINER.match(info)
    name, *rest = (one or "" for one in found.groups()) if found else ("",)
    argument = "".join(rest).strip()
    lines, options = _body(token.content)
    start = (token.map[0] if token.map else 0) + 1 + token.content.count("\n") + 1 - len(lines)
    titles = _titles(name, argument, is_named=named is not None)
    return _Directive(name, titles, lines, options, start)


def _titles(name: str, argument: str, is_named: bool) -> tuple[str, ...]:
    label = DIRECTIVE_TITLES.get(name, "")
    if label.endswith("version"):
        return (f"{label} {argument}",)
    if name in _WITHOUT_TITLE:
        return ()
    titles = (label, argument) if is_named else (argument or label,)
    return tuple(title for title in titles if title)


def _body(content: str) -> tuple[list[str], dict[str, str]]:
    """Return the lines of a directive without its options, and these."""
    lines = content.split("\n")
    count = 0
    if lines[0].strip() == "---":
        count = next((at for at in range(1, len(lines)) if lines[at].strip() == "---"), -1) + 1
    while count < len(lines) and _OPTION.match(lines[count]):
        count += 1
    found = (re.match(r"\s*:?([\w-]+):\s+(.*)", line) for line in lines[:count])
    return lines[count:], {option[1]: option[2].strip() for option in found if option}


def _shown(directive: _Directive, token: Token, within: _Directives, depth: int) -> Iterator[Token]:
    name, options, start = directive.name, directive.options, directive.start
    if name in _NOT_SHOWN:
        return
    is_code = _CODE.match(name) is not None
    titles = (options.get("caption", ""),) if is_code else directive.titles
    picture = f"![{options['alt']}](picture)" if "alt" in options else ""
    for text in filter(None, (*titles, picture)):
        yield from within.tokens(text, token.map[0] if token.map else start)
    if is_code:
        token.type, token.info, token.content = "fence", "", "\n".join(directive.lines)
        yield token
    elif rows := _rows(directive):
        content = "".join(f"<tr>{_cells(tag, row, within.parser)}</tr>" for tag, row in rows)
        table = f"<table>{content}</table>"
        yield Token("html_block", "", 0, content=table, map=[start, start])
    else:
        tokens = within.tokens("\n".join(directive.lines), start)
        yield from _expanded(tokens, within, depth + 1)


def _rows(directive: _Directive) -> list[tuple[str, list[str]]]:
    """Return the rows of a table that is written as a list or as values between commas."""
    count = directive.options.get("header-rows", "0")
    heads = int(count) if count.isdecimal() else 0
    if directive.name == "list-table":
        listed = list_table(directive.lines)
        rows = listed.rows if listed else []
    elif directive.name == "csv-table":
        table = csv_table(directive.lines, directive.options.get("header", ""))
        rows, heads = table.rows, heads + table.has_head
    else:
        return []
    return [("th" if number < heads else "td", row) for number, row in enumerate(rows)]


def _cells(tag: str, row: Sequence[str], parser: MarkdownIt) -> str:
    return "".join(f"<{tag}>{parser.renderInline(cell)}</{tag}>" for cell in row)
