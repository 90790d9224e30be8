"""Fail the build of the site if one of its pages loads anything from another host (a MkDocs hook)."""

from html.parser import HTMLParser
from typing import Any

LOADING = {
    "audio": ("src",),
    "embed": ("src",),
    "iframe": ("src",),
    "img": ("src", "srcset"),
    "input": ("src",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
}
"""The attributes that name what a browser fetches by itself, by element."""
LINKS_FETCHED = {"stylesheet", "icon", "preload", "prefetch", "preconnect", "manifest"}


class _Loads(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        names = LOADING.get(tag, ())
        if tag == "link" and LINKS_FETCHED & set(given.get("rel", "").split()):
            names = ("href",)
        if "mermaid" in given.get("class", "").split():
            # Material (9.8) fetches the program that draws it from another host
            self.addresses.append("https: Mermaid")
        self.addresses.extend(given[name] for name in names if name in given)


def loaded_from_elsewhere(html: str) -> list[str]:
    """Return what a page loads from other hosts."""
    parser = _Loads()
    parser.feed(html)
    return [one for one in parser.addresses if one.startswith(("https:", "http:", "//"))]


def on_post_page(output: str, /, *, page: Any, config: Any) -> str:
    """Check a page that MkDocs has rendered. Raise `PluginError` for what it loads."""
    if elsewhere := loaded_from_elsewhere(output):
        from mkdocs.exceptions import PluginError  # needed only where the site is built

        raise PluginError(f"{page.file.src_uri} loads from other hosts: {', '.join(elsewhere)}")
    return output
