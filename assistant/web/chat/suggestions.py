"""The route that suggests what to ask next, after an answer or to begin with.

The page calls it once an answer is shown, so that no answer waits for suggestions. The work takes
its turn among the questions, and ends when the page asks something else.
"""

import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, Request

from assistant.errors import AssistantError
from assistant.text.safe_display import safe_name
from assistant.types import Answer, Turn
from assistant.web.chat.conversation import Conversation
from assistant.web.chat.conversation_signing import open_seals
from assistant.web.chat.payloads import SuggestionCall
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
        self._seals = open_seals(assistant.settings)
        self._beginnings: dict[tuple[str, str], list[str]] = {}

    def after(
        self,
        kept: object,
        stopped: threading.Event,
        index: int | None = None,
        offered: Sequence[str] = (),
    ) -> Iterator[dict[str, list[str]]]:
        """Yield the questions to ask after an answer, once, and nothing while a question is waiting.

        Without an ``index``, they follow the last answer. Those ``offered`` before come last.
        """
        longest = self._assistant.settings.max_question_length
        conversation = self._seals.unseal(kept, CitationChecks(self._assistant), longest)
        exchanges = conversation.exchanges
        if conversation.pending or (index is not None and index >= len(exchanges)):
            yield {}
        elif exchanges:
            answer = exchanges[-1 if index is None else index].answer
            yield {"questions": self._following(conversation, answer, stopped, offered)}
        else:
            yield {"questions": self._beginning(conversation.within, stopped)}

    def beginning(self, within: str, stopped: threading.Event) -> Iterator[list[str]]:
        """Yield the questions to begin with in a document or folder, or in all documents, once."""
        yield self._beginning(within, stopped)

    def _following(
        self,
        conversation: Conversation,
        answer: Answer | None,
        stopped: threading.Event,
        offered: Sequence[str],
    ) -> list[str]:
        others = [one for one in conversation.exchanges if one.answer is not answer]
        return self._assistant.suggest(
            answer,
            [Turn(one.question, one.answer) for one in others if one.answer],
            count=self._count,
            within=conversation.within,
            stopped=stopped,
            offered=offered,
        )

    def _beginning(self, within: str, stopped: threading.Event) -> list[str]:
        if not within:
            return self._assistant.starting_questions(stopped=stopped)
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


def suggestion_routes(
    assistant: "Assistant", questions: AnsweringLimit, suggestions: Suggestions
) -> APIRouter:
    """Return the route ``/suggestions``, which takes a conversation as the browser stores it."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(takes_json)])

    @router.post("/suggestions")
    async def suggest(sent: SuggestionCall, request: Request) -> dict[str, list[str]]:
        """Return questions to ask next, or nothing from a server that is busy or has no index."""
        kept = sent.model_dump(exclude={"index", "offered"})
        if not assistant.settings.suggested_questions:
            return {"questions": []}

        def suggesting(stopped: threading.Event) -> Iterator[dict[str, list[str]]]:
            return suggestions.after(kept, stopped, sent.index, sent.offered)

        try:
            found = await unless_gone(request, questions.last(suggesting, client_of(request.scope)))
            return {key: [safe_name(one) for one in asked] for key, asked in found.items()}
        except AssistantError:
            return {}

    return router
