"""The conversation, which lives in the reader's browser: what is kept, and what is believed again.

The server keeps no conversation. Each request brings the whole of it, so conversations of
several readers cannot mix and a restart loses nothing. What comes back is untrusted: a wrong
shape is dropped with a word, and every citation is checked against the index again.
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
DROPPED = TEXTS("conversation_dropped")
OLDER_DROPPED = TEXTS("older_dropped", most=MAX_EXCHANGES)


class State(StrEnum):
    """How far an exchange has come."""

    PENDING = "pending"
    ANSWERED = "answered"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the reader said of an answer, and the id by which it is kept."""

    id: str
    helpful: bool
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what became of it; ``problem`` says why there is no answer.

    ``verdict`` is the reader's feedback to the answer, where there is one.
    """

    question: str
    state: State
    answer: Answer | None = None
    problem: str = ""
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """Exchanges, oldest first; those of a conversation just cleared; a word to the reader.

    ``notice_at`` is the position of the exchange that the word is about; None for the whole.
    ``within`` is the document or folder that the reader has chosen to ask; empty for all.
    """

    exchanges: tuple[Exchange, ...] = ()
    cleared: tuple[Exchange, ...] = ()
    notice: str = ""
    notice_at: int | None = None
    within: str = ""

    @property
    def pending(self) -> Exchange | None:
        """The question that waits for its answer, where there is one."""
        last = self.exchanges[-1] if self.exchanges else None
        return last if last and last.state is State.PENDING else None

    @property
    def history(self) -> list[Turn]:
        """What was asked and answered before the last exchange."""
        return [
            Turn(exchange.question, exchange.answer)
            for exchange in self.exchanges[:-1]
            if exchange.answer is not None
        ]

    def asking(self, question: str, *, instead_of_last: bool = False) -> "Conversation":
        """The conversation with a question that waits, after the last exchange or in its place."""
        before = self.exchanges[:-1] if instead_of_last else self.settled().exchanges
        exchanges = (*before, Exchange(question, State.PENDING))
        notice = OLDER_DROPPED if len(exchanges) > MAX_EXCHANGES else ""
        return Conversation(exchanges[-MAX_EXCHANGES:], notice=notice, within=self.within)

    def with_last(self, exchange: Exchange) -> "Conversation":
        """The conversation with another last exchange."""
        return replace(self, exchanges=(*self.exchanges[:-1], exchange))

    def with_verdict(self, position: int, verdict: Verdict | None) -> "Conversation":
        """The conversation with another verdict on the answer of one exchange."""
        exchanges = list(self.exchanges)
        exchanges[position] = replace(exchanges[position], verdict=verdict)
        return replace(self, exchanges=tuple(exchanges))

    def settled(self, problem: str = TEXTS("interrupted")) -> "Conversation":
        """The conversation in which nothing waits any more."""
        if self.pending is None:
            return self
        return self.with_last(Exchange(self.pending.question, State.STOPPED, problem=problem))

    def to_browser(self) -> dict[str, Any]:
        """What the browser keeps, JSON-ready."""
        return {
            "version": VERSION,
            "exchanges": [_to_browser(exchange) for exchange in self.exchanges],
            "cleared": [_to_browser(exchange) for exchange in self.cleared],
            "within": self.within,
        }


def read_conversation(
    kept: object, passages: CitationChecks, max_question_length: int
) -> Conversation:
    """The conversation that a browser sent, or an empty one with a notice.

    Titles and sources are taken from the index. Whether its quotes still hold is asked when
    they are shown (`CitationChecks.holds`).
    """
    if kept is None or kept == {}:
        return Conversation()
    try:
        if not isinstance(kept, dict) or kept.get("version") != VERSION:
            return Conversation(notice=DROPPED)
        if len(json.dumps(kept, ensure_ascii=False).encode()) > MAX_KEPT_CHARACTERS:
            return Conversation(notice=DROPPED)
        exchanges = _EXCHANGES.validate_python(kept.get("exchanges", []))
        cleared = _EXCHANGES.validate_python(kept.get("cleared", []))
        within = _PATH.validate_python(kept.get("within", ""))
    except (ValidationError, UnicodeEncodeError, RecursionError):
        return Conversation(notice=DROPPED)
    both = exchanges + cleared
    if len(both) > 2 * MAX_EXCHANGES or not all(
        _is_sound(exchange, max_question_length) for exchange in both
    ):
        return Conversation(notice=DROPPED)
    return Conversation(
        tuple(_renewed(exchange, passages) for exchange in exchanges),
        tuple(_renewed(exchange, passages) for exchange in cleared),
        within=within,
    )


_EXCHANGES = TypeAdapter(tuple[Exchange, ...])
_PATH: TypeAdapter[str] = TypeAdapter(Annotated[str, StringConstraints(max_length=4096)])


def _is_sound(exchange: Exchange, max_question_length: int) -> bool:
    """Whether an exchange of the right shape also makes sense: marks have their citations."""
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
        and all(bool(said.citations) != bool(said.unsupported) for said in answer.statements)
        and all(number in numbers for said in answer.statements for number in said.citations)
        and all(
            said.highlight is None or 0 <= said.highlight[0] <= said.highlight[1] <= len(said.text)
            for said in answer.statements
        )
        and (answer.engine == GENERATIVE or _is_verbatim(answer))
    )


def _is_verbatim(answer: Answer) -> bool:
    """Whether each statement has the very words of the passage that it cites."""
    quotes = {citation.number: citation.quote for citation in answer.citations}
    return answer.engine == EXTRACTIVE and all(
        [said.text] == [quotes[number] for number in said.citations] for said in answer.statements
    )


def _renewed(exchange: Exchange, passages: CitationChecks) -> Exchange:
    if exchange.answer is None:
        return exchange
    return replace(exchange, answer=passages.renewed(exchange.answer))


def _to_browser(exchange: Exchange) -> dict[str, Any]:
    answer = exchange.answer.to_dict() if exchange.answer else None
    return {
        **asdict(replace(exchange, answer=None)),
        "state": exchange.state.value,
        "answer": answer,
    }
