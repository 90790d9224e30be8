"""Language models by hand: they write what a script says, as LangChain's own models would."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import ConfigDict, Field


class ScriptedModel(BaseChatModel):
    """Writes its texts one after the other, the last one again and again; word by word.

    ``delay`` are seconds before each word. Prompts are kept in ``prompts``, the moments at which
    a word was given in ``moments``; ``ended`` is set when a text was given or cancelled. A ``deaf``
    one passes over being cancelled, as ``asyncio.wait_for`` at times does in Python 3.11.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    texts: list[str]
    delay: float = 0.0
    deaf: bool = False
    error: Exception | None = None
    reason: str = "stop"
    prompts: list[list[BaseMessage]] = Field(default_factory=list)
    moments: list[tuple[float, str]] = Field(default_factory=list)
    ended: threading.Event = Field(default_factory=threading.Event)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _next_text(self, messages: Sequence[BaseMessage]) -> str:
        self.prompts.append(list(messages))
        return self.texts[min(len(self.prompts), len(self.texts)) - 1]

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        text = self._next_text(messages)
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=text))])

    def _stream(self, messages: list[BaseMessage], *_: Any, **kwargs: Any) -> Iterator[Any]:
        raise NotImplementedError  # the product asks as this does below

    async def _astream(
        self, messages: list[BaseMessage], *_: Any, **kwargs: Any
    ) -> AsyncIterator[ChatGenerationChunk]:
        text = self._next_text(messages)
        try:
            if self.error is not None:
                raise self.error
            for word in text.split(" "):
                if self.delay:
                    with suppress(*([asyncio.CancelledError] if self.deaf else [])):
                        await asyncio.sleep(self.delay)
                self.moments.append((time.monotonic(), word))
                yield ChatGenerationChunk(message=AIMessageChunk(content=f"{word} "))
            last = AIMessageChunk(content="", response_metadata={"finish_reason": self.reason})
            yield ChatGenerationChunk(message=last)
        finally:
            self.ended.set()
