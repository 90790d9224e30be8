"""Signatures on conversations, so that only what the server signed is shown as checked.

The browser stores the conversation as a signed string. The key is stored beside the index, or in its
database. So a conversation survives a restart, and servers that share an index accept each other's
signatures. If the folder is not writable, the key lasts as long as the process.
"""

import hashlib
import json
import logging
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from assistant.extras import importing
from assistant.settings import Settings
from assistant.web.chat.conversation import (
    MAX_KEPT_CHARACTERS,
    Conversation,
    older_dropped,
    read_conversation,
)
from assistant.web.citation_checks import CitationChecks
from assistant.web.strings import load_strings

KEY_FILE = "conversation.key"
KEY_BYTES = 32
MAX_SIGNED_CHARACTERS = 4 * MAX_KEPT_CHARACTERS // 3 + 1000
"""Base64 takes four characters for three bytes. The rest is room for the signature."""


class ConversationSigner:
    """Signs conversations for the browser to store, and reads back only what was signed.

    A new key makes earlier signatures invalid. A function is called for the key once it is needed.
    """

    def __init__(self, key: bytes | Callable[[], bytes | None] | None = None) -> None:
        self._key = key

    @cached_property
    def _serializer(self) -> URLSafeSerializer:
        key = self._key() if callable(self._key) else self._key
        options = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}
        return URLSafeSerializer(
            key or secrets.token_bytes(KEY_BYTES),
            salt="assistant conversation",
            signer_kwargs=options,
        )

    def seal(self, conversation: Conversation) -> dict[str, str]:
        """Return what the browser stores of a conversation.

        The documents to ask stay outside the signature, because the page changes that choice.
        """
        if not conversation.exchanges and not conversation.cleared:
            return {"signed": "", "within": conversation.within}
        signed = self._serializer.dumps(conversation.to_browser())
        return {"signed": str(signed), "within": conversation.within}

    def unseal(
        self, kept: object, passages: CitationChecks, max_question_length: int
    ) -> Conversation:
        """Return the conversation that a browser sent, or an empty one without a valid signature."""
        sent: dict[str, Any] = kept if isinstance(kept, dict) else {}
        within = sent.get("within", "")
        if not sent.get("signed"):
            return read_conversation({**Conversation().to_browser(), "within": within}, passages, 1)
        try:
            plain = self._serializer.loads(sent["signed"])
        except BadData:
            return Conversation(notice=load_strings("chat")("unsigned"))
        return read_conversation({**plain, "within": within}, passages, max_question_length)


def fitting(conversation: Conversation) -> Conversation:
    """Return the conversation without its oldest exchanges if it is too large for a page to send."""
    while (conversation.cleared or conversation.exchanges) and (
        len(json.dumps(conversation.to_browser())) > MAX_KEPT_CHARACTERS
    ):
        rest = conversation.exchanges if conversation.cleared else conversation.exchanges[1:]
        conversation = replace(conversation, exchanges=rest, cleared=(), notice=older_dropped())
    return conversation


def open_seals(settings: Settings) -> ConversationSigner:
    """Return seals with the key of the index: in its folder, or in its database for all servers.

    A key that the folder has becomes that of the database, so that conversations survive the move.
    """
    if settings.database is None:
        return ConversationSigner(installation_key(settings.index))
    with importing("postgres"):
        from assistant.web.shared_key import shared_key  # psycopg is an extra

    address = settings.database.get_secret_value()
    return ConversationSigner(
        lambda: shared_key(address, _read_key(settings.index / KEY_FILE), KEY_BYTES)
    )


def installation_key(folder: Path) -> bytes | None:
    """Return the key in a folder, and create it if missing. Return None if it cannot be stored."""
    path = folder / KEY_FILE
    try:
        if not path.exists():
            _write_key(path)
    except OSError as error:
        _warn(f"Cannot use {path}: {error.strerror}.")
        return None
    return _read_key(path)


def _read_key(path: Path) -> bytes | None:
    """Return the key in a file, or None if there is none that can be used."""
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        _warn(f"Cannot use {path}: {error.strerror}.")
        return None
    if len(key) != KEY_BYTES:
        _warn(f"{path} is damaged. Delete it, and the next start creates a new key.")
        return None
    return key


def _write_key(path: Path) -> None:
    """Write a key that only its owner may read. Of several processes, the first one wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(half, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
        with suppress(FileExistsError):
            os.link(half, path)
    finally:
        half.unlink(missing_ok=True)


def _warn(why: str) -> None:
    logging.getLogger(__name__).warning("Conversations will not survive a restart. %s", why)
