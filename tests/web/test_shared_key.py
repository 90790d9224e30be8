from pathlib import Path

import pytest

from assistant import StorageError, load_settings
from assistant.web.chat.conversation import Conversation, Exchange, State
from assistant.web.chat.conversation_signing import KEY_FILE, open_seals
from assistant.web.shared_key import shared_key
from tests.postgres_server import PostgresServer


def test_the_first_key_stays_that_of_all_servers(postgres_server: PostgresServer) -> None:
    address = postgres_server.new_database()
    key = shared_key(address, None, 32)
    assert len(key) == 32
    assert shared_key(address, b"another", 32) == key


def test_a_key_beside_the_index_becomes_that_of_the_database(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    address = postgres_server.new_database()
    (tmp_path / KEY_FILE).write_bytes(b"k" * 32)
    moved = open_seals(load_settings(index=tmp_path, database=address))
    other = open_seals(load_settings(index=tmp_path / "empty", database=address))
    before = open_seals(load_settings(index=tmp_path))
    conversation = Conversation((Exchange("Where?", State.ANSWERED),))
    signed = before.seal(conversation)
    assert moved.seal(conversation) == other.seal(conversation) == signed


def test_a_server_starts_while_the_database_is_away(tmp_path: Path) -> None:
    seals = open_seals(load_settings(database=f"postgresql:///x?host={tmp_path}"))
    with pytest.raises(StorageError, match="cannot be used"):
        seals.seal(Conversation((Exchange("Where?", State.ANSWERED),)))
