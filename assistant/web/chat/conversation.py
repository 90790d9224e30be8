"""The conversation, which is stored in the reader's browser.

The server stores no conversation, and keeps one in memory only between a question and its answer.
Each request brings all of it, so readers cannot see each other's conversations and a restart loses
nothing. What a browser sends is not trusted: a wrong shape is replaced by a notice, and every
citation is checked against the index again.
"""

import json
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Annotated, Any

from pydantic import StringConstraints, TypeAdapter, ValidationError

from assistant.feedback.recording import MAX_COMMENT
from assistant.types import EXTRACTIVE, GENERATIVE, Answer, Turn
from assistant.web.citation_checks import CitationChecks
from assistant.web.strings import load_strings

VERSION = 1
MAX_EXCHANGES = 60
MAX_KEPT_CHARACTERS = 1_500_000

TEXTS = load_strings("chat")


class State(StrEnum):
    """The state of an exchange."""

    PENDING = "pending"
    ANSWERED = "answered"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A reader's feedback on an answer, and the id under which it is stored."""

    id: str
    helpful: bool
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with its answer, or with the ``problem`` that prevented it.

    ``verdict`` is the reader's feedback on the answer.
    """

    question: str
    state: State
    answer: Answer | None = None
    problem: str = ""
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """The exchanges of a conversation, oldest first.

    ``cleared`` holds those that were just cleared, until the next question. ``notice`` is a message
    to the reader about the exchange at ``notice_at``, or about the whole conversation. ``within``
    is the document or folder to ask, or empty for all documents.
    """

    exchanges: tuple[Exchange, ...] = ()
    cleared: tuple[Exchange, ...] = ()
    notice: str = ""
    notice_at: int | None = None
    within: str = ""

    @property
    def pending_at(self) -> int | None:
        """Return the position of the exchange that is waiting for its answer, or None."""
        states = [exchange.state for exchange in self.exchanges]
        return states.index(State.PENDING) if State.PENDING in states else None

    @property
    def pending(self) -> Exchange | None:
        """Return the exchange that is waiting for its answer, or None."""
        position = self.pending_at
        return None if position is None else self.exchanges[position]

    @property
    def history(self) -> list[Turn]:
        """Return the answered exchanges before the one that is waiting, or else the last one."""
        position = -1 if self.pending_at is None else self.pending_at
        return [
            Turn(exchange.question, exchange.answer)
            for exchange in self.exchanges[:position]
            if exchange.answer is not None
        ]

    def asking(self, question: str, *, instead_of: int | None = None) -> "Conversation":
        """Return the conversation with a new question, at its end or in the place of an exchange."""
        if instead_of is not None:
            asked = self.with_exchange(instead_of, Exchange(question, State.PENDING))
            return Conversation(asked.exchanges, within=self.within)
        exchanges = (*self.settled().exchanges, Exchange(question, State.PENDING))
        notice = older_dropped() if len(exchanges) > MAX_EXCHANGES else ""
        return Conversation(exchanges[-MAX_EXCHANGES:], notice=notice, within=self.within)

    def with_exchange(self, position: int, exchange: Exchange) -> "Conversation":
        """Return the conversation with another exchange at a position."""
        exchanges = list(self.exchanges)
        exchanges[position] = exchange
        return replace(self, exchanges=tuple(exchanges))

    def with_verdict(self, position: int, verdict: Verdict | None) -> "Conversation":
        """Return the conversation with another verdict on the exchange at a position."""
        return self.with_exchange(position, replace(self.exchanges[position], verdict=verdict))

    def settled(self, problem: str = "") -> "Conversation":
        """Return the conversation with a waiting question marked as stopped, by default interrupted."""
        if self.pending is None or self.pending_at is None:
            return self
        reason = problem or TEXTS("interrupted")
        stopped = Exchange(self.pending.question, State.STOPPED, problem=reason)
        return self.with_exchange(self.pending_at, stopped).settled(problem)

    def to_browser(self) -> dict[str, Any]:
        """Return what the browser stores, ready for JSON."""
        return {
            "version": VERSION,
            "exchanges": [_to_browser(exchange) for exchange in self.exchanges],
            "cleared": [_to_browser(exchange) for exchange in self.cleared],
            "within": self.within,
        }


def older_dropped() -> str:
    """Return the notice that the oldest questions were removed."""
    return TEXTS("older_dropped", most=MAX_EXCHANGES)


def read_conversation(
    kept: object, passages: CitationChecks, max_question_length: int
) -> Conversation:
    """Return the conversation that a browser sent, or an empty one with a notice.

    Titles and sources come from the index. `CitationChecks.holds` checks the quotes when they are
    shown.
    """
    if kept is None or kept == {}:
        return Conversation()
    try:
        if not isinstance(kept, dict) or kept.get("version") != VERSION:
            return Conversation(notice=TEXTS("conversation_dropped"))
        if len(json.dumps(kept, ensure_ascii=False).encode()) > MAX_KEPT_CHARACTERS:
            return Conversation(notice=TEXTS("conversation_dropped"))
        exchanges = _EXCHANGES.validate_python(kept.get("exchanges", []))
        cleared = _EXCHANGES.validate_python(kept.get("cleared", []))
        within = _PATH.validate_python(kept.get("within", ""))
    except (ValidationError, UnicodeEncodeError, RecursionError):
        return Conversation(notice=TEXTS("conversation_dropped"))
    both = exchanges + cleared
    if len(both) > 2 * MAX_EXCHANGES or not all(
        _is_sound(exchange, max_question_length) for exchange in both
    ):
        return Conversation(notice=TEXTS("conversation_dropped"))
    return Conversation(
        tuple(_refreshed(exchange, passages) for exchange in exchanges),
        tuple(_refreshed(exchange, passages) for exchange in cleared),
        within=within,
    )


_EXCHANGES = TypeAdapter(tuple[Exchange, ...])
_PATH: TypeAdapter[str] = TypeAdapter(Annotated[str, StringConstraints(max_length=4096)])


def _is_sound(exchange: Exchange, max_question_length: int) -> bool:
    """Return whether an exchange of the right shape is consistent: every mark has its citation."""
    if not exchange.question.strip() or len(exchange.question) > max_question_length:
        return False
    if exchange.verdict and len(exchange.verdict.comment) > MAX_COMMENT:
        return False
    answer = exchange.answer
    if answer is None:
        return exchange.state is not State.ANSWERED and exchange.verdict is None
    numbers = [citation.number for citation in answer.citations]
    return (
        exchange.state is State.ANSWERED
        and numbers == list(range(1, len(numbers) + 1))
        and all(
            bool(statement.citations) != bool(statement.unsupported)
            for statement in answer.statements
        )
        and all(
            number in numbers for statement in answer.statements for number in statement.citations
        )
        and all(
            statement.highlight is None
            or 0 <= statement.highlight[0] <= statement.highlight[1] <= len(statement.text)
            for statement in answer.statements
        )
        and (answer.engine == GENERATIVE or _is_verbatim(answer))
    )


def _is_verbatim(answer: Answer) -> bool:
    """Return whether each statement is the exact text of the passage that it cites."""
    quotes = {citation.number: citation.quote for citation in answer.citations}
    return answer.engine == EXTRACTIVE and all(
        [statement.text] == [quotes[number] for number in statement.citations]
        for statement in answer.statements
    )


def _refreshed(exchange: Exchange, passages: CitationChecks) -> Exchange:
    if exchange.answer is None:
        return exchange
    return replace(exchange, answer=passages.refreshed(exchange.answer))


def _to_browser(exchange: Exchange) -> dict[str, Any]:
    answer = exchange.answer.to_dict() if exchange.answer else None
    return {
        **asdict(replace(exchange, answer=None)),
        "state": exchange.state.value,
        "answer": answer,
    }
