"""The routes by which readers add documents and remove them again.

They are there only if a setting allows uploads: for the page behind the chat's password, and for
programs behind the API's tokens. A file is the body of a ``PUT``, which no other site can send.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request
from pydantic import BaseModel

from assistant.errors import StorageError
from assistant.ingestion.loading import document_id
from assistant.ingestion.uploads import UPLOADS, Arrival, Uploads, checked_name, source_of
from assistant.types import DocumentSummary
from assistant.web.api.description import problems

if TYPE_CHECKING:
    from assistant.assistant import Assistant

Result = TypeVar("Result")

PAGE_PREFIX = "/uploads"
API_PREFIX = "/api/v1/uploads"
BYTES = "application/octet-stream"


class AddedDocument(BaseModel):
    """A document that was added: what was read of it, and what was left out with the reasons."""

    id: str
    source: str
    title: str
    words: int
    pages: int | None
    left_out: list[str]


class UploadedDocuments(BaseModel):
    """The documents that were added."""

    documents: list[DocumentSummary]


class Receiver:
    """Receives files, and adds together all that have arrived while others were ingested.

    ``changed`` is called in the event loop after each change, with the sources that were added.
    """

    def __init__(
        self, assistant: "Assistant", changed: Callable[[Sequence[str]], object] = len
    ) -> None:
        settings = assistant.settings
        self._assistant = assistant
        self._changed = changed
        self.uploads = Uploads(settings.corpus, settings.upload_bytes, assistant.ingest)
        self._waiting: list[tuple[Arrival, asyncio.Future[tuple[str, ...]]]] = []
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._threads = CapacityLimiter(2)

    async def receive(self, name: str, request: Request) -> AddedDocument:
        """Store the body of a request as a document, and return it as it was read.

        Raise `UsageError` for a name or a file that cannot be used, and `StorageError` on a server
        that has the index without its documents.
        """
        name = checked_name(name)
        await self._in_thread(self._check_documents)
        self.uploads.check_room(int(request.headers.get("content-length", "0")))
        async with _arriving(self.uploads.arriving()) as path:
            with path.open("wb") as file:
                async for part in request.stream():
                    file.write(part)
            left_out = await self._add(Arrival(name, path))
        document = self._assistant.document(document_id(source_of(name)))
        return AddedDocument(
            id=document.id,
            source=document.source,
            title=document.title,
            words=len(document.text.split()),
            pages=len(document.page_starts) or None,
            left_out=list(left_out),
        )

    async def remove(self, name: str) -> None:
        """Remove a document that was added."""
        await self._in_thread(self._check_documents)
        async with self._turn:
            await self._in_thread(partial(self.uploads.remove, name))
        self._changed(())

    def documents(self) -> list[DocumentSummary]:
        """Return the documents that were added."""
        listed = self._assistant.documents(f"{UPLOADS}/")
        return [one for one in listed if one.source.startswith(f"{UPLOADS}/")]

    def _check_documents(self) -> None:
        """Refuse uploads where ingesting them would remove all other documents of a shared index."""
        settings = self._assistant.settings
        if settings.database is None or self._assistant.has_files(besides=UPLOADS):
            return
        if self._assistant.count_documents() > len(self.documents()):
            raise StorageError(
                f"This server has the index without its documents: there are none in "
                f"{settings.corpus}. Let it share that folder with the ingestion, or send the "
                "document to a server that does."
            )

    async def _add(self, arrival: Arrival) -> tuple[str, ...]:
        added: asyncio.Future[tuple[str, ...]] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, added))
        # a task of its own, since a client that hangs up must not leave the others waiting
        adding = asyncio.create_task(self._add_waiting())
        self._tasks.add(adding)
        adding.add_done_callback(self._tasks.discard)
        return await added

    async def _add_waiting(self) -> None:
        """Add what is waiting together, and give each request its result."""
        async with self._turn:
            batch, self._waiting = self._waiting, []
            if not batch:
                return
            arrivals = [arrival for arrival, _ in batch]
            results: Sequence[Exception | tuple[str, ...]]
            try:
                results = await self._in_thread(partial(self.uploads.add, arrivals))
            except Exception as error:  # each request tells of it
                results = [error] * len(batch)
            paired = list(zip(batch, results, strict=True))
            self._changed([source_of(one.name) for (one, _), out in paired if type(out) is tuple])
            for (_, future), result in paired:
                if future.cancelled():
                    continue
                if isinstance(result, Exception):
                    future.set_exception(result)
                else:
                    future.set_result(result)

    async def _in_thread(self, act: Callable[[], Result]) -> Result:
        return await to_thread.run_sync(act, limiter=self._threads)


@asynccontextmanager
async def _arriving(path: Path) -> AsyncIterator[Path]:
    """Remove what has arrived at a path unless it was stored."""
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def upload_routes(receiver: Receiver, prefix: str) -> APIRouter:
    """Return the routes below a prefix: list the added documents, add one, and remove one."""
    router = APIRouter(prefix=prefix, tags=["Uploads"], include_in_schema=prefix == API_PREFIX)

    @router.get("", summary="List the uploads", responses=problems())
    def uploads() -> UploadedDocuments:
        """Return the documents that were added, ordered by path."""
        return UploadedDocuments(documents=receiver.documents())

    @router.put(
        "/{name}",
        summary="Add a document",
        status_code=201,
        responses=problems(413, 422),
        openapi_extra={"requestBody": {"required": True, "content": {BYTES: {}}}},
    )
    async def add(name: str, request: Request) -> AddedDocument:
        """Add the file in the body under a name, in place of one with the same name.

        It can be asked once this returns. A file that cannot be read is refused with the reason.
        """
        return await receiver.receive(name, request)

    @router.delete(
        "/{name}", summary="Remove a document", status_code=204, responses=problems(404, 422)
    )
    async def remove(name: str) -> None:
        """Remove an added document and its file."""
        await receiver.remove(name)

    return router
