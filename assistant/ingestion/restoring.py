"""Make vectors that were found damaged again, from the texts that the catalog has."""

import logging
from pathlib import Path

from assistant.errors import StorageError, VectorsDamagedError
from assistant.ingestion.pipeline import Ingestion, exclusively
from assistant.ingestion.planning import BuildOptions
from assistant.protocols import Encoder
from assistant.storage.catalog import Catalog

_log = logging.getLogger(__name__)

_RESTORING_WAITS = 10.0


def restore_vectors(
    folder: Path, encoder: Encoder, options: BuildOptions, damaged: VectorsDamagedError
) -> None:
    """Make vectors that were found damaged anew from the catalog, unless that was done already.

    Raises the damage itself if there is no way to write here, and `IndexBusyError` if another
    ingestion takes long: it restores them too.
    """
    catalog = Catalog(folder)
    if _names_others(catalog, damaged.folder):
        return
    try:
        with exclusively(folder, _RESTORING_WAITS):
            if not _names_others(catalog, damaged.folder):
                _log.warning("%s: damaged; made anew from the catalog now.", damaged.folder)
                Ingestion(Path(), folder, encoder, options, rebuild=False, progress=None).restore()
    except StorageError as error:
        if type(error) is not StorageError:  # it says more than that nothing can be written
            raise
        raise VectorsDamagedError(f"{damaged} ({error})") from error


def _names_others(catalog: Catalog, vectors: str) -> bool:
    """Whether the catalog names other vectors than these by now."""
    state = catalog.state()
    return state is None or state.vectors != vectors
