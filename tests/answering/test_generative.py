"""The engine that lets a model write: over the real article with the real check, the model scripted."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from itertools import pairwise
from typing import Any

import pytest
from langchain_core.outputs import ChatGenerationChunk
from pydantic import Field

from assistant import Answer, Assistant, Encoder, Settings, Status, Turn
from assistant.answering.citations import check_citations
from assistant.answering.generative import QUOTES_INSTEAD, accepted_rewriting
from assistant.models.sentence_transformer import CachingEncoder
from assistant.testing import ScriptedChatModel
from assistant.understanding.history import to_turns

SIGNED = "What was signed in 2003?"
TRUE = "The Program of Multilateral Trade and Economic Cooperation was signed in Beijing in 2003"
FALSE = "The program was signed in Moscow in 1999"
Writing = Callable[..., tuple[Assistant, ScriptedChatModel]]


@pytest.fixture(scope="module")
def caching_encoder(encoder: Encoder) -> Encoder:
    """The bundled model, which embeds a text once for all tests."""
    return CachingEncoder(encoder)


@pytest.fixture
def writing(article_assistant: Assistant, caching_encoder: Encoder) -> Writing:
    """Makes assistants over the article that have a scripted model; quotes are chosen by likeness."""

    def make(
        *texts: str, delay: float = 0.0, **settings: Any
    ) -> tuple[Assistant, ScriptedChatModel]:
        model = ScriptedChatModel(texts=list(texts), delay=delay)
        chosen = {**article_assistant.settings.model_dump(), "reader": "none", **settings}
        return Assistant(Settings(**chosen), caching_encoder, model), model

    return make


def mark_of(assistant: Assistant, quote: str, question: str = SIGNED) -> int:
    """The number that the passage with a quote has in the prompt."""
    hits = assistant.retrieve(question)
    return next(number for number, hit in enumerate(hits, 1) if quote in hit.chunk.text)


def the_right_mark(assistant: Assistant) -> int:
    return mark_of(assistant, "was signed at an SCO prime ministers")


def test_a_sentence_that_its_passage_bears_out_is_shown_with_the_sentence_that_carries_it(
    writing: Writing,
) -> None:
    assistant, model = writing("")
    model.texts = [f"{TRUE} [{the_right_mark(assistant)}]."]
    answer = assistant.ask(SIGNED)
    assert (answer.status, answer.engine) == (Status.ANSWERED, "generative")
    assert answer.text == f"{TRUE}. [1]"
    (citation,) = answer.citations
    assert citation.quote == (
        "The Program of Multilateral Trade and Economic Cooperation was signed at an SCO prime "
        "ministers’ meeting in Beijing in 2003."
    )
    assert answer.notice == ""
    check_citations(answer, assistant.document)


def test_a_sentence_that_its_passage_does_not_bear_out_is_left_out_and_counted(
    writing: Writing,
) -> None:
    assistant, model = writing("")
    mark = the_right_mark(assistant)
    model.texts = [f"{TRUE} [{mark}]. {FALSE} [{mark}]."]
    answer = assistant.ask(SIGNED)
    assert answer.text == f"{TRUE}. [1]"
    assert answer.sentences_dropped == 1
    assert answer.notice == "One sentence was left out because the passages do not support it."


def test_with_flag_it_is_given_with_the_reason_and_without_a_citation(writing: Writing) -> None:
    assistant, model = writing("", unsupported="flag")
    mark = the_right_mark(assistant)
    model.texts = [f"{FALSE} [{mark}]. {TRUE} [{mark}]."]
    answer = assistant.ask(SIGNED)
    wrong, right = answer.statements
    assert (wrong.text, wrong.citations) == (f"{FALSE}.", ())
    assert "1999" in wrong.unsupported or "Moscow" in wrong.unsupported
    assert (right.citations, right.unsupported) == ((1,), "")
    assert answer.text == f"{TRUE}. [1]"


def test_a_sentence_without_a_mark_is_attributed_where_a_passage_bears_it_out(
    writing: Writing,
) -> None:
    assistant, _ = writing(f"{TRUE}. {FALSE}.")
    answer = assistant.ask(SIGNED)
    assert answer.text == f"{TRUE}. [1]"
    assert "in Beijing in 2003" in answer.citations[0].quote


def test_a_true_sentence_with_the_mark_of_another_passage_is_left_out(writing: Writing) -> None:
    assistant, model = writing("")
    right = the_right_mark(assistant)
    model.texts = [f"{TRUE} [{right % 8 + 1}]. {TRUE} [{right}]."]
    answer = assistant.ask(SIGNED)
    assert len(answer.statements) == answer.sentences_dropped == 1


def test_marks_of_passages_that_do_not_exist_are_counted(writing: Writing) -> None:
    assistant, _ = writing(f"{TRUE} [0][99][[1]][Passage 3].")
    answer = assistant.ask(SIGNED)
    assert answer.text == f"{TRUE}. [1]"
    assert answer.marks_dropped == 4


@pytest.mark.parametrize("flag", ["drop", "flag"])
def test_if_nothing_survives_quotes_take_its_place_and_the_notice_says_so(
    writing: Writing, flag: str
) -> None:
    assistant, _ = writing(f"{FALSE} [1].", unsupported=flag)
    answer = assistant.ask(SIGNED)
    quoted = assistant.ask(SIGNED, engine="extractive")
    assert (answer.engine, answer.statements) == ("extractive", quoted.statements)
    assert answer.notice == (
        f"None of the language model's sentences is supported by the passages. {QUOTES_INSTEAD}"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "wrote nothing"),
        (" \n ", "wrote nothing"),
        ("[1] [2] !!! ...", "wrote nothing"),
        ("\u200b{]}\x00 ~~ asdf qwer zxcv " * 50, "None of the language model's sentences"),
    ],
)
def test_nothing_and_nonsense_are_replaced_by_quotes(
    writing: Writing, text: str, said: str
) -> None:
    assistant, _ = writing(text)
    answer = assistant.ask(SIGNED)
    assert said in answer.notice
    assert (answer.engine, answer.status) == ("extractive", Status.ANSWERED)
    assert "Beijing" in answer.text


def test_a_model_that_fails_is_replaced_by_quotes_without_its_words(writing: Writing) -> None:
    assistant, model = writing("")
    model.error = ValueError("api_key=sk-secret was refused")
    answer = assistant.ask(SIGNED)
    assert answer.notice == f"The language model failed. {QUOTES_INSTEAD}"
    assert "Beijing" in answer.text


def test_a_model_that_is_slow_is_replaced_by_quotes_within_the_time(writing: Writing) -> None:
    assistant, _ = writing("word " * 1000, delay=0.1, chat_timeout=1.5)
    assistant.warm_up()
    answer = assistant.ask(SIGNED)
    assert answer.notice == f"The language model did not answer in time. {QUOTES_INSTEAD}"
    assert answer.timings["total"] < 30  # all of it takes a hundred seconds


def test_a_refusal_of_the_model_is_an_answer_that_was_not_found(writing: Writing) -> None:
    assistant, _ = writing("NOT FOUND")
    answer = assistant.ask(SIGNED)
    assert (answer.status, answer.engine) == (Status.NOT_FOUND, "generative")
    assert answer.closest
    assert not answer.statements


def test_an_answer_that_was_cut_off_loses_its_unfinished_sentence(writing: Writing) -> None:
    assistant, model = writing(f"{TRUE}. The SCO was founded in 2001 and")
    model.reason = "length"
    assert assistant.ask(SIGNED).text == f"{TRUE}. [1]"


def test_small_talk_and_questions_about_the_document_need_no_model(writing: Writing) -> None:
    assistant, model = writing("Arr!")
    assert assistant.ask("Hello!").status is Status.SMALL_TALK
    assert "Sun Zhuangzhi" in assistant.ask("Who wrote this article?").text
    assert model.prompts == []


def test_quotes_only_leaves_the_model_out(writing: Writing) -> None:
    assistant, model = writing("Arr!")
    assert assistant.engines == ("generative", "extractive")
    assert assistant.ask(SIGNED, engine="extractive").engine == "extractive"
    assert model.prompts == []


def test_a_summary_is_written_from_passages_of_the_whole_document(writing: Writing) -> None:
    assistant, model = writing("NOT FOUND", chat_token_budget=20_000)
    assistant.ask("What is this article about?")
    prompt = str(model.prompts[0][1].content)
    text = assistant.document(assistant.documents()[0].id).text
    assert prompt.count("<passage ") > 10
    assert text[300:330] in prompt
    assert text[-200:-170] in prompt


def told(question: str, text: str) -> list[Turn]:
    return to_turns([{"role": "user", "content": question}, {"role": "assistant", "content": text}])


def test_a_follow_up_is_rewritten_by_the_model(writing: Writing) -> None:
    rewritten = "Where was the Program of Multilateral Trade and Economic Cooperation signed?"
    assistant, model = writing(rewritten, f"{TRUE}.")
    answer = assistant.ask("Where was that?", told(SIGNED, f"{TRUE}."))
    assert answer.standalone_question == rewritten
    assert rewritten in str(model.prompts[1][1].content)
    assert answer.text == f"{TRUE}. [1]"


@pytest.mark.parametrize(
    "written",
    ["", "Beijing.", "I am sorry, I cannot do that.\nWhere?", "Who is Napoleon Bonaparte?"],
)
def test_what_is_no_rewriting_leaves_the_question_to_the_rules(
    writing: Writing, written: str
) -> None:
    assistant, _ = writing(written, f"{TRUE}.")
    history = told(SIGNED, f"{TRUE}.")
    answer = assistant.ask("Where was that?", history)
    quoted = assistant.ask("Where was that?", history, engine="extractive")
    assert answer.standalone_question == quoted.standalone_question
    assert answer.engine == "generative"


def test_a_rewriting_is_taken_without_its_label_and_quotes() -> None:
    history = told("When was the mill built?", "The mill was built in 1851.")
    for written in (
        "Who built the mill?",
        'Standalone question: "Who built the mill?"',
        "<think>the mill</think>\nQuestion: Who built the mill?\n",
    ):
        assert accepted_rewriting("Who built it?", history, written) == "Who built the mill?"
    link = "Who built the mill http://mill.built?"
    assert accepted_rewriting("Who built it?", history, link) == ""


def test_the_answer_grows_sentence_by_sentence_and_shows_nothing_unsupported(
    writing: Writing,
) -> None:
    assistant, _ = writing(f"{TRUE}. {FALSE}. {TRUE}. The rest.", delay=0.03)
    pieces = list(assistant.stream(SIGNED))
    assert [len(piece.statements) for piece in pieces] == [1, 2, 2]
    assert all(piece.text.startswith(f"{TRUE}.") for piece in pieces)
    assert not any("1999" in statement.text for one in pieces for statement in one.statements)


def test_with_flag_words_appear_as_they_come(writing: Writing) -> None:
    assistant, model = writing(f"{TRUE}.", delay=0.06, unsupported="flag")
    assistant.warm_up()
    begun = [piece for piece in assistant.stream(SIGNED) if not piece.citations]
    lengths = [len(piece.statements[0].text) for piece in begun if piece.statements]
    assert len(lengths) > len(model.moments) // 2
    assert all(short < long for short, long in pairwise(lengths))
    assert all(not piece.statements[0].unsupported for piece in begun if piece.statements)


class PausingChatModel(ScriptedChatModel):
    """Writes a sentence, and nothing more until it is let go."""

    let_go: threading.Event = Field(default_factory=threading.Event)

    async def _astream(self, *arguments: Any, **more: Any) -> AsyncIterator[ChatGenerationChunk]:
        async for chunk in super()._astream(*arguments, **more):
            yield chunk
            if str(chunk.message.content).endswith("]. "):
                await asyncio.to_thread(self.let_go.wait, 20)


def test_a_finished_sentence_appears_before_the_next_word(
    writing: Writing, caching_encoder: Encoder
) -> None:
    assistant, _ = writing("")
    text = f"{TRUE} [{the_right_mark(assistant)}]. And then there is a pause of a moment."
    model = PausingChatModel(texts=[text])
    pieces = Assistant(assistant.settings, caching_encoder, model).stream(SIGNED)
    next(piece for piece in pieces if piece.statements)
    assert model.moments[-1][1].endswith("].")
    model.let_go.set()
    assert [len(piece.statements) for piece in pieces][-1] == 1


def test_stopping_ends_the_answer_and_cancels_the_request(writing: Writing) -> None:
    assistant, model = writing(f"{TRUE}. " + "word " * 500, delay=0.02)
    stopped = threading.Event()
    pieces: list[Answer] = []
    for piece in assistant.stream(SIGNED, stopped=stopped):
        pieces.append(piece)
        stopped.set()
    assert len(pieces) == 1
    assert model.ended.wait(20)
    assert len(model.moments) < 400


def test_an_answer_that_is_not_read_on_cancels_the_request(writing: Writing) -> None:
    assistant, model = writing(f"{TRUE}. " + "word " * 500, delay=0.02)
    pieces = assistant.stream(SIGNED)
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]  # a generator
    assert model.ended.wait(20)
    assert len(model.moments) < 400


def test_a_budget_that_no_passage_fits_into_is_told(writing: Writing) -> None:
    assistant, _ = writing(f"{TRUE}.", chat_token_budget=256)
    answer = assistant.ask("signed " * 60)
    assert "ASSISTANT_CHAT_TOKEN_BUDGET" in answer.notice
    assert answer.engine == "extractive"


def test_headings_are_kept_with_the_statements_below_them_and_state_nothing(
    writing: Writing,
) -> None:
    text = f"## Overview\n\n{TRUE}.\n\n## Bribes\n\n- {TRUE}."
    assistant, _ = writing(text)
    answer = assistant.ask(SIGNED)
    assert [one.heading for one in answer.statements] == ["Overview", ""]
    assert answer.text.startswith("## Overview\n\n")
    assert "Bribes" not in answer.text
