"""Hand a question that was just begun on to its answer, so that the conversation is read once.

The page sends the conversation twice for each question: with the question, and back for the answer.
What comes back unchanged, to the last character of its signature, need not be read again.
"""

import threading
from dataclasses import dataclass

from assistant.web.chat.conversation import Conversation
from assistant.web.chat.rendering import SurroundingExchanges

_MOST = 64
"""Questions that are kept. One that is not asked for is dropped for a newer one, and read again."""


@dataclass(frozen=True, slots=True)
class BegunQuestion:
    """A conversation with a waiting question, and the other exchanges as they are shown meanwhile."""

    conversation: Conversation
    around: SurroundingExchanges


class BegunConversations:
    """The questions that this server has begun and not yet answered. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begun: dict[tuple[str, str], BegunQuestion] = {}

    def keep(self, sealed: dict[str, str], begun: BegunQuestion) -> None:
        """Keep a question by the conversation that the server signed for the browser."""
        with self._lock:
            self._begun[sealed["signed"], sealed["within"]] = begun
            while len(self._begun) > _MOST:
                del self._begun[next(iter(self._begun))]

    def take(self, sent: object) -> BegunQuestion | None:
        """Return the question of a conversation once, or None if another server signed it."""
        if not isinstance(sent, dict):
            return None
        signed, within = sent.get("signed"), sent.get("within")
        if not (isinstance(signed, str) and isinstance(within, str)):
            return None
        with self._lock:
            return self._begun.pop((signed, within), None)
