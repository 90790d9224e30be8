"""The route of the original files, which readers open from the source pane.

A file is sent only if its bytes are those that were indexed. Nothing in it can run: the content
policy of HTML forbids scripts, forms and all requests.
"""

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, Response, StreamingResponse

from assistant.errors import AssistantError, DocumentNotFoundError
from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.encodings import find_encoding, find_html_encoding
from assistant.text.media_types import HTML, JPEG, MARKDOWN, PDF, PLAIN, PNG
from assistant.types import Document

if TYPE_CHECKING:
    from assistant.assistant import Assistant

_PIECE = 1 << 18
_CLOSED = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_POLICIES = {
    HTML: f"sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; {_CLOSED}",
    # a sandbox would disable browsers' PDF viewers, which isolate a PDF's scripts from the page
    PDF: f"default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; {_CLOSED}",
}
_POLICY = f"sandbox; default-src 'none'; {_CLOSED}"
_SHOWN = {HTML: HTML, PDF: PDF, PLAIN: PLAIN, MARKDOWN: PLAIN, PNG: PNG, JPEG: JPEG}
"""Media types that a browser shows, and as which type. Others are offered for download."""
CHANGED = (
    "The file was changed or removed after it was indexed. The chat shows its text as indexed."
)
GONE = "The document does not exist."


def original_routes(assistant: "Assistant") -> APIRouter:
    """Return the route ``/original?document=``, which sends the file of a document."""
    router = APIRouter(include_in_schema=False)

    @router.get("/original")
    def show_original(document: str = "") -> Response:
        try:
            indexed = assistant.document(document)
        except DocumentNotFoundError:
            return PlainTextResponse(GONE, status_code=404)
        except AssistantError as error:
            return PlainTextResponse(str(error), status_code=503)
        file = open_original(assistant.settings.corpus, indexed)
        if file is None:
            return PlainTextResponse(CHANGED, status_code=404)
        return StreamingResponse(_pieces(file), headers=_headers(indexed, file))

    return router


def original_address(document: Document) -> str:
    """Return the address of a document's file."""
    return f"original?{urlencode({'document': document.id})}"


def open_original(corpus: Path, document: Document) -> BinaryIO | None:
    """Return the document's file, open at its beginning, if it has the bytes that were indexed.

    Return None if it changed, is gone or links to a place outside the corpus.
    """
    path = corpus / document.source
    try:
        if not path.resolve(strict=True).is_relative_to(corpus.resolve(strict=True)):
            return None
        file = open(path, "rb", opener=_without_waiting)  # noqa: SIM115  # closed once it is sent
    except (OSError, ValueError, RuntimeError):  # RuntimeError: a loop of links, before Python 3.13
        return None
    try:
        if (
            stat.S_ISREG(os.fstat(file.fileno()).st_mode)
            and hashlib.file_digest(file, "sha256").hexdigest() == document.sha256
        ):
            file.seek(0)
            return file
    except OSError:
        pass
    file.close()
    return None


def _without_waiting(path: str, flags: int) -> int:
    """Open a file without waiting, even if it is a pipe that nobody writes to."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _headers(document: Document, file: BinaryIO) -> dict[str, str]:
    shown = _SHOWN.get(document.media_type)
    name = quote(document.source.rpartition("/")[2], safe="")
    disposition = "inline" if shown else "attachment"
    return {
        "content-type": _content_type(shown, file) if shown else document.media_type,
        "content-length": str(os.fstat(file.fileno()).st_size),
        "content-disposition": f"{disposition}; filename*=UTF-8''{name}",
        "content-security-policy": _POLICIES.get(document.media_type, _POLICY),
        "cache-control": "no-store",
    }


def _content_type(media_type: str, file: BinaryIO) -> str:
    """Return the media type with the encoding in which the file was read."""
    if media_type not in (HTML, PLAIN):
        return media_type
    content = file.read()
    file.seek(0)
    try:
        find = find_html_encoding if media_type == HTML else find_encoding
        _, encoding = find(content)
    except UnreadableFileError:
        return media_type
    return f"{media_type}; charset={encoding}"


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece
