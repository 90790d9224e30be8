"""Tell when the files of a corpus change; the only importer of watchfiles."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from watchfiles import Change, watch

from assistant.errors import CorpusError
from assistant.ingestion.scanning import is_hidden

_SETTLED = 400
"""Milliseconds without a change after which a burst of changes is over."""
_LONGEST_BURST = 5_000
"""Milliseconds after which changes are reported although they go on."""
_LOOK = 1_000
"""Milliseconds after which the folder itself is looked at: it may be gone, or another one."""


def watch_corpus(corpus: Path, index: Path, stop: threading.Event) -> Iterator[None]:
    """Yield once when watching has begun, then after each burst of changes, until ``stop`` is set.

    Yield also when the index was deleted. What ingestion does not read is not watched either: hidden files, and the index folder where it
    is inside the corpus. Yield once for a folder that is not there, and wait for it. Raise
    `CorpusError` if the system does not let it be watched.
    """
    is_missed = False
    while not stop.is_set():
        folder = _identity(corpus)
        if folder is None:
            if not is_missed:
                yield
            is_missed = True
            stop.wait(_LOOK / 1000)
            continue
        is_missed, is_first, was_there = False, True, True
        for found in _bursts(corpus, index, stop):
            if _identity(corpus) != folder:
                break
            is_there = any(index.glob("vectors*"))
            if found or is_first or (was_there and not is_there):
                yield
                is_there = any(index.glob("vectors*"))
            is_first, was_there = False, is_there


def _bursts(corpus: Path, index: Path, stop: threading.Event) -> Iterator[bool]:
    """Yield whether there were changes: after each burst, and every second without one."""
    try:
        found = watch(
            corpus.resolve(),
            watch_filter=_relevant(corpus.resolve(), index.resolve()),
            debounce=_LONGEST_BURST,
            step=_SETTLED,
            stop_event=stop,
            rust_timeout=_LOOK,
            yield_on_timeout=True,
            ignore_permission_denied=True,
        )
        yield from (bool(burst) for burst in found)
    except FileNotFoundError:
        return  # it was taken away just now
    except (OSError, RuntimeError) as error:
        raise CorpusError(
            f"The corpus folder {corpus} cannot be watched: {error}. Raise the system's limit of "
            "watched files, or run assistant ingest without --watch after each change."
        ) from error


def _relevant(corpus: Path, index: Path) -> Callable[[Change, str], bool]:
    def is_relevant(_: Change, path: str) -> bool:
        changed = Path(path)
        if changed.is_relative_to(index):
            return False
        parts = changed.relative_to(corpus).parts if changed.is_relative_to(corpus) else ()
        return not any(is_hidden(part) for part in parts)

    return is_relevant


def _identity(folder: Path) -> tuple[int, int] | None:
    """Return what tells a folder from another one at its path; None where there is none."""
    try:
        status = os.stat(folder)
    except OSError:
        return None
    return status.st_dev, status.st_ino
