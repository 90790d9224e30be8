"""Bring the files of all sources into the corpus, and take away what the sources no longer have."""

import posixpath
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from assistant.ingestion.corpus_file import SourceEntry
from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.sources.addresses import Resolve, resolve
from assistant.ingestion.sources.git_source import offer_repository
from assistant.ingestion.sources.mirror import Mirror, sha256_of
from assistant.ingestion.sources.offers import FetchBudget, Offer, OfferedFile
from assistant.ingestion.sources.paths import path_in_archive
from assistant.ingestion.sources.record import KeptFile
from assistant.ingestion.sources.urls import checked_url
from assistant.ingestion.sources.web_client import WebClient, WebLimits
from assistant.ingestion.sources.web_sources import offer_page, offer_sitemap, offer_zip
from assistant.types import FetchReport, SkippedFile

_MEGABYTE = 1_000_000

Announce = Callable[[str], None]
"""Called with the address of each source before it is fetched."""


def fetch_sources(
    corpus: Path,
    sources: Sequence[SourceEntry],
    limits: WebLimits,
    announce: Announce = lambda url: None,
    resolve: Resolve = resolve,
) -> FetchReport:
    """Fetch sources into the corpus and return what changed.

    A source that fails is a problem in the report, and its files stay as they are. Raise
    `CorpusError` if the corpus cannot be written, and `IndexBusyError` while another process fetches.
    """
    with Mirror(corpus) as mirror, WebClient(limits, resolve) as client:
        fetching = _Fetching(mirror, client, limits, resolve)
        for source in sources:
            announce(source.url)
            fetching.fetch(source)
        return fetching.report()


def kind_of(source: SourceEntry) -> str:
    """Return what a source is: as it says, else as the ending of its address suggests."""
    if source.kind:
        return source.kind
    name = posixpath.basename(urlsplit(source.url).path.rstrip("/")).lower()
    if name.endswith(".git"):
        return "git"
    if name.endswith(".zip"):
        return "zip"
    is_sitemap = name.startswith("sitemap") and name.endswith((".xml", ".xml.gz"))
    return "sitemap" if is_sitemap else "page"


class _Fetching:
    """One run: what was fetched so far."""

    def __init__(
        self, mirror: Mirror, client: WebClient, limits: WebLimits, resolve: Resolve
    ) -> None:
        self._mirror, self._client = mirror, client
        self._limits, self._resolve = limits, resolve
        self._written: list[str] = []
        self._unchanged: list[str] = []
        self._removed: list[str] = []
        self._problems: list[SkippedFile] = []

    def report(self) -> FetchReport:
        """Return what was done."""
        return FetchReport(
            tuple(self._written),
            tuple(self._unchanged),
            tuple(self._removed),
            tuple(self._problems),
        )

    def fetch(self, source: SourceEntry) -> None:
        """Fetch one source, as far as that is possible."""
        folder = source.folder or _folder_of(source.url)
        state = ""
        try:
            self._mirror.take_folder(folder)
            offer = self._offer(source, folder)
            self._take(source, folder, offer)
            state = offer.state
        except UnreadableFileError as error:
            self._problems.append(SkippedFile(source.url, str(error)))
        self._mirror.set_state(source.url, state)

    def _offer(self, source: SourceEntry, folder: str) -> Offer:
        known = self._mirror.files_of(source.url)
        present = {
            path.removeprefix(f"{folder}/"): file
            for path, file in known.items()
            if path.startswith(f"{folder}/") and self._mirror.has(path)
        }
        state = self._mirror.state_of(source.url) if len(present) == len(known) else ""
        budget = FetchBudget(
            source.most_files, source.most_megabytes * _MEGABYTE, source.most_seconds
        )
        most_bytes, private = self._limits.max_bytes, self._limits.private_allowed
        match kind_of(source):
            case "git":
                return offer_repository(source, state, most_bytes, budget, private, self._resolve)
            case "zip":
                return offer_zip(source, self._client, state, most_bytes, budget)
            case "sitemap":
                return offer_sitemap(source, self._client, present, budget)
            case _:
                return offer_page(source, self._client, present, budget)

    def _take(self, source: SourceEntry, folder: str, offer: Offer) -> None:
        """Write what is offered; what is not offered any more is missed."""
        known = set(self._mirror.files_of(source.url))
        if offer.files is None:
            self._unchanged += sorted(known)
            return
        for file in offer.files:
            if isinstance(file, SkippedFile):
                self._problems.append(file)
                continue
            path = f"{folder}/{file.path}"
            known.discard(path)
            try:
                changed = self._keep(source, path, file)
            except UnreadableFileError as error:
                self._problems.append(SkippedFile(file.url or path, str(error)))
                continue
            (self._written if changed else self._unchanged).append(path)
        self._removed += [path for path in sorted(known) if self._mirror.miss(path)]

    def _keep(self, source: SourceEntry, path: str, file: OfferedFile) -> bool:
        if file.content is None:
            self._mirror.confirm(path)
            return False
        kept = KeptFile(
            source=source.url,
            url=file.url,
            etag=file.etag,
            modified=file.modified,
            sha256=sha256_of(file.content),
        )
        return self._mirror.put(path, file.content, kept)


def _folder_of(url: str) -> str:
    """Return the folder of a source that names none: its host, and the name of a repository or archive."""
    place = checked_url(url)
    name = posixpath.basename(place.path.rstrip("/"))
    host = place.netloc.strip("[]").replace(":", "_")
    is_whole = name.lower().endswith((".git", ".zip"))
    return f"{host}/{path_in_archive(name[:-4]) or 'files'}" if is_whole else host
