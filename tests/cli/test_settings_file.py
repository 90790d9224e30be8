from pathlib import Path

import pytest

from assistant import SettingsError
from assistant.cli.settings_file import change_settings_file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "assistant.toml"


def test_a_missing_file_is_made(file: Path) -> None:
    change_settings_file(file, {"chat_model": "openai:a", "chat_model_base_url": None})
    assert file.read_text() == 'chat_model = "openai:a"\n'


def test_nothing_to_take_out_makes_no_file(file: Path) -> None:
    change_settings_file(file, {"chat_model": None})
    assert not file.exists()


def test_other_lines_and_comments_stay(file: Path) -> None:
    file.write_text('# ours\ntop_k = 8 # eight\nchat_model = "old"')
    change_settings_file(file, {"chat_model": "new"})
    assert file.read_text() == '# ours\ntop_k = 8 # eight\nchat_model = "new"\n'
    change_settings_file(file, {"chat_model": None})
    assert file.read_text() == "# ours\ntop_k = 8 # eight\n"


def test_any_text_is_written_so_that_it_is_read_back(file: Path) -> None:
    name = 'C:\\models\\"quoted".gguf'
    change_settings_file(file, {"chat_model": name})
    change_settings_file(file, {"chat_model": name})
    assert file.read_text().count("chat_model") == 1


@pytest.mark.parametrize("text", ["top_k = ", 'chat_model = """\nold\n"""\n'])
def test_what_cannot_be_changed_is_left_as_it_is(text: str, file: Path) -> None:
    file.write_text(text)
    with pytest.raises(SettingsError, match=r"assistant\.toml"):
        change_settings_file(file, {"chat_model": "new"})
    assert file.read_text() == text
