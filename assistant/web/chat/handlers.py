"""The handlers of the chat, between the reader's browser and `Assistant`.

They store no conversation. Each handler reads it from what the browser sends (see
`assistant.web.chat.conversation`) and returns it with what to show.
"""

import asyncio
import logging
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import gradio as gr
from starlette.requests import Request

from assistant.errors import AssistantError, IndexMissingError, UsageError
from assistant.retrieval.scope import find_scope
from assistant.types import EXTRACTIVE, Answer
from assistant.web.chat.begun_questions import BegunConversations, BegunQuestion
from assistant.web.chat.conversation import Conversation, Exchange, State, Verdict
from assistant.web.chat.conversation_signing import ConversationSigner, fitting
from assistant.web.chat.export import conversation_to_markdown
from assistant.web.chat.rendering import SurroundingExchanges, render_around, render_conversation
from assistant.web.chat.scope_choice import scope_choice
from assistant.web.citation_checks import CitationChecks
from assistant.web.concurrency import AnsweringLimit
from assistant.web.middleware.request_facts import client_of
from assistant.web.middleware.request_log import log_answer
from assistant.web.strings import load_strings

if TYPE_CHECKING:
    from assistant.assistant import Assistant


Outputs = tuple[Any, ...]

TEXTS = load_strings("chat")
SIGN_OF_LIFE = 1.0
"""Seconds without news after which an answer gives a sign of life."""
NOTHING_NEW: Outputs = tuple(gr.skip() for _ in range(6))


class Handlers:
    """The functions that the page calls.

    They hold the assistant, and of a reader only a question that waits for its answer.
    """

    def __init__(
        self,
        assistant: "Assistant",
        questions: AnsweringLimit,
        seals: ConversationSigner | None = None,
    ) -> None:
        self._assistant = assistant
        self._questions = questions
        self.seals = seals or ConversationSigner()
        self._begun = BegunConversations()
        self._answering: dict[str, threading.Event] = {}
        """For each page, the event that stops the work on its question."""

    def restore(self, kept: object) -> Outputs:
        """Return the stored conversation and the choice of what to ask when the page opens."""
        conversation, passages = self._read(kept)
        conversation = replace(conversation.settled(), cleared=(), notice=conversation.notice)
        conversation, choice = self._scope(conversation)
        return (*self._show(conversation, passages), choice)

    def begin(self, typed: str, kept: object, event: gr.EventData) -> Outputs:
        """Add a question to the conversation, where it waits for its answer.

        The question is typed, or comes with the event (a suggestion or an edit). A retry or an edit
        replaces the answer at ``index``, or else the last one.
        """
        conversation, passages = self._read(kept)
        wish = event._data if isinstance(event._data, dict) else {}
        if conversation.pending:
            refused = replace(conversation, notice=TEXTS("still_answering"))
            return (gr.skip(), *self._show(refused, passages))
        if wish.get("within") == "":
            conversation = replace(conversation, within="")
        position = _replaced(conversation, wish)
        known = typed if position is None else conversation.exchanges[position].question
        asked = wish.get("question", known)
        # drop lone surrogates, which only a program can send: they could not be sent back
        question = asked.encode(errors="ignore").decode().strip() if isinstance(asked, str) else ""
        longest = self._assistant.settings.max_question_length
        if not question or len(question) > longest:
            notice = too_long(len(question), longest) if question else TEXTS("empty_question")
            return (gr.skip(), *self._show(replace(conversation, notice=notice), passages))
        conversation = fitting(conversation.asking(question, instead_of=position))
        box = gr.skip() if wish else ""
        return (box, *self._show_begun(conversation, passages))

    def _show_begun(self, conversation: Conversation, passages: CitationChecks) -> Outputs:
        """Show a question that waits, and keep what `answer` would have to read again."""
        position = conversation.pending_at
        if position is None:  # it was too long for a page to send
            return self._show(conversation, passages)
        around = render_around(conversation, position, passages, self._assistant.corpus.questions)
        shown = self._show(conversation, passages, around=around)
        unnoticed = replace(conversation, notice="", notice_at=None)
        self._begun.keep(shown[0], BegunQuestion(unnoticed, around))
        return shown

    async def answer(
        self, kept: object, quotes_only: object, request: gr.Request
    ) -> AsyncIterator[Outputs]:
        """Answer the waiting question piece by piece, once it is its turn.

        When the reader stops it or leaves, `leave` stops the work. The signs of life in between
        give the caller the chance to close this generator.
        """
        page = request.session_hash or ""
        stopped = self._answering[page] = threading.Event()
        engine = EXTRACTIVE if quotes_only is True else None
        answer = partial(self._answer, kept, engine, request)
        try:
            shown = self._questions.pieces(answer, _client_of(request), stopped)
            async with aclosing(_with_signs_of_life(shown)) as states:
                async for state in states:
                    if self._answering.get(page) is not stopped:
                        return  # `stop` shows the rest
                    yield state
        except AssistantError as error:  # there was no turn
            if self._answering.get(page) is stopped:
                yield await asyncio.to_thread(self._refused, kept, str(error))
        finally:
            if self._answering.get(page) is stopped:
                del self._answering[page]

    def _refused(self, kept: object, problem: str) -> Outputs:
        """Show why the waiting question gets no answer."""
        conversation, passages = self._read(kept)
        if conversation.pending and conversation.pending_at is not None:
            failed = Exchange(conversation.pending.question, State.FAILED, problem=problem)
            conversation = conversation.with_exchange(conversation.pending_at, failed)
        return self._show(conversation, passages)

    def _answer(
        self, kept: object, engine: str | None, request: gr.Request, stopped: threading.Event
    ) -> Iterator[Outputs]:
        begun = self._begun.take(kept)
        if begun is None:
            conversation, passages = self._read(kept)
        else:
            conversation, passages = begun.conversation, CitationChecks(self._assistant)
        waiting, position = conversation.pending, conversation.pending_at
        if waiting is None or position is None:  # the question was refused, and its notice stays
            yield NOTHING_NEW
            return
        last, started = waiting, time.perf_counter()
        questions = self._assistant.corpus.questions
        around = (
            begun.around if begun else render_around(conversation, position, passages, questions)
        )
        try:
            answers = self._assistant.stream(
                waiting.question,
                conversation.history,
                engine=engine,
                within=conversation.within,
                stopped=stopped,
            )
            for answer in answers:
                last = replace(waiting, answer=answer)
                growing = conversation.with_exchange(position, last)
                yield self._show(growing, passages, working=True, around=around)
            if stopped.is_set():
                return
            last = replace(last, state=State.ANSWERED)
            self._log(last, request, time.perf_counter() - started)
        except AssistantError as error:
            last = Exchange(waiting.question, State.FAILED, problem=str(error))
        yield self._show(
            conversation.with_exchange(position, last), passages, new_answer=last.answer
        )

    def fail(self, kept: object) -> Outputs:
        """Show that an answer ended in an unexpected error. The server's log has the details."""
        return self._refused(kept, TEXTS("unforeseen"))

    def leave(self, request: gr.Request) -> None:
        """Stop the work on the question of a page that was closed."""
        if stopped := self._answering.pop(request.session_hash or "", None):
            stopped.set()

    def stop(self, kept: object, request: gr.Request) -> Outputs:
        """Stop the work on the waiting question, and mark it as stopped."""
        self.leave(request)
        conversation, passages = self._read(kept)
        return self._show(conversation.settled(TEXTS("stopped")), passages)

    def clear(self, kept: object) -> Outputs:
        """Clear the conversation. It can be restored until the next question or page load."""
        conversation, passages = self._read(kept)
        past = conversation.settled().exchanges or conversation.cleared
        return self._show(Conversation(cleared=past, within=conversation.within), passages)

    def undo(self, kept: object) -> Outputs:
        """Restore a cleared conversation."""
        conversation, passages = self._read(kept)
        if conversation.cleared and not conversation.exchanges:
            conversation = replace(conversation, exchanges=conversation.cleared, cleared=())
        return self._show(conversation, passages)

    def rate(self, kept: object, event: gr.EventData) -> Outputs:
        """Save the reader's feedback on an answer, in place of earlier feedback."""
        conversation, passages = self._read(kept)
        wish = event._data if isinstance(event._data, dict) else {}
        position, helpful = _position(conversation, wish), wish.get("helpful")
        exchange = None if position is None else conversation.exchanges[position]
        if position is None or not exchange or not exchange.answer or type(helpful) is not bool:
            return self._show(conversation, passages)
        before = exchange.verdict
        comment = wish.get("comment", before.comment if before else "")
        try:
            feedback = self._assistant.give_feedback(
                replace(exchange.answer, question=exchange.question),
                helpful,
                comment if isinstance(comment, str) else "",
                replaces=before.id if before else "",
            )
            verdict = Verdict(feedback.id, helpful, feedback.comment)
            conversation = conversation.with_verdict(position, verdict)
        except AssistantError as error:
            conversation = _not_saved(conversation, position, error)
        return self._show(conversation, passages)

    def unrate(self, kept: object, event: gr.EventData) -> Outputs:
        """Remove the reader's feedback on an answer."""
        conversation, passages = self._read(kept)
        position = _position(conversation, event._data if isinstance(event._data, dict) else {})
        verdict = None if position is None else conversation.exchanges[position].verdict
        if position is None or verdict is None:
            return self._show(conversation, passages)
        try:
            self._assistant.delete_feedback(verdict.id)
            conversation = conversation.with_verdict(position, None)
        except AssistantError as error:
            conversation = _not_saved(conversation, position, error)
        return self._show(conversation, passages)

    def export(self, kept: object) -> str:
        """Return the conversation as Markdown."""
        conversation, passages = self._read(kept)
        title = self._assistant.corpus.title or TEXTS("default_title")
        return conversation_to_markdown(conversation, title, passages)

    def _log(self, answered: Exchange, request: gr.Request, seconds: float) -> None:
        if answered.answer is None:
            return
        log_answer(
            answered.answer,
            channel="chat",
            request_id=request.headers.get("x-request-id", ""),
            seconds=seconds,
            with_text=self._assistant.settings.log_questions,
        )

    def _read(self, kept: object) -> tuple[Conversation, CitationChecks]:
        passages = CitationChecks(self._assistant)
        longest = self._assistant.settings.max_question_length
        return self.seals.unseal(kept, passages, longest), passages

    def _scope(self, conversation: Conversation) -> tuple[Conversation, str]:
        """Return the choice of what to ask. A part that has left the index is no longer chosen."""
        try:
            documents = self._assistant.documents()
        except AssistantError:  # the log says why
            return conversation, ""
        try:
            within = find_scope(conversation.within, documents).path
        except UsageError:
            within = ""
            notice = TEXTS("part_gone", part=conversation.within[:200])
            conversation = replace(conversation, notice=notice)
        return replace(conversation, within=within), scope_choice(documents, within)

    def _show(
        self,
        conversation: Conversation,
        passages: CitationChecks,
        *,
        working: bool = False,
        new_answer: Answer | None = None,
        around: SurroundingExchanges | None = None,
    ) -> Outputs:
        """Return what the browser stores, the log, and which buttons are available."""
        conversation = conversation if working else fitting(conversation)
        trouble = "" if conversation.exchanges else self._trouble()
        begins = not (conversation.exchanges or trouble)
        log = render_conversation(
            conversation,
            passages,
            self._questions_to_begin_with() if begins else self._assistant.corpus.questions,
            trouble,
            writer=self._assistant.writer,
            can_add=self._assistant.settings.pages_take_uploads,
            has_engines=len(self._assistant.engines) > 1,
            new_answer=new_answer,
            around=around,
        )
        # a half-written answer is shown but not stored: a reload must not take it for complete
        kept = gr.skip() if working else self.seals.seal(conversation)
        busy = working or conversation.pending is not None
        is_settled = bool(conversation.exchanges) and not busy
        return (
            kept,
            log,
            gr.update(visible=not busy),
            gr.update(visible=busy),
            gr.update(interactive=is_settled),
            gr.update(interactive=is_settled),
        )

    def _questions_to_begin_with(self) -> list[str]:
        """Return those that are known at once. The page asks for others when it is shown."""
        try:
            return self._assistant.starting_questions(find=False)
        except AssistantError:
            return []

    def _trouble(self) -> str:
        """Return why no question can be asked, or an empty text."""
        can_add = self._assistant.settings.pages_take_uploads
        nothing = TEXTS("nothing_added" if can_add else "nothing_ingested")
        try:
            return "" if self._assistant.documents(limit=1) else nothing
        except IndexMissingError as error:
            return nothing if can_add else str(error)
        except AssistantError as error:
            return str(error)


async def _with_signs_of_life(
    shown: AsyncGenerator[Outputs, None],
) -> AsyncGenerator[Outputs, None]:
    """Yield what is shown, and `NOTHING_NEW` while there is nothing new for a while."""
    coming: asyncio.Task[Outputs] | None = None
    async with aclosing(shown):
        try:
            while True:
                coming = asyncio.ensure_future(anext(shown))
                while not (await asyncio.wait({coming}, timeout=SIGN_OF_LIFE))[0]:
                    yield NOTHING_NEW
                try:
                    state = coming.result()
                except StopAsyncIteration:
                    return
                yield state
        finally:
            if coming is not None and not coming.done():
                coming.cancel()
                await asyncio.wait({coming})


def _client_of(request: gr.Request) -> str:
    """Return the client that the page's question counts for."""
    return client_of(request.request.scope) if isinstance(request.request, Request) else ""


def too_long(characters: int, longest: int) -> str:
    """Return the message that refuses a question of so many characters."""
    return TEXTS("too_long", characters=f"{characters:,}", longest=f"{longest:,}")


def _replaced(conversation: Conversation, wish: dict[str, Any]) -> int | None:
    """Return the position of the exchange that an event asks again, or None for a new question."""
    if wish.get("again") is not True or not conversation.exchanges:
        return None
    last = len(conversation.exchanges) - 1
    position = wish.get("index", last)
    return position if type(position) is int and 0 <= position <= last else last


def _position(conversation: Conversation, wish: dict[str, Any]) -> int | None:
    """Return the position of the rated exchange, or None if it cannot be rated now."""
    position = wish.get("index")
    if type(position) is not int or conversation.pending:
        return None
    return position if 0 <= position < len(conversation.exchanges) else None


def _not_saved(conversation: Conversation, position: int, error: AssistantError) -> Conversation:
    """Return the conversation with a notice below the exchange. Log an internal failure."""
    if isinstance(error, UsageError):
        return replace(conversation, notice=str(error), notice_at=position)
    logging.getLogger(__name__).error("Feedback was not saved. %s", error)
    return replace(conversation, notice=TEXTS("not_saved"), notice_at=position)
