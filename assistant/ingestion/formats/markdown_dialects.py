"""Rewrite what the makers of sites add to Markdown as CommonMark, on the same lines of the file.

These are MkDocs, MyST, Hugo, Jekyll, Docusaurus and Obsidian. Code keeps its characters.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from assistant.ingestion.formats.scripts import lowered, raised

IS_MYST = re.compile(
    r"^\s{0,3}(?:`{3,}|:{3,})\s*\{[\w:-]+\}|(?<!\\)\{[\w:+-]+\}`[^`\n]+`|^\([\w.:-]+\)=\s*$",
    re.MULTILINE,
)
"""What only MyST has: directives, roles and targets. The other marks of MyST may be ordinary text."""
_LONGEST_LINE = 10_000
_FENCE = re.compile(r"\s*(?:(?:[-*+>]|\d{1,9}[.)])\s+)*(`{3,}|~{3,})([^`]*)$")
_INDENTED = re.compile(r" {4}|\t")
_OUTSIDE_MYST = re.compile(r"\s*%|\([\w.:-]+\)=\s*$|\+{3,}(?:\s|$)")
_NOT_SHOWN = re.compile(
    r"\[(?:TOC|\[toc\]|\[_TOC_\])\]\s*$"  # tables of contents that are made
    r"|-+8<-+(?:\s|$)"  # pieces of other files
    r"|\*\[[^\]\n]+\]:\s"  # what a pointer over an abbreviation shows
    r"|import\s[^\n]+\sfrom\s+[\"'][^\"'\n]+[\"'];?\s*$",
    re.IGNORECASE,
)
_TAB = re.compile(r"(\s*)===[!+]?\s+\"(.*)\"\s*$")
_CALLOUT = re.compile(r"\s*(?:!!!|\?\?\?\+?)\s+[\w-]+(?: +[\w-]+)*(?:\s+\"[^\n]*\")?\s*$")
_LOOKS_LIKE_CALLOUT = re.compile(r"^(\s*)(?=!!!|\?\?\?)")
_CODE_OR = r"(?P<code>(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))|"
_SHORTCODE = re.compile(
    _CODE_OR + r"\{\{(?P<mark>[<%])\s*+(?P<inside>(?!/\*)[^<>\n]{0,300}?)\s*+[>%]\}\}"
    r"|\{%-?\s*+(?P<liquid>[^%\n]{0,300}?)\s*+-?%\}"
    r"|<(?P<component>[A-Z]\w*\s[^<>\n]{0,300}?)\s*+/?>"
)
_CODE_BLOCK = re.compile(
    r"\s*(?:\{%-?\s*(?:end)?highlight\b[^%\n]*%\}|\{\{[<%]\s*/?\s*highlight\b[^\n]*[>%]\}\})\s*$"
)
_SHOWN = re.compile(r"(?<![\w-])(?:title|label|caption|header|heading|summary)=([\"'])(.+?)\1")
_FIRST = re.compile(r"([\w./-]+)\s+([\"'])(?!\S+\.\w+\2)(.+?)\2")
_INLINE = re.compile(
    _CODE_OR + r"\{\+\+(?P<added>.+?)\+\+\}|\{==(?P<noted>.+?)==\}"
    r"|\{~~(?:(?!~>).)*+~>(?P<new>.*?)~~\}|(?P<gone>\{--.+?--\}|\{>>.*?<<\})"
    r"|(?<![\w=])==(?P<marked>[^\s=](?:[^=\n]*[^\s=])?)==(?![\w=])"
    r"|(?<![\w+])\+\+(?P<keys>[a-z0-9-]+(?:\+[a-z0-9-]+)*)\+\+(?![\w+])"
    r"|(?<=[\w)])\^(?P<raised>[\w+-]{1,8})\^(?![\w^])"
    r"|(?<=[A-Za-z)])~(?P<lowered>\d{1,3})~(?!~)"
    r"|(?<![\w~\\)])~[^\s~](?:[^~\n]*[^\s~])?~(?![\w~])"  # struck, as GitHub has it
    r"|(?<![\w\[\\])!?\[\[(?![a-z_-]+\]\])(?P<page>[^\s\[\]|][^\[\]|\n]*)(?:\|(?P<label>[^\[\]\n]+))?\]\](?![(:\]])"
)


def as_commonmark(source: str) -> str:
    """Return Markdown of any dialect as CommonMark with the same number of lines."""
    return "".join(_rewritten(source.splitlines(keepends=True), _paired(source)))


def _rewritten(lines: list[str], paired: frozenset[str]) -> Iterator[str]:
    is_myst = IS_MYST.search("".join(lines)) is not None
    front_matter = _front_matter(lines)
    fence = ""
    for number, line in enumerate(lines):
        text = line.rstrip("\r\n")
        end = line[len(text) :]
        if number in front_matter:
            yield "---" + end
        elif found := _FENCE.match(text):
            if not fence:
                fence = found[1]
            elif found[1].startswith(fence) and not found[2].strip():
                fence = ""
            yield line
        elif fence:
            yield line
        elif _CODE_BLOCK.match(text):
            yield "```" + end
        elif _NOT_SHOWN.match(text) or (is_myst and _OUTSIDE_MYST.match(text)):
            yield end
        elif tab := _TAB.match(text):
            yield f'{tab[1]}!!! tab "{tab[2]}"{end}'
        elif _INDENTED.match(text) or len(text) > _LONGEST_LINE:
            yield line
        else:
            if not _CALLOUT.match(text):
                text = _LOOKS_LIKE_CALLOUT.sub(r"\1\\", text)
            yield _without_marks(_without_shortcodes(text, paired)) + end


def _front_matter(lines: list[str]) -> tuple[int, ...]:
    """Return the lines around the head of a page in TOML, if it has one."""
    if not lines or lines[0].rstrip() != "+++":
        return ()
    end = next((at for at in range(1, len(lines)) if lines[at].rstrip() == "+++"), None)
    return () if end is None else (0, end)


def _paired(source: str) -> frozenset[str]:
    """Return the names of the shortcodes that end with "/name" or "endname" and have no others in them."""
    names = [found["inside"] or found["liquid"] or "" for found in _SHORTCODE.finditer(source)]
    inner: set[str] = set()
    for begins, ends in pairwise(names):
        name = begins.split(maxsplit=1)[0] if begins else ""
        if name and ends.replace(" ", "") in (f"/{name}", f"end{name}"):
            inner.add(name)
    return frozenset(inner)


def _without_shortcodes(text: str, paired: frozenset[str]) -> str:
    """Return a line with what its shortcodes and components show: their titles."""

    def shown(found: re.Match[str]) -> str:
        if found["code"]:
            return found[0]
        inside = found["inside"] or found["liquid"] or found["component"] or ""
        titles = [title[2] for title in _SHOWN.finditer(inside)]
        first = _FIRST.match(inside)
        if first and first[1] in paired:
            titles.insert(0, first[3])
        kept = found[0] if found["component"] else ""
        return f"{'<br>'.join(titles)}<br>{kept}" if titles else kept

    return _SHORTCODE.sub(shown, text)


def _without_marks(text: str) -> str:
    """Return a line without the marks that only some dialects have."""

    def shown(found: re.Match[str]) -> str:
        for name in ("code", "added", "noted", "new", "marked", "keys", "label", "page"):
            if found[name] is not None:
                return str(found[name])
        if found["raised"]:
            return raised(found["raised"])
        return lowered(found["lowered"]) if found["lowered"] else ""

    return _INLINE.sub(shown, text)
