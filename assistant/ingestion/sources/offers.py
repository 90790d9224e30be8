"""What a source has to give, and how much of it is taken."""

import time
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.ingestion.formats import UnreadableFileError
from assistant.types import SkippedFile


@dataclass(frozen=True, slots=True)
class OfferedFile:
    """A file of a source: its path below the source's folder, its address and its bytes.

    ``content`` is None if it is as it was fetched before.
    """

    path: str
    url: str = ""
    content: bytes | None = None
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a source has now: its files, one after the other, and its state after that.

    ``files`` is None if the source as a whole is as it was. Iterating raises `UnreadableFileError`
    if not all can be had.
    """

    files: Iterable[OfferedFile | SkippedFile] | None
    state: str = ""


class FetchBudget:
    """Count the files, bytes and seconds that one source may take."""

    def __init__(self, files: int, max_bytes: int, seconds: float) -> None:
        self._most_files, self.most_bytes, self._seconds = files, max_bytes, seconds
        self._files = self._bytes = 0
        self._started = time.monotonic()

    @property
    def bytes_left(self) -> int:
        """The bytes that may still be fetched."""
        return self.most_bytes - self._bytes

    @property
    def seconds_left(self) -> float:
        """The seconds that are left."""
        return self._started + self._seconds - time.monotonic()

    def check(self) -> None:
        """Raise `UnreadableFileError` if nothing more may be fetched."""
        if self._files >= self._most_files:
            raise UnreadableFileError(f"only {self._most_files:,} files are fetched (most_files)")
        if self.seconds_left <= 0:
            raise UnreadableFileError(f"it takes longer than {self._seconds:g} s (most_seconds)")

    def take(self, size: int) -> None:
        """Count a file of so many bytes. Raise `UnreadableFileError` if that is too much."""
        self.check()
        self._files += 1
        self._bytes += size
        if self.bytes_left < 0:
            megabytes = self.most_bytes / 1e6
            raise UnreadableFileError(f"only {megabytes:,.0f} MB are fetched (most_megabytes)")
