import re
import sys
from pathlib import Path

import pytest

from assistant import Assistant, MissingExtraError, load_settings
from assistant.extras import EXTRAS, check_extra, importing
from assistant.models.sentence_transformer import SentenceTransformerEncoder
from assistant.models.transformers_reader import TransformersReader
from tests.conftest import REPOSITORY


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide what the extras install, as Python documents it: None among the modules."""
    for name in ("gradio", "langchain", "langchain.chat_models", "langchain_core", "xllamacpp"):
        monkeypatch.setitem(sys.modules, name, None)
    for name in (
        "sentence_transformers",
        "transformers",
        "opentelemetry.sdk",
        "psycopg",
        "rapidocr",
        "redis",
    ):
        monkeypatch.setitem(sys.modules, name, None)


@pytest.mark.parametrize("name", EXTRAS)
def test_a_missing_extra_is_named_with_the_command_that_installs_it(
    name: str, without: None
) -> None:
    with pytest.raises(MissingExtraError) as caught:
        check_extra(name)
    assert f"pip install '.[{name}]' in the checkout" in str(caught.value)
    assert f"pipx install --force 'dist/assistant-VERSION-py3-none-any.whl[{name}]'" in str(
        caught.value
    )


def test_no_text_sends_people_to_the_package_of_that_name_on_pypi() -> None:
    texts = [*REPOSITORY.glob("docs/**/*.md"), *REPOSITORY.glob("assistant/**/*.py")]
    texts += [REPOSITORY / "README.md", REPOSITORY / "Makefile"]
    sent = re.compile(r"""(?:pip|pipx|uv tool|uvx) (?:install )?["']?assistant\b""")
    assert [path.name for path in texts if sent.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("name", EXTRAS)
def test_an_extra_that_is_installed_is_no_error(name: str) -> None:
    check_extra(name)


def test_another_embedding_model_needs_an_extra(without: None) -> None:
    with pytest.raises(MissingExtraError, match=r"\.\[models\]"):
        SentenceTransformerEncoder("name").encode(["text"])


def test_another_reading_model_needs_an_extra(without: None) -> None:
    with pytest.raises(MissingExtraError, match=r"\.\[models\]"):
        TransformersReader("name").read("Why?", [])


def test_a_language_model_needs_an_extra(without: None, tmp_path: Path) -> None:
    settings = load_settings(corpus=tmp_path, index=tmp_path / "index", chat_model="openai:name")
    with Assistant.open(settings) as assistant:
        with pytest.raises(MissingExtraError, match=r"\.\[llm\]"):
            assistant.load_chat_model()


def test_a_module_of_our_own_that_is_missing_is_a_bug() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"assistant\.nothing"):
        with importing("llm"):
            import assistant.nothing  # type: ignore[import-not-found]  # noqa: F401
