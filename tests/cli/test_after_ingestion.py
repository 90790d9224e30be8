"""The questions to begin with are found by the command that ingests, and no longer than allowed."""

import threading
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

import assistant.assistant as room
from assistant import Assistant
from assistant.cli.after_ingestion import find_starting_questions
from assistant.cli.main import app
from assistant.settings import load_settings
from assistant.storage.starting_questions import NAME


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    text = "# The mill\n\nThe Old Mill was built in 1911 by Anna Quill.\n\nThe lift was opened in 1954.\n"
    (folder / "mill.md").write_text(text)
    return folder


def ingested(corpus: Path) -> Path:
    index = corpus.parent / "index"
    run = CliRunner().invoke(app, ["ingest", "--corpus", str(corpus), "--index", str(index)])
    assert run.exit_code == 0, run.output
    return index


def test_ingestion_finds_them_so_that_they_are_known_at_once(corpus: Path) -> None:
    index = ingested(corpus)
    with Assistant.open(load_settings(corpus=corpus, index=index)) as opened:
        known = opened.starting_questions(find=False)
        assert "When was the Old Mill built?" in known
        (corpus / "more.md").write_text("# More\n\nThe Old Barn was moved in 1977.\n")
        opened.ingest()
        assert opened.starting_questions(find=False) == []
        assert opened.starting_questions()


def test_those_of_the_corpus_file_need_no_search(corpus: Path) -> None:
    (corpus / "corpus.toml").write_text('[corpus]\nquestions = ["Who built the mill?"]\n')
    index = ingested(corpus)
    assert not (index / NAME).exists()
    with Assistant.open(load_settings(corpus=corpus, index=index)) as opened:
        assert opened.starting_questions(find=False) == ["Who built the mill?"]


def test_before_an_ingestion_and_with_the_setting_off_there_are_none(corpus: Path) -> None:
    settings = load_settings(corpus=corpus, index=corpus.parent / "none")
    with Assistant.open(settings) as opened:
        find_starting_questions(opened)
        assert opened.starting_questions() == []
    index = ingested(corpus)
    silent = load_settings(corpus=corpus, index=index, suggested_questions=0)
    with Assistant.open(silent) as opened:
        assert opened.starting_questions() == []


def test_the_search_ends_when_its_time_is_over(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = ingested(corpus)
    (index / NAME).unlink()
    monkeypatch.setattr(room, "SECONDS_TO_SUGGEST", 0.2)

    with Assistant.open(load_settings(corpus=corpus, index=index)) as opened:

        def endless(*, count: int, stopped: threading.Event) -> list[str]:
            assert stopped.wait(30)
            return ["Why?"] * count

        monkeypatch.setattr(opened, "suggest", endless)
        started = time.monotonic()
        assert opened.starting_questions() == ["Why?"] * 3
        assert time.monotonic() - started < 15
