from pathlib import Path

import pytest

from assistant import SettingsError, load_settings


@pytest.fixture(autouse=True)
def _in_an_empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def test_defaults_are_below_the_working_directory() -> None:
    settings = load_settings()
    assert (settings.corpus, settings.index) == (Path("docs_corpus"), Path("index"))
    assert (settings.host, settings.port) == ("127.0.0.1", 7860)


def test_arguments_win_over_the_environment_and_it_over_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("assistant.toml").write_text("port = 1\ntop_k = 1\nconcurrency = 1\n")
    monkeypatch.setenv("ASSISTANT_PORT", "2")
    monkeypatch.setenv("ASSISTANT_TOP_K", "2")
    settings = load_settings(port=3, top_k=None)
    assert (settings.port, settings.top_k, settings.concurrency) == (3, 2, 1)


def test_an_empty_database_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_DATABASE", "")
    assert load_settings().database is None


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("PORT", "99999", "port"), ("TOP_K", "zero", "top_k"), ("CHUNK_TOKENS", "1", "chunk_tokens")],
)
def test_a_wrong_value_is_an_error_that_names_setting_and_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"ASSISTANT_{name}", value)
    with pytest.raises(SettingsError, match=said) as error:
        load_settings()
    assert value in str(error.value)
    assert error.value.exit_code == 2


@pytest.mark.parametrize(
    ("name", "value", "explained"),
    [
        (
            "port",
            "abc",
            "port = 'abc': must be a whole number. Correct ASSISTANT_PORT or assistant",
        ),
        ("rate_limit", "many", "rate_limit = 'many': must be a number of requests per second"),
        ("hosts", "a https://b", "'https://b' is not a name such as docs.example.org"),
        ("log_level", "loud", "must be 'debug', 'info', 'warning' or 'error'"),
        ("uploads", "maybe", "uploads = 'maybe': must be true or false"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words_with_the_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, explained: str
) -> None:
    monkeypatch.setenv(f"ASSISTANT_{name.upper()}", value)
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert explained in str(error.value)
    assert f"ASSISTANT_{name.upper()}" in str(error.value)
    assert not any(word in str(error.value) for word in ("Input", "pattern", "Value error", "<"))


@pytest.mark.parametrize("content", ["port = ", "nonsense = 1", "port = 'x'"])
def test_a_wrong_file_is_an_error_that_names_it(content: str) -> None:
    Path("assistant.toml").write_text(content)
    with pytest.raises(SettingsError, match=r"assistant\.toml"):
        load_settings()


def test_origins_are_separated_by_commas_or_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_ALLOWED_ORIGINS", "https://Example.org, http://localhost:8000")
    assert load_settings().allowed_origins == ("https://example.org", "http://localhost:8000")


@pytest.mark.parametrize(
    "origin", ["*", "example.org", "https://example.org/page", "https://a.org; frame-src *"]
)
def test_what_is_no_origin_is_refused(origin: str) -> None:
    with pytest.raises(SettingsError, match="allowed_origins"):
        load_settings(allowed_origins=origin)


@pytest.mark.parametrize(
    "given",
    [
        {"chat_model_base_url": "http://127.0.0.1:8080/v1"},
        {"chat_model": "m", "chat_model_base_url": "127.0.0.1:8080"},
        {"chat_model": "m", "chat_model_base_url": "file:///etc/passwd"},
    ],
)
def test_an_address_without_a_model_or_that_is_none_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="chat_model_base_url"):
        load_settings(**given)


def test_a_key_is_no_setting_and_is_refused_in_the_file() -> None:
    Path("assistant.toml").write_text("openai_api_key = 'sk-1'\nchat_model = 'openai:m'\n")
    with pytest.raises(SettingsError, match="openai_api_key") as error:
        load_settings()
    assert "sk-1" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rate_limit", "many"),
        ("rate_limit", "0/minute"),
        ("root_path", "assistant"),
        ("root_path", "/a/../b?"),
        ("trusted_proxies", "proxy.example"),
        ("trusted_proxies", "10.0.0.1/8"),
        ("log_level", "loud"),
    ],
)
def test_what_the_server_cannot_use_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load_settings(**{name: value})


def test_a_path_prefix_needs_no_slash_at_its_end() -> None:
    assert load_settings(root_path="/assistant/").root_path == "/assistant"


def test_secrets_are_shown_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_API_TOKENS", "a-token-of-some-length,tooshort")
    with pytest.raises(SettingsError, match="api_tokens") as error:
        load_settings()
    assert "tooshort" not in str(error.value)
    monkeypatch.setenv("ASSISTANT_API_TOKENS", "a-token-of-some-length, and-one-more-of-them")
    settings = load_settings(chat_password="open sesame")
    assert len(settings.api_tokens) == 2
    assert "token-of" not in repr(settings)
    assert "sesame" not in repr(settings)
