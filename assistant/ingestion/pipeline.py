"""Brings the index to the state of the corpus: only what changed is read, split and embedded.

The vectors of the new state are written into a folder of their own, beginning with a copy of the
old one; then documents, chunks, keywords and the name of that folder are committed in one
transaction of the catalog; then the old folder is removed. Killed at any instant, the index
answers with the old or the new state, of which nothing was touched; the next ingestion sweeps up.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import CorpusError, IndexBusyError, StorageError
from assistant.ingestion.chunking import chunk_document, embedding_text
from assistant.ingestion.corpus_file import CorpusFile, read_corpus_file
from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.loading import Loader, fingerprint
from assistant.ingestion.planning import BuildOptions, Indexed, Plan, plan, tried_mark
from assistant.ingestion.sandbox.parent import ReadingLimits
from assistant.ingestion.scanning import SourceFile, scan
from assistant.protocols import Encoder
from assistant.storage.catalog import Catalog
from assistant.storage.schema import vector_id
from assistant.storage.state import REBUILD_COMMAND, check_match
from assistant.storage.update import Update
from assistant.storage.vectors import VectorStore, is_whole, new_vectors, remove_others
from assistant.text.media_types import MEDIA_TYPES
from assistant.types import Chunk, CorpusInfo, Document, IngestReport, SkippedFile

_log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Called with the bytes of source files done and the bytes there are to do."""

_CHUNKS_AT_ONCE = 512
_LOCK_FILE = "ingest.lock"


def ingest(
    corpus: Path,
    folder: Path,
    encoder: Encoder,
    options: BuildOptions,
    *,
    rebuild: bool = False,
    progress: Progress | None = None,
) -> IngestReport:
    """Bring the index in ``folder`` to the state of the corpus and say what was done.

    Raises `IndexBusyError` while another ingestion runs, `IndexMismatchError` if the index was
    built otherwise and ``rebuild`` is not set, and `CorpusError` if no file could be read: then
    the index stays as it was.
    """
    started = time.perf_counter()
    with exclusively(folder):
        ingestion = Ingestion(corpus, folder, encoder, options, rebuild, progress)
        return ingestion.run(started)


class Ingestion:
    """One run: its plan, and what became of each file."""

    def __init__(
        self,
        corpus: Path,
        folder: Path,
        encoder: Encoder,
        options: BuildOptions,
        rebuild: bool,
        progress: Progress | None,
    ) -> None:
        self._catalog = Catalog(folder)
        if rebuild and (aside := self._catalog.set_aside_unless_sound()):
            _log.warning("The catalog could not be used; it is kept as %s.", aside)
        self._state = self._catalog.state()
        if self._state and not rebuild:
            check_match(self._state, encoder.name, options.chunk_tokens, options.chunk_overlap)
        self._fresh = rebuild or self._state is None
        self._corpus, self._folder, self._encoder = corpus, folder, encoder
        self._options, self._progress = options, progress
        self._unread = {} if self._state is None or rebuild else dict(self._state.unread)
        self._embedded = 0
        self._done_bytes = 0
        if self._state:
            remove_others(folder, self._state.vectors)

    def run(self, started: float) -> IngestReport:
        """Bring the index to the state of the corpus."""
        self._said = read_corpus_file(self._corpus)
        self._info = self._said.info
        todo = plan(self._corpus, self._said, self._indexed(), self._options)
        still = {file.source for file in todo.skipped}
        self._unread = {at: found for at, found in self._unread.items() if at in still}
        base = self._base()
        if base is None or any(todo.changes.values()):
            self._write(todo, base)
        elif todo.description_changed:
            with self._catalog.update() as update:
                update.set_state({"corpus": self._described()})
        with self._catalog.snapshot() as snapshot:
            total = snapshot.count_chunks()
        return IngestReport(
            added=tuple(todo.added),
            changed=tuple(todo.changed),
            deleted=tuple(todo.deleted),
            unchanged=tuple(todo.unchanged),
            skipped=tuple(todo.skipped),
            chunks_embedded=self._embedded,
            chunks_total=total,
            seconds=time.perf_counter() - started,
            description_changed=todo.description_changed,
        )

    def restore(self) -> None:
        """Make the vectors anew; the documents stay as they are."""
        self._said = CorpusFile()
        self._info = self._state.corpus if self._state else CorpusInfo()
        self._write(Plan(unchanged=list(self._indexed().fingerprints)), None)

    def _indexed(self) -> Indexed:
        if self._fresh:
            return Indexed()
        with self._catalog.snapshot() as snapshot:
            return Indexed.read(snapshot)

    def _described(self) -> str:
        return json.dumps(asdict(self._info))

    def _base(self) -> Path | None:
        """The vectors that the new ones begin with; None to make all of them."""
        if self._fresh or self._state is None:
            return None
        base = self._folder / self._state.vectors
        return base if is_whole(base, self._state.seal) else None

    def _write(self, todo: Plan, base: Path | None) -> None:
        with new_vectors(self._folder, base) as vectors:
            with self._catalog.update() as update:
                if self._fresh:
                    update.clear()
                for source in todo.deleted:
                    update.remove(source)
                if todo.added or todo.changed:
                    self._write_documents(todo, vectors, update)
                if not (todo.added or todo.changed or todo.unchanged):
                    raise CorpusError(_nothing_read(self._corpus, todo.skipped))
                if base is None:
                    self._embed_missing(vectors, update)
                vectors.delete(update.vectors_to_remove())
                update.set_state(
                    {
                        "embedding_model": self._encoder.name,
                        "dimension": self._encoder.dimension,
                        "chunk_tokens": self._options.chunk_tokens,
                        "chunk_overlap": self._options.chunk_overlap,
                        "vectors": vectors.folder.name,
                        "seal": _sealed(vectors, update),
                        "unread": json.dumps(self._unread),
                        "corpus": self._described(),
                    }
                )
        remove_others(self._folder, vectors.folder.name)

    def _write_documents(self, todo: Plan, vectors: VectorStore, update: Update) -> None:
        pending: list[tuple[Document, str, list[Chunk]]] = []
        for document, mark in self._read_changed(todo, update):
            chunks = chunk_document(
                document,
                self._encoder.count_tokens,
                self._options.chunk_tokens,
                self._options.chunk_overlap,
            )
            pending.append((document, mark, chunks))
            if sum(len(item[2]) for item in pending) >= _CHUNKS_AT_ONCE:
                self._flush(pending, vectors, update, todo)
        self._flush(pending, vectors, update, todo)

    def _read_changed(self, todo: Plan, update: Update) -> Iterator[tuple[Document, str]]:
        """The documents to index; a file that has no text moves from its list to the skipped."""
        wanted = {*todo.added, *todo.changed}
        options = self._options
        limits = ReadingLimits(
            options.max_reading_seconds, options.max_reading_megabytes, options.max_file_bytes
        )
        with Loader(limits) as loader:
            for item in scan(self._corpus, options.max_file_bytes):
                if isinstance(item, SkippedFile) or item.source not in wanted:
                    continue
                entry = self._said.documents.get(item.source)
                try:
                    document = loader.load(item, entry)
                except UnreadableFileError as error:
                    todo.skipped.append(SkippedFile(item.source, str(error)))
                    tried = tried_mark(fingerprint(item, entry), options)
                    self._unread[item.source] = (tried, str(error))
                    _unlist(todo, item, update)
                else:
                    yield document, fingerprint(item, entry)

    def _flush(
        self,
        pending: list[tuple[Document, str, list[Chunk]]],
        vectors: VectorStore,
        update: Update,
        todo: Plan,
    ) -> None:
        chunks = [chunk for _, _, some in pending for chunk in some]
        total = sum(len(document.text) for document, _, _ in pending) or 1
        for first in range(0, len(chunks), _CHUNKS_AT_ONCE):
            part = chunks[first : first + _CHUNKS_AT_ONCE]
            self._embed(part, vectors)
            self._report(sum(len(chunk.text) for chunk in part), todo.bytes_to_read)
        for document, mark, some in pending:
            update.put(document, mark, some)
        self._report(max(0, total - sum(len(chunk.text) for chunk in chunks)), todo.bytes_to_read)
        pending.clear()

    def _embed(self, chunks: Sequence[Chunk], vectors: VectorStore) -> None:
        """Embed each distinct text that has no vector yet."""
        distinct = {vector_id(chunk): chunk for chunk in chunks}
        known = vectors.known(list(distinct))
        new = [identifier for identifier in distinct if identifier not in known]
        if new:
            texts = [embedding_text(distinct[identifier]) for identifier in new]
            vectors.put(new, self._encoder.encode(texts))
            self._embedded += len(new)

    def _embed_missing(self, vectors: VectorStore, update: Update) -> None:
        """Embed the texts of the documents that did not change, where their vectors are lost."""
        for chunks in update.chunks_by_vector(_CHUNKS_AT_ONCE):
            self._embed(chunks, vectors)

    def _report(self, amount: int, total: int) -> None:
        self._done_bytes = min(self._done_bytes + amount, total)
        if self._progress:
            self._progress(self._done_bytes, total)


@contextmanager
def exclusively(folder: Path, waits: float = 0.0) -> Iterator[None]:
    """Hold the index for one ingestion; the operating system lets go of it if the process dies."""
    lock = FileLock(folder / _LOCK_FILE, timeout=waits)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise IndexBusyError(
            f"Another ingestion is writing {folder}. Wait until it has ended, then run it again."
        ) from error
    except OSError as error:
        raise StorageError(
            f"The index folder {folder} cannot be written: {error}. Let this user write it, free "
            "space on its disk, or name another folder with ASSISTANT_INDEX."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _sealed(vectors: VectorStore, update: Update) -> str:
    """Close the vectors with a seal; they must be those that the chunks have."""
    found, wanted = vectors.count(), update.count_vectors()
    if found != wanted:
        raise StorageError(
            f"{found} vectors were written where the chunks have {wanted}. The index is as it "
            f"was. Make it anew from the documents with: {REBUILD_COMMAND}"
        )
    return vectors.seal()


def _unlist(todo: Plan, item: SourceFile, update: Update) -> None:
    if item.source in todo.changed:
        todo.changed.remove(item.source)
        todo.deleted.append(item.source)
        update.remove(item.source)
    else:
        todo.added.remove(item.source)


def _nothing_read(corpus: Path, skipped: Sequence[SkippedFile]) -> str:
    if not skipped:
        return (
            f"There are no documents in {corpus}. Put files there ({', '.join(MEDIA_TYPES)}) and "
            "run: assistant ingest"
        )
    reasons = "; ".join(f"{file.source}: {file.reason}" for file in skipped[:5])
    more = f"; and {len(skipped) - 5} more" if len(skipped) > 5 else ""
    return f"No file in {corpus} could be read ({reasons}{more}). The index was left as it was."
