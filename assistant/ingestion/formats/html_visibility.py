"""Tell which elements of a page a reader sees as its text; the others are left out.

Left out are scripts and styles, navigation, struck text and what is hidden for good. Tabs, folds and
answers that open on a click are text.
"""

import re
from collections.abc import Iterable
from itertools import islice

from lxml.html import HtmlElement

from assistant.ingestion.formats.html_styles import PageStyles

# fmt: off
_LEFT_OUT = frozenset((
    "script", "style", "template", "dialog", "object", "embed", "applet", "canvas", "audio",
    "video", "map", "datalist", "title", "link", "meta", "base", "rt", "rp", "rtc", "del", "s",
    "strike", "defs", "desc", "metadata", "annotation", "annotation-xml",
    "noframes", "iframe", "meter", "progress",
))
# fmt: on
_LEFT_OUT_ROLES = frozenset(
    ("navigation", "search", "menu", "menubar", "banner", "dialog", "alertdialog")
)
_NAVIGATION = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|breadcrumbs?|pagination|toc|sidebar|skip-?link)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_UNSEEN_STYLE = re.compile(
    r"font-size\s*:\s*0(?![.\d]*[1-9])|(?<![-\w])(?:left|top|text-indent)\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
"""Too small to be read, or beside the page."""
_CLIPPED = re.compile(r"(?<![-\w])clip\s*:\s*rect\(\s*[01](?:px)?[\s,)]", re.IGNORECASE)
"""Cut to nothing, as what only programs that read aloud are to have."""
_TRANSPARENT = re.compile(r"(?<![-\w])opacity\s*:\s*0(?![.\d]*[1-9])", re.IGNORECASE)
_WHITE = r"(?:white\b|#f{3}(?:f{3})?\b|rgba?\(\s*255\D{1,3}255\D{1,3}255)"
_WHITE_TEXT = re.compile(rf"(?<![-\w])color\s*:\s*{_WHITE}", re.IGNORECASE)
_WHITE_BACKGROUND = re.compile(rf"background[-\w]*\s*:\s*{_WHITE}", re.IGNORECASE)
_WHITE_FONT = re.compile(_WHITE, re.IGNORECASE)
_OPENED = re.compile(
    r"(?:^|[\s_-])(?:tabs?|tab-?pane|panel|accordions?|collaps\w*|folds?|faq|answers?|expand\w*|"
    r"toggle\w*|details?)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Names that pages give to what opens on a click."""
_OPENERS = (
    "self::button or self::summary or self::dt or @aria-expanded or @aria-controls or @onclick"
)
_OPENING = (
    f"boolean(self::*[{_OPENERS} or @role='button' or @role='tab'] | descendant::*[{_OPENERS}])"
)
_WITH_BUTTONS = ("h1", "h2", "h3", "h4", "h5", "h6", "dt", "summary")
_OWNERS = ("main", "article", "blockquote")
"""A footer outside of these is the page's, not the text's."""
_CONTACT = (
    "boolean(.//address | .//*[@itemprop='address' or @itemprop='telephone']"
    " | .//a[starts-with(@href, 'tel:') or starts-with(@href, 'mailto:')])"
)
_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright)\D{0,60}\d{4}(?:\s*[-–]\s*\d{2,4})?", re.IGNORECASE)
_PAGE_TEXT = "//text()[not(ancestor::script or ancestor::style or ancestor::head)]"
_TITLES = ("h2", "h3", "h4", "h5", "h6")
_FEW_WORDS = 4
_SEPARATOR = 2
"""Characters that may stand between two links of a list."""
_SENTENCE_END = re.compile(r"(?:\w{2}|[€$£%)])[.!?](?=[\s\"'”’»)\]]|$)")
_MOST_TWINS = 50
_MOST_OPTIONS = 40
_PANES_OF_BUTTONS = frozenset(("div", "section", "p", "dd", "ul", "ol"))
_ITEMS = frozenset(("li", "tr", "dd"))
"""What a list or table shows more of when a reader asks for it."""
_PANES = frozenset(("div", "section", "article", "li", "dd", "ul", "ol", "table", "tbody", "tr"))


class Visibility:
    """What is seen of a page, by what is hidden in it and what its tabs and buttons open."""

    def __init__(self, root: HtmlElement) -> None:
        self._opened = _opened_ids(root)
        self._openers = frozenset(root.xpath("//*[@role='tab' or self::button or self::a]/@id"))
        self.styles = PageStyles(root)
        self._shows_noscript = _shows_noscript(root)
        self._length = length_of(root.xpath(_PAGE_TEXT))
        self._has_scripts = next(root.iter("script"), None) is not None

    def is_left_out(self, element: HtmlElement) -> bool:
        """Return whether an element, with all that is in it, is no text of the page."""
        tag, attributes = element.tag, element.attrib
        if not isinstance(tag, str):
            return True
        if tag in _LEFT_OUT:
            return not (_is_shadow_root(element) or (tag == "dialog" and "open" in attributes))
        if tag == "a" and _is_anchor_of_heading(element):
            return True
        if tag == "noscript":
            return not self._shows_noscript
        if tag == "button":
            return not is_spoken_button(element)
        if tag == "select":
            return len(element.findall(".//option")) > _MOST_OPTIONS
        if tag == "aside" and is_mostly_links(element):
            return True
        if tag == "nav" and (is_mostly_links(element) or not has_sentence(element)):
            return True
        if tag == "footer" and not _is_owned(element) and not has_contact(element):
            return True
        if tag in ("ul", "ol") and _is_menu_of_footer(element):
            return True
        if self.styles.is_struck(element):
            return True
        return bool(attributes) and self._is_left_out_by_attributes(element)

    def _is_left_out_by_attributes(self, element: HtmlElement) -> bool:
        attributes = element.attrib
        style = attributes.get("style", "")
        if attributes.get("role", "").lower() in _LEFT_OUT_ROLES:
            return True
        if _UNSEEN_STYLE.search(style) or _is_white_on_white(element):
            return True
        if _TRANSPARENT.search(style) and not self._has_scripts:
            return True
        if attributes.get("role", "").lower() == "contentinfo" and not has_contact(element):
            return True
        is_hidden = (
            "hidden" in attributes
            or attributes.get("aria-hidden") == "true"
            or bool(_HIDDEN_STYLE.search(style))
            or bool(_CLIPPED.search(self.styles.of(element)))
            or (not self._has_scripts and bool(_HIDDEN_STYLE.search(self.styles.of(element))))
        )
        if is_hidden and (is_mostly_links(element) or not self._opens(element)):
            return True
        if not _NAVIGATION.search(_names(element)):
            return False
        is_most_of_page = 2 * length_of(element.itertext()) > self._length
        return not is_most_of_page and _is_link_list(element)

    def _opens(self, element: HtmlElement) -> bool:
        """Return whether a reader can make a hidden element appear."""
        attributes = element.attrib
        if attributes.get("role") == "tabpanel" or attributes.get("hidden") == "until-found":
            return True
        if attributes.get("aria-labelledby") in self._openers:
            return True
        if attributes.get("itemprop") == "acceptedAnswer":
            return True
        if attributes.get("id") in self._opened or _OPENED.search(_names(element)):
            return True
        before = element.getprevious()
        is_opened = before is not None and before.tag != "details" and bool(before.xpath(_OPENING))
        return is_opened or _has_shown_twin(element)


def is_spoken_button(element: HtmlElement) -> bool:
    """Return whether a button is a part of the text: a question, the name of a tab or of a fold."""
    attributes = element.attrib
    if next(element.iterancestors(*_WITH_BUTTONS), None) is not None:
        return True
    if {"aria-expanded", "aria-controls"} & set(attributes) or attributes.get("role") == "tab":
        return True
    if _OPENED.search(_names(element)):
        return True
    text = "".join(element.itertext()).strip()
    below = element.getnext()
    if below is None or below.tag not in _PANES_OF_BUTTONS or not length_of(below.itertext()):
        return text.endswith("?")
    is_of_fold = _OPENED.search(_names(below)) is not None or "hidden" in below.attrib
    return text.endswith("?") or len(text.split()) > 1 or is_of_fold


def length_of(texts: Iterable[str]) -> int:
    """Return the number of characters that are not white space."""
    return sum(len("".join(text.split())) for text in texts)


def is_mostly_links(element: HtmlElement) -> bool:
    """Return whether more than half of an element's text is links."""
    linked = length_of(text for link in element.iter("a") for text in link.itertext())
    return 2 * linked > length_of(element.itertext())


def has_contact(element: HtmlElement) -> bool:
    """Return whether an element has an address, a telephone number or opening hours in its text."""
    linked = {text for link in element.iter("a") for text in link.itertext()}
    text = " ".join(text for text in element.itertext() if text not in linked)
    has_number = any(character.isdigit() for character in _COPYRIGHT.sub("", text))
    return has_number or bool(element.xpath(_CONTACT))


def has_sentence(element: HtmlElement) -> bool:
    """Return whether there is the end of a sentence in an element."""
    return bool(_SENTENCE_END.search("".join(element.itertext())))


def _is_white_on_white(element: HtmlElement) -> bool:
    """Return whether the text of an element is white, and nothing may give it another background."""
    style = element.get("style", "")
    if not (_WHITE_TEXT.search(style) or _WHITE_FONT.match(element.get("color", ""))):
        return False
    if _WHITE_BACKGROUND.search(style):
        return True
    around = (element, *element.iterancestors())
    return not any(
        "class" in one.attrib or "bgcolor" in one.attrib or "background" in one.get("style", "")
        for one in around
    )


def _is_anchor_of_heading(element: HtmlElement) -> bool:
    """Return whether a link is the sign with which a heading shows its own address, such as "¶" or "#"."""
    if not element.get("href", "").startswith("#"):
        return False
    text = "".join(element.itertext())
    is_sign = not any(character.isalnum() for character in text)
    return is_sign and next(element.iterancestors(*_WITH_BUTTONS), None) is not None


def _is_owned(element: HtmlElement) -> bool:
    return next(element.iterancestors(*_OWNERS), None) is not None


def _is_menu_of_footer(element: HtmlElement) -> bool:
    if next(element.iterancestors("footer"), None) is None or _is_owned(element):
        return False
    return is_mostly_links(element) and not element.xpath(_CONTACT)


def _is_link_list(element: HtmlElement) -> bool:
    """Return whether an element is a list of short links, and no text that has links in it."""
    links = list(element.iter("a"))
    linked = length_of(text for link in links for text in link.itertext())
    titles = length_of(text for title in element.iter(*_TITLES) for text in title.itertext())
    beside = length_of(element.itertext()) - linked - titles
    words = sum(len(" ".join(link.itertext()).split()) for link in links)
    is_short = words <= _FEW_WORDS * len(links) and beside <= _SEPARATOR * len(links)
    return is_short and not _is_owned(element)


def _is_shadow_root(element: HtmlElement) -> bool:
    return element.tag == "template" and bool(
        {"shadowrootmode", "shadowroot"} & set(element.attrib)
    )


def _names(element: HtmlElement) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"


def _has_shown_twin(element: HtmlElement) -> bool:
    """Return whether a sibling of the same tag and class is shown: one of several tabs."""
    name = element.get("class", "")
    parent = element.getparent()
    if parent is None or element.tag not in _PANES or not (name or element.tag in _ITEMS):
        return False
    return any(
        twin is not element
        and twin.tag == element.tag
        and "hidden" not in twin.attrib
        and not _HIDDEN_STYLE.search(twin.get("style", ""))
        for twin in islice(parent.iterchildren(element.tag), _MOST_TWINS)
        if not name or set(name.split()) & set(twin.get("class", "").split())
    )


def _opened_ids(root: HtmlElement) -> frozenset[str]:
    """Return the ids of what buttons, tabs and links on the page open."""
    controls = root.xpath("//@aria-controls | //@data-target | //@data-bs-target | //@commandfor")
    links = root.xpath("//a[starts-with(@href, '#')]/@href")
    return frozenset(
        word.lstrip("#") for value in [*controls, *links] for word in str(value).split()
    ) - {""}


def _shows_noscript(root: HtmlElement) -> bool:
    """Return whether a page without scripts is the whole page: it has less text without it."""
    text = "//text()[not(ancestor::script or ancestor::style or ancestor::head) and {}]"
    without = root.xpath(text.format("not(ancestor::noscript)"))
    return length_of(root.xpath(text.format("ancestor::noscript"))) > length_of(without)
