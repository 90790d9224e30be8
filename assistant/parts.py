"""Make the parts of an assistant as its settings name them."""

from functools import cache
from typing import TYPE_CHECKING

from assistant.answering.engine import Engine
from assistant.answering.extractive import ExtractiveEngine
from assistant.answering.generative import GenerativeEngine
from assistant.models.bundled_encoder import BundledEncoder
from assistant.models.bundled_reader import BundledReader
from assistant.models.chat_model import ChatModel, ChatOptions
from assistant.models.sentence_transformer import SentenceTransformerEncoder
from assistant.models.transformers_reader import TransformersReader
from assistant.protocols import Encoder, Reader
from assistant.settings import BUNDLED_MODEL, BUNDLED_READER, NO_READER, Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


def embedding_model(name: str) -> Encoder:
    """Return the embedding model of a name: the bundled one, or one of sentence-transformers."""
    return BundledEncoder() if name == BUNDLED_MODEL else SentenceTransformerEncoder(name)


def reading_model(name: str) -> Reader | None:
    """Return the reading model of a name, or None if passages are to be read without one."""
    if name == NO_READER:
        return None
    return _bundled_reader() if name == BUNDLED_READER else TransformersReader(name)


@cache
def _bundled_reader() -> BundledReader:
    """Return the one bundled reading model of this process: assistants share its memory."""
    return BundledReader()


def language_model(settings: Settings, chat_model: "BaseChatModel | None") -> ChatModel | None:
    """Return the language model that was passed or that the settings name, if there is one."""
    model = chat_model or settings.chat_model
    if model is None:
        return None
    options = ChatOptions(
        settings.chat_model_base_url,
        settings.chat_temperature,
        settings.chat_timeout,
        settings.chat_retries,
        settings.chat_answer_tokens,
        settings.chat_token_budget,
        settings.models_path,
    )
    return ChatModel(model, options)


def engines_of(settings: Settings, chat: ChatModel | None) -> dict[str, Engine]:
    """Return the engines by name, the default first."""
    engines: list[Engine] = [ExtractiveEngine()]
    if chat is not None:
        writing = GenerativeEngine(
            chat,
            token_budget=settings.chat_token_budget,
            seconds=settings.chat_timeout,
            flags_unsupported=settings.unsupported == "flag",
        )
        engines.insert(0, writing)
    return {engine.name: engine for engine in engines}
