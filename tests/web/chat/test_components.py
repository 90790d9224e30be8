"""The page: its functions have schemas, and none of them is offered to anyone else."""

import gradio as gr
import pytest

from assistant import Assistant
from assistant.web.chat.components import build_chat, page_functions, static_text
from assistant.web.chat.payloads import SCHEMAS
from assistant.web.concurrency import AnsweringLimit
from tests.in_thread import run


@pytest.fixture(scope="module")
def chat(assistant: Assistant) -> gr.Blocks:
    async def build() -> gr.Blocks:  # in an event loop, as in a server
        return build_chat(assistant, AnsweringLimit(4, 64))

    return run(build())


def test_every_schema_is_of_a_function_that_the_page_calls(chat: gr.Blocks) -> None:
    functions = page_functions(chat)
    assert {function.name for function in functions.values()} == set(SCHEMAS)
    for function in functions.values():
        assert function.triggers


def test_no_function_is_an_api_and_none_takes_a_file(chat: gr.Blocks) -> None:
    assert all(function.api_visibility == "private" for function in chat.fns.values())
    kinds = {type(block).__name__ for block in chat.blocks.values()}
    assert kinds <= {
        "BrowserState",
        "Button",
        "Checkbox",
        "Column",
        "Form",
        "HTML",
        "Row",
        "Textbox",
    }


def test_quotes_only_is_offered_only_beside_a_language_model(
    assistant: Assistant, chat: gr.Blocks
) -> None:
    assert assistant.engines == ("extractive",)
    (box,) = [block for block in chat.blocks.values() if isinstance(block, gr.Checkbox)]
    assert not box.visible


def test_the_pages_scripts_are_shipped_with_it() -> None:
    assert static_text("bridge.js")
