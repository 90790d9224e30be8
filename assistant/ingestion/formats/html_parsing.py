"""Parse pages into trees, also those that are nested deeper than the parser goes."""

from lxml import etree
from lxml import html as lxml_html

from assistant.ingestion.formats import UnreadableFileError

_DEEPEST = 250
# fmt: off
_GROUPS = frozenset((
    "article", "blockquote", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figure", "h1",
    "h2", "h3", "h4", "h5", "h6", "li", "main", "ol", "p", "section", "summary", "table", "tbody", "td",
    "th", "thead", "tr", "ul",
))
# fmt: on
_EMPHASIS = frozenset(("b", "big", "em", "font", "i", "small", "span", "strong", "u"))
_HIDING = frozenset(("aria-hidden", "hidden", "style"))


def parse(page: str) -> lxml_html.HtmlElement:
    """Return the root of a page. Raise `UnreadableFileError` if there is nothing in it.

    libxml2 2.14 drops all that follows the first element more than 2,048 levels deep. Such a page is
    parsed again without the tags of groups and emphasis below level 250.
    """
    parser = _parser()
    root = _parsed(page, parser)
    if any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):
        root = _parsed(page, _parser(_ShallowTree()))
    assert isinstance(root, lxml_html.HtmlElement)
    return root


class _ShallowTree:
    """What a parser builds of a page: the tags of deep groups and emphasis are left out.

    Elements that may hide what is in them stay, whatever their depth.
    """

    def __init__(self) -> None:
        self._tree = etree.TreeBuilder(element_factory=lxml_html.HTMLParser().makeelement)
        self._are_kept: list[bool] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        is_deep = len(self._are_kept) >= _DEEPEST and tag in _GROUPS | _EMPHASIS
        self._are_kept.append(not is_deep or not _HIDING.isdisjoint(attributes))
        if self._are_kept[-1]:
            self._tree.start(tag, attributes)
        else:
            self._break(tag)

    def end(self, tag: str) -> None:
        if self._are_kept.pop():
            self._tree.end(tag)
        else:
            self._break(tag)

    def _break(self, tag: str) -> None:
        if tag in _GROUPS:
            self._tree.start("br", {})
            self._tree.end("br")

    def data(self, text: str) -> None:
        self._tree.data(text)

    def close(self) -> lxml_html.HtmlElement:
        return self._tree.close()


def _parser(target: _ShallowTree | None = None) -> lxml_html.HTMLParser:
    return lxml_html.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, target=target
    )


def _parsed(page: str, parser: lxml_html.HTMLParser) -> lxml_html.HtmlElement:
    try:
        return lxml_html.document_fromstring(page.encode("utf-8"), parser=parser)
    except etree.ParserError:
        raise UnreadableFileError("there is no text in it") from None
