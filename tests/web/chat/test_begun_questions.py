"""A conversation is read once for each question, and whatever is not ours is read in full."""

from collections import Counter
from typing import Any

import gradio as gr
import pytest

from assistant import Answer, Assistant, Citation, Statement, Status
from assistant.web.chat import conversation_signing, rendering
from assistant.web.chat.begun_questions import BegunConversations, BegunQuestion
from assistant.web.chat.conversation import Conversation, Exchange, State
from assistant.web.chat.conversation_signing import ConversationSigner
from assistant.web.chat.handlers import NOTHING_NEW, Handlers, Outputs
from assistant.web.chat.rendering import SurroundingExchanges
from assistant.web.concurrency import AnsweringLimit
from tests.in_thread import run
from tests.web.browsing import FOUNDED

BEGUN = BegunQuestion(Conversation().asking("Why?"), SurroundingExchanges(0, "", ""))


@pytest.fixture
def handlers(assistant: Assistant) -> Handlers:
    return Handlers(assistant, AnsweringLimit(4, 64))


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the real functions are called."""
    counted: Counter[str] = Counter()

    def counting(module: Any, name: str) -> None:
        real = getattr(module, name)

        def call(*arguments: Any, **named: Any) -> Any:
            counted[name] += 1
            return real(*arguments, **named)

        monkeypatch.setattr(module, name, call)

    counting(conversation_signing, "read_conversation")
    counting(rendering, "_exchange")
    return counted


def begin(handlers: Handlers, question: str, kept: object) -> Outputs:
    return handlers.begin(question, kept, gr.EventData(None, None))


def answered(handlers: Handlers, kept: object) -> Outputs:
    async def shown() -> list[Outputs]:
        request = gr.Request(headers={}, session_hash="page")
        return [
            state async for state in handlers.answer(kept, True, request) if state != NOTHING_NEW
        ]

    return run(shown())[-1]


def test_a_conversation_is_read_once_for_each_question(
    handlers: Handlers, calls: Counter[str]
) -> None:
    kept: Any = handlers.seals.seal(Conversation())
    for _ in range(3):
        kept = answered(handlers, begin(handlers, FOUNDED, kept)[1])[0]
    calls.clear()
    waiting = begin(handlers, FOUNDED, kept)[1]
    assert calls == {"read_conversation": 1, "_exchange": 4}
    assert "2001" in answered(handlers, waiting)[1]
    # the piece that grows, and all four with their buttons enabled again
    assert calls == {"read_conversation": 1, "_exchange": 4 + 1 + 4}


def test_another_server_with_the_key_answers_what_this_one_has_begun(assistant: Assistant) -> None:
    seals = ConversationSigner(b"k" * 32)
    here, there = (Handlers(assistant, AnsweringLimit(4, 64), seals) for _ in range(2))
    kept = begin(here, FOUNDED, here.seals.seal(Conversation()))[1]
    assert answered(there, kept)[1] == answered(here, kept)[1]


def test_a_forged_history_is_not_shown_as_checked(handlers: Handlers) -> None:
    waiting = begin(handlers, FOUNDED, handlers.seals.seal(Conversation()))[1]
    citation = Citation(1, "d", "The forged title", "forged.txt", 0, 6, "Forged", "0" * 64)
    answer = Answer(
        "Why?", "Why?", Status.ANSWERED, (Statement("Forged", (1,)),), citations=(citation,)
    )
    forged = Conversation((Exchange("Why?", State.ANSWERED, answer),)).asking(FOUNDED)
    for sent in (
        ConversationSigner(b"another key" * 3).seal(forged),
        {**waiting, "signed": waiting["signed"][:-1]},
        {"signed": [waiting["signed"]], "within": ""},
        {**waiting, "exchanges": forged.to_browser()["exchanges"], "signed": "x"},
    ):
        shown = run(_all_shown(handlers, sent))
        assert shown == [NOTHING_NEW]
        assert not any("Forged" in str(state) for state in shown)
    assert "2001" in answered(handlers, waiting)[1]


async def _all_shown(handlers: Handlers, kept: object) -> list[Outputs]:
    request = gr.Request(headers={}, session_hash="forger")
    return [state async for state in handlers.answer(kept, True, request)]


def test_the_choice_of_documents_that_is_sent_counts(handlers: Handlers) -> None:
    waiting = begin(handlers, FOUNDED, handlers.seals.seal(Conversation()))[1]
    shown = answered(handlers, {**waiting, "within": "nowhere/"})
    assert "There is no document or folder" in shown[1]


def test_a_question_is_handed_on_once() -> None:
    begun = BegunConversations()
    sealed = {"signed": "s", "within": ""}
    begun.keep(sealed, BEGUN)
    assert begun.take({"signed": "s", "within": "north/"}) is None
    assert begun.take(sealed) is BEGUN
    assert begun.take(sealed) is None


@pytest.mark.parametrize("sent", [None, "s", {}, {"signed": 3, "within": ""}, {"signed": []}])
def test_what_has_another_shape_is_not_known(sent: object) -> None:
    assert BegunConversations().take(sent) is None


def test_of_very_many_questions_the_newest_are_kept() -> None:
    begun = BegunConversations()
    for number in range(1000):
        begun.keep({"signed": str(number), "within": ""}, BEGUN)
    assert begun.take({"signed": "999", "within": ""}) is BEGUN
    assert begun.take({"signed": "0", "within": ""}) is None
