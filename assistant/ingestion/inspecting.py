"""Show what is read of files before anything is indexed, and what a person should look at."""

from collections.abc import Iterator
from pathlib import Path

from assistant.ingestion.corpus_file import read_corpus_file
from assistant.ingestion.formats import Extracted, UnreadableFileError
from assistant.ingestion.loading import Loader, media_type_of, title_of
from assistant.ingestion.planning import BuildOptions
from assistant.ingestion.scanning import SourceFile, look_at, read_source, scan
from assistant.text.spans import lines
from assistant.text.table_structure import HEAD_MARK, is_row
from assistant.types import CheckedDocument, SkippedFile

_BEGINNING = 240
"""Characters of the first lines that are shown."""


def inspect_documents(path: Path, options: BuildOptions) -> Iterator[CheckedDocument]:
    """Yield what is read of each file below a folder, or of one file.

    Raise `CorpusError` if there is no such file or folder.
    """
    if path.is_file():
        files = iter((look_at(path, options.max_file_bytes),))
        described = {}
    else:
        described = read_corpus_file(path).documents
        files = scan(path, options.max_file_bytes)
    with Loader(options.reading_limits) as loader:
        for file in files:
            entry = described.get(file.source)
            yield _checked(loader, file, options.max_file_bytes, entry.title if entry else None)


def _checked(
    loader: Loader, file: SourceFile | SkippedFile, max_bytes: int, title: str | None
) -> CheckedDocument:
    if isinstance(file, SkippedFile):
        return CheckedDocument(file.source, missing=(f"all of it: {file.reason}",))
    media_type = media_type_of(file.source)
    try:
        found = loader.extract(read_source(file, max_bytes))
    except UnreadableFileError as error:
        return CheckedDocument(file.source, media_type, missing=(f"all of it: {error}",))
    return CheckedDocument(
        file.source,
        media_type,
        title or title_of(found, file.source),
        len(found.text),
        len(found.page_starts),
        _count_tables(found),
        _beginning(found.text),
        found.notes,
        found.decisions,
    )


def _count_tables(found: Extracted) -> int:
    """Count the stretches of lines that are rows of a table."""
    rows = [is_row(found.text, line) for line in lines(found.text)]
    return sum(is_row and not before for before, is_row in zip([False, *rows], rows, strict=False))


def _beginning(text: str) -> str:
    """Return the first lines, up to the last word that has room."""
    shown = "\n".join(line.strip(HEAD_MARK).rstrip() for line in text.splitlines() if line.strip())
    if len(shown) <= _BEGINNING:
        return shown
    return shown[:_BEGINNING].rsplit(maxsplit=1)[0] + " …"
