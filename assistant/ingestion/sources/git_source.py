"""Take the readable files out of a Git repository that nobody has vouched for.

Git fetches one commit into a bare repository, from an address that was checked, by HTTP alone. No
file is checked out: hooks, links, filters and submodules have nothing to act on.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlunsplit

from assistant.ingestion.corpus_file import SourceEntry
from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.sources.addresses import Resolve, checked_addresses, resolve
from assistant.ingestion.sources.archives import path_below
from assistant.ingestion.sources.offers import FetchBudget, Offer, OfferedFile
from assistant.ingestion.sources.paths import path_in_archive
from assistant.ingestion.sources.urls import checked_url
from assistant.types import SkippedFile

_LOOK_SECONDS = 0.1
_ENTRY = re.compile(rb"(\d{6}) (\w+) ([0-9a-f]{40,64}) +(\d+|-)\t(.+)", re.DOTALL)
_FILES = (b"100644", b"100755")
_CONFIGURATION = (
    "protocol.allow=never",
    "protocol.http.allow=always",
    "protocol.https.allow=always",
    "http.followRedirects=false",
    "http.proxy=",
    "core.hooksPath=/dev/null",
    "credential.helper=",
    "transfer.fsckObjects=true",
    "fetch.recurseSubmodules=false",
    "gc.auto=0",
)


def offer_repository(
    source: SourceEntry,
    state: str,
    max_file_bytes: int,
    budget: FetchBudget,
    private_allowed: bool,
    resolve: Resolve = resolve,
) -> Offer:
    """Return the readable files of the newest commit of a repository's main branch."""
    git = shutil.which("git")
    if git is None:
        raise UnreadableFileError("Git is not installed")
    place = checked_url(source.url)
    assert place.hostname
    port = place.port or (443 if place.scheme == "https" else 80)
    addresses = checked_addresses(place.hostname, port, private_allowed, resolve)
    pinned = f"http.curloptResolve={place.hostname}:{port}:{','.join(addresses)}"
    run = _Git(git, (*_CONFIGURATION, pinned), budget)
    commit = run.newest_commit(urlunsplit(place))
    if commit == state:
        return Offer(None)
    return Offer(run.files(urlunsplit(place), source, max_file_bytes), commit)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file in a commit: the name of its bytes, how many they are, and its path below a source."""

    blob: str
    size: int
    path: str


class _Git:
    """Run Git with nothing of its surroundings: no configuration, no password, no other protocol."""

    def __init__(self, git: str, configuration: Sequence[str], budget: FetchBudget) -> None:
        self._command = [git, *(part for value in configuration for part in ("-c", value))]
        self._budget = budget

    def newest_commit(self, url: str) -> str:
        """Return the name of the newest commit."""
        with tempfile.TemporaryDirectory() as home:
            lines = self._run(Path(home), "ls-remote", "--", url, "HEAD").decode("ascii", "replace")
        match = re.match(r"([0-9a-f]{40,64})\tHEAD", lines)
        if match is None:
            raise UnreadableFileError("the repository has no commit")
        return match[1]

    def files(
        self, url: str, source: SourceEntry, max_file_bytes: int
    ) -> Iterator[OfferedFile | SkippedFile]:
        """Yield the readable files of the newest commit."""
        with tempfile.TemporaryDirectory() as name:
            home = Path(name)
            shallow = ("--bare", "--quiet", "--depth=1", "--single-branch", "--no-tags")
            self._run(home, "clone", *shallow, "--", url, "repository")
            repository = ("--git-dir", "repository")
            listed = self._run(home, *repository, "ls-tree", "-r", "-z", "--long", "HEAD")
            for entry in _entries(listed, source.below):
                if entry.size > max_file_bytes:
                    reason = f"it is larger than {max_file_bytes:,} bytes"
                    yield SkippedFile(f"{source.url}: {entry.path}", reason)
                    continue
                self._budget.take(entry.size)
                content = self._run(home, *repository, "cat-file", "blob", entry.blob)
                yield OfferedFile(entry.path, source.url, content)

    def _run(self, home: Path, *arguments: str) -> bytes:
        """Return what Git writes. Raise `UnreadableFileError` if it fails or takes too much."""
        self._budget.check()
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(  # noqa: S603  # Git, with arguments of ours and a checked address
                [*self._command, *arguments],
                cwd=home,
                env=_surroundings(home),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                start_new_session=True,
            )
            try:
                self._wait(process, home, output.fileno())
            finally:
                _end(process)
            output.seek(0)
            if process.returncode:
                errors.seek(0)
                raise UnreadableFileError(_reason(errors.read(10_000)))
            return output.read()

    def _wait(self, process: subprocess.Popen[bytes], home: Path, output: int) -> None:
        """Wait for the end of a process as long as it keeps within the budget."""
        while process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(_LOOK_SECONDS)
            if self._budget.seconds_left <= 0:
                self._budget.check()
            if max(_size(home), os.fstat(output).st_size) > self._budget.most_bytes:
                raise UnreadableFileError("it is larger than allowed (most_megabytes)")


def _surroundings(home: Path) -> dict[str, str]:
    return {
        "PATH": os.defpath,
        "HOME": str(home),
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "true",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "GIT_ALLOW_PROTOCOL": "http:https",
    }


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process with those that it started, such as the one that fetches."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _size(folder: Path) -> int:
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += os.lstat(os.path.join(parent, name)).st_size
    return total


def _entries(listed: bytes, below: str) -> Iterator[_Entry]:
    """Yield the regular files of a listing that can be read, each path once."""
    seen: set[str] = set()
    for line in listed.split(b"\0"):
        match = _ENTRY.fullmatch(line)
        if match is None or match[1] not in _FILES or match[4] == b"-":
            continue
        path = path_below(path_in_archive(match[5].decode("utf-8", "replace")), below)
        if path is not None and path not in seen:
            seen.add(path)
            yield _Entry(match[3].decode(), int(match[4]), path)


def _reason(errors: bytes) -> str:
    lines = [line for line in errors.decode("utf-8", "replace").splitlines() if line.strip()]
    return f"Git failed: {lines[-1] if lines else 'it gave no reason'}"[:300]
