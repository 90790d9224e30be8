import asyncio
import gc
from concurrent.futures import ThreadPoolExecutor
from types import AsyncGeneratorType

from assistant.models.bounded_http import bounded_client
from tests.chat_server import chat_server


def readings_of_connections() -> list[str]:
    """The generators of the HTTP client that have not ended."""
    # asking some objects of other packages for their class is more than looking
    found = [one for one in gc.get_objects() if type(one) is AsyncGeneratorType]
    return [one.__qualname__ for one in found if one.ag_frame and "Connection" in one.__qualname__]


async def half_read(address: str) -> tuple[list[str], list[str]]:
    """The readings of connections during a response that is left half read, and some time after it."""
    async with bounded_client() as client:
        asked = client.stream("POST", f"{address}/chat/completions", json={})
        async with asked as response:
            reading = response.aiter_raw()  # kept, as OpenAI's client keeps it
            await anext(reading)
            during = readings_of_connections()
        for _ in range(200):
            if not readings_of_connections():
                break
            await asyncio.sleep(0.01)
        assert reading
        return during, readings_of_connections()


def test_a_response_that_is_left_half_read_leaves_nothing_to_the_garbage_collector() -> None:
    gc.collect()
    with chat_server() as server, ThreadPoolExecutor(1) as thread:  # a browser has this one's loop
        server.text, server.delay = "one two three four", 0.05
        during, after = thread.submit(lambda: asyncio.run(half_read(server.address))).result()
    assert during
    assert after == []
