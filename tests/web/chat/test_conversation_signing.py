"""What the browser keeps is signed, and the key that signs is kept beside the index."""

import logging
from pathlib import Path

import pytest

from assistant import Answer, Assistant, Statement, Status
from assistant.web.chat.conversation import (
    MAX_KEPT_CHARACTERS,
    Conversation,
    Exchange,
    State,
    older_dropped,
)
from assistant.web.chat.conversation_signing import (
    KEY_FILE,
    MAX_SIGNED_CHARACTERS,
    ConversationSigner,
    fitting,
    installation_key,
)
from assistant.web.citation_checks import CitationChecks
from assistant.web.strings import load_strings
from tests.web.browsing import FOUNDED


def answered(assistant: Assistant) -> Conversation:
    exchange = Exchange(FOUNDED, State.ANSWERED, assistant.ask(FOUNDED))
    return Conversation((exchange,), cleared=(exchange,), within="west/")


def test_a_conversation_comes_back_as_it_was(assistant: Assistant) -> None:
    seals, conversation = ConversationSigner(), answered(assistant)
    kept = seals.seal(conversation)
    assert seals.unseal(kept, CitationChecks(assistant), 2000) == conversation


def test_another_key_takes_nothing_for_its_own(assistant: Assistant) -> None:
    kept = ConversationSigner().seal(answered(assistant))
    read = ConversationSigner().unseal(kept, CitationChecks(assistant), 2000)
    assert (read.exchanges, read.cleared, read.notice) == ((), (), load_strings("chat")("unsigned"))


@pytest.mark.parametrize("kept", [None, {}, 7, [], {"signed": "", "within": ""}])
def test_nothing_kept_is_an_empty_conversation(assistant: Assistant, kept: object) -> None:
    assert ConversationSigner().unseal(kept, CitationChecks(assistant), 2000) == Conversation()


def test_what_is_chosen_next_is_the_pages_to_change(assistant: Assistant) -> None:
    seals = ConversationSigner()
    kept = {**seals.seal(answered(assistant)), "within": "north/"}
    assert seals.unseal(kept, CitationChecks(assistant), 2000).within == "north/"


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    key = installation_key(folder)
    assert key is not None
    assert len(key) == 32
    assert installation_key(folder) == key
    assert [path.name for path in folder.iterdir()] == [KEY_FILE]
    assert (folder / KEY_FILE).stat().st_mode & 0o777 == 0o600


def test_where_no_key_can_be_kept_it_lasts_as_long_as_the_process(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    (tmp_path / "file").write_text("")
    assert installation_key(tmp_path / "file") is None
    (tmp_path / KEY_FILE).write_bytes(b"short")
    assert installation_key(tmp_path) is None
    assert caplog.text.count("Conversations will not survive a restart.") == 2
    assert "is damaged. Delete it" in caplog.text


@pytest.mark.parametrize("letter", ["a", "é", "上", "🦓"])
def test_what_is_kept_fits_into_what_a_page_may_send(letter: str) -> None:
    said = Answer("q", "q", Status.ANSWERED, (Statement(letter * 20_000, (1,)),))
    exchanges = tuple(Exchange(f"{n}", State.ANSWERED, said) for n in range(60))
    fits = fitting(Conversation(exchanges, cleared=exchanges))
    assert fits.cleared == ()
    assert fits.notice == older_dropped()
    assert fits.exchanges == exchanges[-len(fits.exchanges) :]
    assert len(fits.exchanges) >= 3
    assert len(ConversationSigner().seal(fits)["signed"]) <= MAX_SIGNED_CHARACTERS


def test_a_text_that_cannot_be_compressed_fits_as_well() -> None:
    numbers = "".join(chr(33 + (7 * n * n + n // 7) % 90) for n in range(MAX_KEPT_CHARACTERS))
    said = Answer("q", "q", Status.ANSWERED, (Statement(numbers, (1,)),))
    fits = fitting(Conversation((Exchange("q", State.ANSWERED, said),)))
    assert len(ConversationSigner().seal(fits)["signed"]) <= MAX_SIGNED_CHARACTERS
