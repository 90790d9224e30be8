import asyncio
import gc
from types import AsyncGeneratorType

from assistant.models.bounded_http import bounded_client
from tests.chat_server import chat_server


def readings_of_connections() -> list[str]:
    """The generators of the HTTP client that have not ended."""
    found = [
        one for one in gc.get_objects() if isinstance(one, AsyncGeneratorType) and one.ag_frame
    ]
    return [one.__qualname__ for one in found if "Connection" in one.__qualname__]


def test_a_response_that_is_left_half_read_leaves_nothing_to_the_garbage_collector() -> None:
    async def half_read(address: str) -> list[str]:
        async with bounded_client() as client:
            asked = client.stream("POST", f"{address}/chat/completions", json={})
            async with asked as response:
                reading = response.aiter_raw()  # kept, as OpenAI's client keeps it
                await anext(reading)
                assert readings_of_connections()
            for _ in range(200):
                if not readings_of_connections():
                    break
                await asyncio.sleep(0.01)
            assert reading
            return readings_of_connections()

    with chat_server() as server:
        server.text, server.delay = "one two three four", 0.05
        assert asyncio.run(half_read(server.address)) == []
