"""Markdown as it is shown: its rendering is read as a web page is; the only importer of mdit-py-plugins.

Addresses of links, marks of emphasis and comments are not text. Code keeps its characters. For each
stretch of the text the place in the file is known.
"""

import re
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from assistant.ingestion.formats import Extracted
from assistant.ingestion.formats.html import parse_page
from assistant.ingestion.formats.html_visibility import Visibility
from assistant.ingestion.formats.html_writer import LINE, PageWriter
from assistant.ingestion.formats.markdown_origins import origins_in
from assistant.ingestion.formats.plain import decode

_DEEPEST = 100
_CLOSED = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_SWALLOWING = re.compile(
    r"<(?=/?(?:title|textarea|style|xmp|iframe|noembed|noframes|script|plaintext)\b)", re.IGNORECASE
)
"""Tags after which everything would be something else than text; GitHub shows them as text, too."""
_UNCLOSED_COMMENT = re.compile(r"<!--(?:(?!-->).)*\Z", re.DOTALL)
_SITE_MARKUP = re.compile(
    r"\{\{(?:<[^<>\n]{0,300}>|%[^%\n]{0,300}%)\}\}|\{%[^%\n]{0,300}%\}|"  # Hugo's and Jekyll's
    r"\s{0,9}\{(?:\#[\w.:-]+|:[^{}\n]*)\}[ \t]*$"  # the name and the class of what is before
)
"""What the makers of sites take out of Markdown before anybody sees it."""
_ALERT = re.compile(r"(<p[^>]*>)\[!([A-Z]{3,12})\](?:\n|<br>|(?=</p>))")
_TITLE = re.compile(r"^title\s*:\s*[\"']?(.*?)[\"']?\s*$", re.MULTILINE)


def extract(content: bytes) -> Extracted:
    """Return the text of a Markdown file. Raise `UnreadableFileError` for what is not text."""
    source = decode(content)
    tokens = _PARSER.parse(source)
    root = parse_page(_page(tokens))
    writer = PageWriter(Visibility(root))
    writer.write(root)
    text = writer.outline.text()
    return Extracted(
        text,
        writer.first_heading or _title_in_front_matter(tokens),
        origins=origins_in(text, source, writer.outline.origins),
    )


def _page(tokens: Sequence[Token]) -> str:
    """Return Markdown as HTML, each block with the line of the file at which it begins."""
    for token in tokens:
        if token.map and token.type == "html_block":
            content = _UNCLOSED_COMMENT.sub("", _CLOSED.sub("", token.content))
            content = _SWALLOWING.sub("&lt;", content)
            token.content = f'<i {LINE}="{token.map[0]}"></i>{content}'
        elif token.map and token.nesting >= 0:
            token.attrSet(LINE, str(token.map[0]))
        for inline in token.children or ():
            if inline.type == "text":
                inline.content = _SITE_MARKUP.sub("", inline.content)
            if inline.type == "html_inline" and "<input" not in inline.content:
                inline.content = _SWALLOWING.sub("&lt;", inline.content)
    page = _PARSER.renderer.render(tokens, _PARSER.options, {})
    return (
        f"<body>{_ALERT.sub(lambda found: f'{found[1]}{found[2].capitalize()}<br>', page)}</body>"
    )


def _title_in_front_matter(tokens: Sequence[Token]) -> str:
    head = next((token.content for token in tokens if token.type == "front_matter"), "")
    found = _TITLE.search(head)
    return found[1] if found else ""


def _nothing(*_: Any) -> str:
    """Render the arrow that leads back from a footnote, which is no text."""
    return ""


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _DEEPEST})
    parser.enable(["table", "strikethrough"])
    for plugin in (front_matter_plugin, footnote_plugin, deflist_plugin, tasklists_plugin):
        parser.use(plugin)
    parser.add_render_rule("footnote_anchor", _nothing)
    return parser


_PARSER = _parser()
