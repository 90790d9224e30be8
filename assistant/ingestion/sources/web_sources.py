"""What a web page, a sitemap or a ZIP archive at an address has to give."""

from collections import deque
from collections.abc import Iterator, Mapping

from assistant.ingestion.corpus_file import SourceEntry
from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.encodings import decode_as, find_html_encoding
from assistant.ingestion.sources.archives import files_in_zip
from assistant.ingestion.sources.offers import FetchBudget, Offer, OfferedFile
from assistant.ingestion.sources.paths import path_of_page
from assistant.ingestion.sources.record import KeptFile
from assistant.ingestion.sources.sitemaps import read_sitemap
from assistant.ingestion.sources.urls import checked_url
from assistant.ingestion.sources.web_client import Fetched, WebClient
from assistant.text.media_types import HTML
from assistant.types import SkippedFile

_MOST_SITEMAPS = 100
_MOST_BYTES_OF_SITEMAP = 50_000_000
_UTF8_MARK = b"\xef\xbb\xbf"


def offer_page(
    source: SourceEntry, client: WebClient, known: Mapping[str, KeptFile], budget: FetchBudget
) -> Offer:
    """Return the one file at an address."""
    return Offer(_pages([source.url], client, known, budget))


def offer_sitemap(
    source: SourceEntry, client: WebClient, known: Mapping[str, KeptFile], budget: FetchBudget
) -> Offer:
    """Return the pages that a sitemap lists, of its own host and below the path of ``below``."""
    return Offer(_pages(_listed(source, client, budget), client, known, budget))


def offer_zip(
    source: SourceEntry, client: WebClient, state: str, max_file_bytes: int, budget: FetchBudget
) -> Offer:
    """Return the readable files of an archive."""
    etag, _, modified = state.partition("\n")
    fetched = client.get(source.url, etag, modified, budget.most_bytes)
    if fetched.is_unchanged:
        return Offer(None)
    if fetched.is_gone:
        return Offer(())
    files = files_in_zip(fetched.content, source.url, source.below, max_file_bytes, budget)
    return Offer(files, f"{fetched.etag}\n{fetched.modified}".strip("\n"))


def _pages(
    urls: list[str] | Iterator[str],
    client: WebClient,
    known: Mapping[str, KeptFile],
    budget: FetchBudget,
) -> Iterator[OfferedFile | SkippedFile]:
    """Yield the page at each address; nothing for one that is gone."""
    paths = {file.url: path for path, file in known.items()}
    for url in urls:
        budget.check()
        path = paths.get(url)
        try:
            fetched = _asked_again(url, known[path] if path else None, client)
            if fetched.is_gone:
                continue
            page = OfferedFile(path or "", url) if fetched.is_unchanged else _page(url, fetched)
        except UnreadableFileError as error:
            yield SkippedFile(url, str(error))
            if path:  # what was fetched before stays
                yield OfferedFile(path, url)
            continue
        budget.take(len(page.content or b""))
        yield page


def _asked_again(url: str, known: KeptFile | None, client: WebClient) -> Fetched:
    return client.get(url, known.etag, known.modified) if known else client.get(url)


def _page(url: str, fetched: Fetched) -> OfferedFile:
    path = path_of_page(checked_url(url), fetched.media_type)
    if path is None:
        raise UnreadableFileError(f"{fetched.media_type or 'its format'} is not supported")
    content = _with_charset(fetched) if path.endswith((".html", ".htm")) else fetched.content
    return OfferedFile(path, url, content, fetched.etag, fetched.modified)


def _with_charset(fetched: Fetched) -> bytes:
    """Return a page in UTF-8 where the encoding that the site names is not what the file says."""
    content, charset = fetched.content, fetched.charset.lower()
    if not charset or fetched.media_type != HTML:
        return content
    try:
        if find_html_encoding(content)[1].lower() == charset:
            return content
        return _UTF8_MARK + decode_as(content, charset).encode()
    except (LookupError, UnreadableFileError):
        return content


def _listed(source: SourceEntry, client: WebClient, budget: FetchBudget) -> Iterator[str]:
    """Yield the addresses of a sitemap and of those that it names, each once."""
    host = checked_url(source.url).netloc
    waiting, asked, seen = deque([source.url]), 0, set[str]()
    while waiting:
        budget.check()
        asked += 1
        if asked > _MOST_SITEMAPS:
            raise UnreadableFileError(f"it names more than {_MOST_SITEMAPS} sitemaps")
        fetched = client.get(waiting.popleft(), max_bytes=_MOST_BYTES_OF_SITEMAP)
        if fetched.is_gone:
            raise UnreadableFileError("there is no sitemap")
        pages, sitemaps = read_sitemap(fetched.content, _MOST_BYTES_OF_SITEMAP)
        for url in (*sitemaps, *pages):
            if url not in seen and _is_of(url, host, "" if url in sitemaps else source.below):
                seen.add(url)
                if url in sitemaps:
                    waiting.append(url)
                else:
                    yield url


def _is_of(url: str, host: str, below: str) -> bool:
    try:
        place = checked_url(url)
    except UnreadableFileError:
        return False
    return place.netloc == host and place.path.startswith(f"/{below.lstrip('/')}")
