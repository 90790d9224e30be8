"""The connection to a language model's server: no redirects, no compression, a limit of bytes.

A server that was taken over, or is broken, could otherwise have the prompt sent to another host,
unpack a small response into gigabytes, or send without end and keep every other request waiting.
"""

from collections.abc import AsyncGenerator, AsyncIterator

import httpx2

MAX_RESPONSE_BYTES = 2_000_000
"""A response of 512 tokens has some 150 kB, since each token comes with 300 bytes around it."""


def bounded_client() -> httpx2.AsyncClient:
    """Return a client for the requests to a language model.

    No connection stays open between answers, because nothing would close it when the program ends.
    """
    none_kept = httpx2.Limits(max_keepalive_connections=0)
    return httpx2.AsyncClient(
        transport=BoundedTransport(httpx2.AsyncHTTPTransport(limits=none_kept)),
        follow_redirects=False,
        headers={"accept-encoding": "identity"},
    )


class BoundedTransport(httpx2.AsyncBaseTransport):
    """A transport that refuses compressed responses, and ends those that are too long."""

    def __init__(self, transport: httpx2.AsyncBaseTransport) -> None:
        self._transport = transport

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request. Raise `httpx2.ReadError` for a compressed response."""
        response = await self._transport.handle_async_request(request)
        if response.headers.get("content-encoding", "identity") != "identity":
            await response.aclose()
            raise httpx2.ReadError("the response is compressed", request=request)
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = _BoundedStream(response.stream, request)
        return response

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()


class _BoundedStream(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream, request: httpx2.Request) -> None:
        self._stream, self._request = stream, request
        self._parts: AsyncIterator[bytes] | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        received = 0
        self._parts = aiter(self._stream)
        async for part in self._parts:
            received += len(part)
            if received > MAX_RESPONSE_BYTES:
                raise httpx2.ReadError("the response is too long", request=self._request)
            yield part

    async def aclose(self) -> None:
        """Close the connection, and end the reading from it.

        A reading that is only left would be ended by the garbage collector, in any thread and
        while the event loop is busy with the same connection.
        """
        await self._stream.aclose()
        if isinstance(self._parts, AsyncGenerator):
            await self._parts.aclose()
