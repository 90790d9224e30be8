"""Opens the session that an assistant answers with, for tests of what works on a session."""

from collections.abc import Iterator
from contextlib import contextmanager

from assistant import Assistant
from assistant.session import Session


@contextmanager
def open_session(assistant: Assistant) -> Iterator[Session]:
    """A session over the last state, open until the block ends."""
    with next(iter(assistant._sessions())) as session:
        yield session
