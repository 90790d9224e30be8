"""Requests to servers of the tests, which may take their time on a busy machine: httpx gives up after 5 seconds."""

from functools import partial

import httpx

SECONDS = 30

get = partial(httpx.get, timeout=SECONDS)
post = partial(httpx.post, timeout=SECONDS)
request = partial(httpx.request, timeout=SECONDS)
stream = partial(httpx.stream, timeout=SECONDS)
