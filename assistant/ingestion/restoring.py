"""Make vectors that were found damaged again, from the texts that the catalog has."""

import logging

from assistant.errors import StorageError, VectorsDamagedError
from assistant.ingestion.embedding import embed_all
from assistant.ingestion.planning import BuildOptions
from assistant.protocols import Encoder, Store
from assistant.storage.state import check_match

_log = logging.getLogger(__name__)

_RESTORING_WAITS = 10.0


def restore_vectors(
    store: Store, encoder: Encoder, options: BuildOptions, damaged: VectorsDamagedError
) -> None:
    """Make vectors that were found damaged again from the catalog, unless that was done already.

    Raise the damage itself if there is no way to write here, and `IndexBusyError` if another
    ingestion takes long: it restores them too.
    """
    if _names_others(store, damaged.folder):
        return
    try:
        with store.exclusively(_RESTORING_WAITS):
            if not _names_others(store, damaged.folder):
                _log.warning("%s: damaged; made again from the catalog now.", damaged.folder)
                _restore(store, encoder, options)
    except StorageError as error:
        if type(error) is not StorageError:  # it says more than that nothing can be written
            raise
        raise VectorsDamagedError(f"{damaged} ({error})") from error


def _restore(store: Store, encoder: Encoder, options: BuildOptions) -> None:
    with store.snapshot() as snapshot:
        check_match(snapshot.state, encoder.name, options.chunk_tokens, options.chunk_overlap)
    store.sweep()
    with store.write(encoder.name, keeps_vectors=False) as writer:
        embed_all(writer.update, encoder, writer.vectors)
        writer.finish({})


def _names_others(store: Store, vectors: str) -> bool:
    """Return whether the catalog names other vectors than these by now."""
    state = store.state()
    return state is None or state.vectors != vectors
