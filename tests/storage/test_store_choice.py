import sys
from pathlib import Path

import pytest

from assistant import MissingExtraError, SettingsError, load_settings
from assistant.storage.embedded_store import EmbeddedStore
from assistant.storage.postgres.postgres_store import PostgresStore
from assistant.storage.store_choice import open_store

ADDRESS = "postgresql://ann:secret@db.example.org/books"


def test_the_index_is_in_the_folder_unless_a_database_is_named(tmp_path: Path) -> None:
    store = open_store(load_settings(index=tmp_path))
    assert isinstance(store, EmbeddedStore)
    assert store.location == str(tmp_path)


def test_a_database_is_named_by_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_DATABASE", ADDRESS)
    store = open_store(load_settings())
    assert isinstance(store, PostgresStore)
    assert store.location == "postgresql://ann@db.example.org/books"


def test_a_database_needs_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    for name in [name for name in sys.modules if name.startswith("assistant.storage.postgres.")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(MissingExtraError, match=r"pip install '\.\[postgres\]'"):
        open_store(load_settings(database=ADDRESS))


def test_another_address_is_an_error_that_does_not_show_it() -> None:
    with pytest.raises(SettingsError, match="postgresql://user@host/name") as refused:
        load_settings(database="mysql://ann:secret@host/books")
    assert "secret" not in str(refused.value)
