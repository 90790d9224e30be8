"""Make vectors that were found damaged again, from the texts that the catalog has."""

import logging
from pathlib import Path

from assistant.errors import StorageError, VectorsDamagedError
from assistant.ingestion.embedding import embed_all, seal_vectors
from assistant.ingestion.pipeline import exclusively
from assistant.ingestion.planning import BuildOptions
from assistant.protocols import Encoder
from assistant.storage.catalog import Catalog
from assistant.storage.state import check_match
from assistant.storage.vectors import new_vectors, remove_others

_log = logging.getLogger(__name__)

_RESTORING_WAITS = 10.0


def restore_vectors(
    folder: Path, encoder: Encoder, options: BuildOptions, damaged: VectorsDamagedError
) -> None:
    """Make vectors that were found damaged again from the catalog, unless that was done already.

    Raise the damage itself if there is no way to write here, and `IndexBusyError` if another
    ingestion takes long: it restores them too.
    """
    catalog = Catalog(folder)
    if _names_others(catalog, damaged.folder):
        return
    try:
        with exclusively(folder, _RESTORING_WAITS):
            if not _names_others(catalog, damaged.folder):
                _log.warning("%s: damaged; made again from the catalog now.", damaged.folder)
                _restore(catalog, encoder, options)
    except StorageError as error:
        if type(error) is not StorageError:  # it says more than that nothing can be written
            raise
        raise VectorsDamagedError(f"{damaged} ({error})") from error


def _restore(catalog: Catalog, encoder: Encoder, options: BuildOptions) -> None:
    with catalog.snapshot() as snapshot:
        state = snapshot.state
    check_match(state, encoder.name, options.chunk_tokens, options.chunk_overlap)
    remove_others(catalog.folder, state.vectors)
    with new_vectors(catalog.folder, None) as vectors:
        with catalog.update() as update:
            embed_all(update, encoder, vectors)
            seal = seal_vectors(vectors, update)
            update.set_state({"vectors": vectors.folder.name, "seal": seal})
    remove_others(catalog.folder, vectors.folder.name)


def _names_others(catalog: Catalog, vectors: str) -> bool:
    """Return whether the catalog names other vectors than these by now."""
    state = catalog.state()
    return state is None or state.vectors != vectors
