"""The route that suggests what to ask next, after an answer or to begin with.

The page calls it once an answer is shown, so that no answer waits for suggestions. The work takes
its turn among the questions, and ends when the page asks something else.
"""

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, Request

from assistant.errors import AssistantError
from assistant.web.chat.conversation import Conversation
from assistant.web.chat.conversation_signing import Seals, installation_key
from assistant.web.chat.payloads import SignedConversation
from assistant.web.citation_checks import CitationChecks
from assistant.web.concurrency import AnsweringLimit
from assistant.web.middleware.request_facts import client_of
from assistant.web.problems import takes_json
from assistant.web.streams import unless_gone

if TYPE_CHECKING:
    from assistant.assistant import Assistant


class Suggestions:
    """Suggests questions. Those to begin with are found once for each state of the index."""

    def __init__(self, assistant: "Assistant") -> None:
        self._assistant = assistant
        self._seals = Seals(installation_key(assistant.settings.index))
        self._beginnings: dict[tuple[str, str], list[str]] = {}

    def after(self, kept: object, stopped: threading.Event) -> Iterator[dict[str, list[str]]]:
        """Yield the questions to ask after a conversation, once; nothing while one is waiting."""
        longest = self._assistant.settings.max_question_length
        conversation = self._seals.unseal(kept, CitationChecks(self._assistant), longest)
        if conversation.pending:
            yield {}
        elif conversation.exchanges:
            yield {"questions": self._following(conversation, stopped)}
        else:
            yield {"questions": self._beginning(conversation.within, stopped)}

    def _following(self, conversation: Conversation, stopped: threading.Event) -> list[str]:
        last = conversation.exchanges[-1]
        return self._assistant.suggest(
            last.answer,
            conversation.history,
            count=self._count,
            within=conversation.within,
            stopped=stopped,
        )

    def _beginning(self, within: str, stopped: threading.Event) -> list[str]:
        state = (self._assistant.generation, within)
        if state not in self._beginnings:
            found = self._assistant.suggest(count=self._count, within=within, stopped=stopped)
            if stopped.is_set():
                return found
            if any(generation != state[0] for generation, _ in self._beginnings):
                self._beginnings.clear()
            self._beginnings[state] = found
        return self._beginnings[state]

    @property
    def _count(self) -> int:
        return self._assistant.settings.suggested_questions


def suggestion_routes(assistant: "Assistant", questions: AnsweringLimit) -> APIRouter:
    """Return the route ``/suggestions``, which takes a conversation as the browser stores it."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(takes_json)])
    suggestions = Suggestions(assistant)

    @router.post("/suggestions")
    async def suggest(sent: SignedConversation, request: Request) -> dict[str, list[str]]:
        """Return questions to ask next; nothing from a server that is busy or has no index."""
        kept = sent.model_dump()
        if not assistant.settings.suggested_questions:
            return {"questions": []}

        def suggesting(stopped: threading.Event) -> Iterator[dict[str, list[str]]]:
            return suggestions.after(kept, stopped)

        try:
            return await unless_gone(request, questions.last(suggesting, client_of(request.scope)))
        except AssistantError:
            return {}

    return router
