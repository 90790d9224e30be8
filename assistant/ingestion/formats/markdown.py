"""Markdown as it is shown: its rendering is read as a web page is; the only importer of mdit-py-plugins.

Addresses of links, marks of emphasis and comments are not text. Code keeps its characters. For each
stretch of the text the place in the file is known.
"""

import re
from collections.abc import Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_role import myst_role_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from assistant.ingestion.formats import Extracted
from assistant.ingestion.formats.html import parse_page
from assistant.ingestion.formats.html_visibility import Visibility
from assistant.ingestion.formats.html_writer import LINE, PageWriter
from assistant.ingestion.formats.markdown_dialects import IS_MYST
from assistant.ingestion.formats.markdown_directives import parsed, role_text
from assistant.ingestion.formats.markdown_origins import origins_in
from assistant.ingestion.formats.plain import decode

_DEEPEST = 100
_CLOSED = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_SWALLOWING = re.compile(
    r"<(?=/?(?:title|textarea|style|xmp|iframe|noembed|noframes|script|plaintext)\b)", re.IGNORECASE
)
"""Tags after which everything would be something else than text; GitHub shows them as text, too."""
_UNCLOSED_COMMENT = re.compile(r"<!--(?:(?!-->).)*\Z", re.DOTALL)
_ATTRIBUTES = re.compile(
    r"[ \t]*\{:?[ \t]*(?:[#.][\w:.-]+|[\w-]+=(?:\"[^\"\n]*\"|'[^'\n]*'|[\w.%-]+))"
    r"(?:[ \t]+(?:[#.][\w:.-]+|[\w-]+=(?:\"[^\"\n]*\"|'[^'\n]*'|[\w.%-]+)))*[ \t]*\}"
)
"""The name, class and size of what is right before."""
_NAME_AT_END = re.compile(r"\s{0,9}\{(?:[ \t]*[#.][\w:. =\"#%-]+|:[^{}\n]*)\}[ \t]*$")
_WITH_ATTRIBUTES = frozenset(
    ("link_close", "image", "code_inline", "em_close", "strong_close", "s_close")
)
_ALERT = re.compile(
    r"(<p[^>]*>)\[!([A-Za-z]{3,12})\][+-]?(?:[ \t]*(?:\n|<br>|(?=</p>))|[ \t]+([^\n<]+)(?:\n|(?=</p>)))"
)
_HEADING_OF_PAGE = re.compile(r"^# ", re.MULTILINE)
_TITLE = re.compile(r"^title\s*[:=]\s*[\"']?(.*?)[\"']?\s*$", re.MULTILINE)


def extract(content: bytes) -> Extracted:
    """Return the text of a Markdown file. Raise `UnreadableFileError` for what is not text."""
    source = decode(content)
    parser = _MYST if IS_MYST.search(source) else _PARSER
    tokens = parsed(source, parser)
    root = parse_page(_page(tokens))
    writer = PageWriter(Visibility(root))
    writer.write(root)
    text = writer.outline.text()
    return Extracted(
        text,
        _title(text, writer.first_heading, tokens),
        origins=origins_in(text, source, writer.outline.origins),
        styles=tuple(sorted(writer.outline.styles)),
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
        before = ""
        for inline in token.children or ():
            if inline.type == "text":
                text = inline.content
                if before in _WITH_ATTRIBUTES and (found := _ATTRIBUTES.match(text)):
                    text = text[found.end() :]
                inline.content = _NAME_AT_END.sub("", text)
            before = inline.type
            if inline.type == "html_inline" and "<input" not in inline.content:
                inline.content = _SWALLOWING.sub("&lt;", inline.content)
    page = _PARSER.renderer.render(tokens, _PARSER.options, {})
    return f"<body>{_ALERT.sub(_alert, page)}</body>"


def _alert(found: re.Match[str]) -> str:
    """Return the title of a callout such as "[!NOTE] Title", else its kind, on a line of its own."""
    return f"{found[1]}{found[3] or found[2].capitalize()}<br>"


def _title(text: str, first_heading: str, tokens: Sequence[Token]) -> str:
    """Return the heading of the page; without one the title that sites show above it, else the first heading."""
    head = next((token.content for token in tokens if token.type == "front_matter"), "")
    found = _TITLE.search(head)
    is_heading_of_page = _HEADING_OF_PAGE.search(text) is not None
    return first_heading if is_heading_of_page or not found else found[1]


def _nothing(*_: Any) -> str:
    """Render the arrow that leads back from a footnote, which is no text."""
    return ""


def _footnote(_: Any, tokens: Sequence[Token], index: int, *__: Any) -> str:
    """Render the mark of a footnote, the same wherever it is referred to."""
    return f"<sup>[{tokens[index].meta['id'] + 1}]</sup>"


def _role(_: Any, tokens: Sequence[Token], index: int, *__: Any) -> str:
    return escape(role_text(tokens[index].meta["name"], tokens[index].content))


def _parser(*more: Any) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _DEEPEST})
    parser.enable(["table", "strikethrough"])
    for plugin in (
        front_matter_plugin,
        footnote_plugin,
        deflist_plugin,
        tasklists_plugin,
        admon_plugin,
        colon_fence_plugin,
        *more,
    ):
        parser.use(plugin)
    parser.add_render_rule("footnote_anchor", _nothing)
    parser.add_render_rule("footnote_caption", _footnote)
    parser.add_render_rule("myst_role", _role)
    return parser


_PARSER = _parser()
_MYST = _parser(myst_role_plugin)
