"""The parts of an assistant are those that its settings name."""

from pathlib import Path

from assistant.models.bundled_encoder import BundledEncoder
from assistant.models.sentence_transformer import SentenceTransformerEncoder
from assistant.models.transformers_reader import TransformersReader
from assistant.parts import embedding_model, engines_of, language_model, reading_model
from assistant.settings import BUNDLED_MODEL, BUNDLED_READER, NO_READER, Settings
from assistant.testing import ScriptedChatModel


def test_an_embedding_model_is_bundled_or_of_sentence_transformers() -> None:
    assert isinstance(embedding_model(BUNDLED_MODEL), BundledEncoder)
    other = embedding_model("some/other-model")
    assert isinstance(other, SentenceTransformerEncoder)
    assert other.name == "some/other-model"


def test_assistants_share_the_bundled_reading_model(tmp_path: Path) -> None:
    assert reading_model(BUNDLED_READER) is reading_model(BUNDLED_READER)
    assert isinstance(reading_model(str(tmp_path)), TransformersReader)
    assert reading_model(NO_READER) is None


def test_a_language_model_that_is_passed_comes_before_the_one_of_the_settings() -> None:
    settings = Settings(chat_model="openai:some-model")
    named = language_model(settings, None)
    passed = language_model(settings, ScriptedChatModel(texts=["x"]))
    assert named
    assert passed
    assert named.name == "openai:some-model" != passed.name
    assert language_model(Settings(), None) is None


def test_the_language_model_writes_by_default_and_quotes_are_always_there() -> None:
    model = language_model(Settings(), ScriptedChatModel(texts=["x"]))
    assert list(engines_of(Settings(), None)) == ["extractive"]
    assert list(engines_of(Settings(), model)) == ["generative", "extractive"]
