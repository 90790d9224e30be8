"""Read one document for an ingestion that runs elsewhere, and write it into the next state."""

import logging
from collections.abc import Sequence
from pathlib import Path

from assistant.errors import AssistantError, CorpusError, RunEndedError
from assistant.ingestion.budget import TimeBudget
from assistant.ingestion.embedding import CHUNKS_AT_ONCE, embed_missing
from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.loading import Loader
from assistant.ingestion.planning import BuildOptions
from assistant.ingestion.scanning import SourceContent, read_unchanged
from assistant.ingestion.sharing.jobs import DocumentJob
from assistant.ingestion.splitting import cut_reason, split
from assistant.protocols import Encoder, JoinedRun, SharedStore
from assistant.types import Chunk, ReadingOutcome

_log = logging.getLogger(__name__)


class DocumentReader:
    """Does jobs one after the other. Use it from one thread."""

    def __init__(
        self,
        corpus: Path,
        store: SharedStore,
        encoder: Encoder,
        options: BuildOptions,
        loader: Loader,
    ) -> None:
        self._corpus, self._store = corpus, store
        self._encoder, self._options = encoder, options
        self._loader = loader

    def read(self, job: DocumentJob, *, is_last_try: bool) -> ReadingOutcome | None:
        """Do a job, and return what became of the document; None if nobody waits for it any more.

        A job that was done is not done again. Raise what another try may not meet, unless this is
        the last one: then the document is skipped, with the reason.
        """
        try:
            with self._store.join(job.run) as run:
                if run.has(job.source):
                    return None
                outcome = self._outcome(job, run, is_last_try)
                run.report(outcome)
                return outcome
        except RunEndedError:
            return None

    def _outcome(self, job: DocumentJob, run: JoinedRun, is_last_try: bool) -> ReadingOutcome:
        try:
            return self._written(job, run)
        except UnreadableFileError as error:
            return ReadingOutcome(job.source, str(error))
        except CorpusError as error:
            if not is_last_try:
                raise
            return ReadingOutcome(job.source, str(error), is_lasting=False)
        except AssistantError:  # of the settings, a model or the index, not of this document
            raise
        except Exception as error:
            if not is_last_try:
                raise
            _log.warning("A document was skipped.", exc_info=error)
            return ReadingOutcome(job.source, f"it cannot be processed ({type(error).__name__})")

    def _written(self, job: DocumentJob, run: JoinedRun) -> ReadingOutcome:
        self._loader.partly_read.clear()
        document = self._loader.load(self._file(job), job.document_entry)
        document, chunks = split(document, self._encoder, self._options)
        embedded, kept = self._embedded(chunks, run)
        run.update.put(document, job.fingerprint, chunks[:kept])
        reasons = [skipped.reason for skipped in self._loader.partly_read]
        if kept < len(chunks):
            seconds = self._options.max_embedding_seconds
            reasons.append(cut_reason(document, chunks[kept - 1].end, seconds))
        notes = "; ".join(reasons)
        return ReadingOutcome(job.source, notes=notes, embedded=embedded)

    def _file(self, job: DocumentJob) -> SourceContent:
        """Return the file as the ingestion saw it. Raise `CorpusError` if it is not so here."""
        try:
            return read_unchanged(
                self._corpus, job.source, job.sha256, self._options.max_file_bytes
            )
        except UnreadableFileError as error:
            raise CorpusError(f"a worker cannot read it ({error})") from error

    def _embedded(self, chunks: Sequence[Chunk], run: JoinedRun) -> tuple[int, int]:
        """Embed chunks until the time is over. Return how many texts were new, and chunks done."""
        budget = TimeBudget(self._options.max_embedding_seconds)
        embedded = kept = 0
        while kept < len(chunks) and not (kept and budget.is_over):
            part = chunks[kept : kept + CHUNKS_AT_ONCE]
            embedded += embed_missing(part, self._encoder, run.update, run.vectors)
            kept += len(part)
        return embedded, kept
