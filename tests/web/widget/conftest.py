"""A server that one site may embed, and browsers in front of pages of that site."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from assistant import Assistant, Encoder
from assistant.settings import Settings
from tests.web.browsing import Reader, served
from tests.web.contexts import Contexts
from tests.web.widget.embedding import (
    Site,
    Visitor,
    as_article,
    listen_to_events,
    page_with,
    site_at_localhost,
)

Embed = Callable[..., Visitor]


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    with site_at_localhost() as opened:
        yield opened


@pytest.fixture(scope="session")
def embeddable(
    assistant: Assistant, settings: Settings, encoder: Encoder, site: Site
) -> Iterator[Assistant]:
    """An assistant over the same index whose widget the site may embed."""
    own = settings.model_copy(update={"allowed_origins": (site.origin,)})
    opened = Assistant(own, encoder)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def server(embeddable: Assistant) -> Iterator[str]:
    with served(embeddable) as address:
        yield address


@pytest.fixture
def article(assistant: Assistant, server: str) -> dict[str, str]:
    """What makes a page the article that the index holds: its text and its address."""
    document = next(one for one in assistant.documents() if one.source.startswith("sco"))
    return {
        "body": as_article(assistant.document(document.id).text),
        "head": f'<link rel="canonical" href="{server}/?document={document.id}">',
    }


@pytest.fixture
def embed(contexts: Contexts, site: Site, server: str) -> Iterator[Embed]:
    """Visits a page of the site that embeds the widget; afterwards it may not have complained.

    The browser refuses storage to frames of other sites: so it is in windows without history.
    """
    visitors: list[Visitor] = []
    before = dict(site.headers)

    def visit(page: str | None = None, at: Site = site, path: str = "/", **options: Any) -> Visitor:
        data = {name: options.pop(name) for name in list(options) if name in ATTRIBUTES}
        pasted = {name: options.pop(name) for name in ("body", "head") if name in options}
        at.pages["/"] = page or page_with(f"{server}/widget.js", **pasted, **data)
        reader = Reader.listening(contexts.page(**options), at.origin)
        visitor = Visitor(reader.page, reader)
        visitors.append(visitor)
        listen_to_events(reader.page)
        reader.page.goto(at.origin + path)
        return visitor

    yield visit
    for visitor in visitors:
        assert visitor.page.context.cookies() == []
        visitor.page.close()
    site.headers = before
    assert [complaint for visitor in visitors for complaint in visitor.reader.complaints] == []


ATTRIBUTES = [
    "src",
    "heading",
    "placeholder",
    "greeting",
    "position",
    "theme",
    "accent",
    "open",
    "questions",
    "shortcut",
    "contact",
    "size",
    "logo",
    "icon",
]
