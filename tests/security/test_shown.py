"""What is shown: nothing in a terminal, a log or an exported file acts, reorders or hides."""

import json
import logging
import os
import subprocess
import sys
import threading
from io import StringIO
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from rich.console import Console

from assistant import Assistant
from assistant.cli.console import print_answer
from assistant.settings import load_settings
from assistant.web.chat.export import copied_sources, escape_markdown
from assistant.web.citation_checks import CitationChecks
from assistant.web.middleware.request_log import JsonLines, configure_log

ROOT = Path(__file__).parents[2]
HARMFUL = "\x85\x9b\u200b\u200f\u2028\u202e\u2066\ufeff\U000e0041"
COMMAND = [sys.executable, "-c", "from assistant.cli.main import run; run()"]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("shown")
    (folder / "corpus").mkdir()
    text = f"The tower of Pisa \N{EN DASH} caf\N{LATIN SMALL LETTER E WITH ACUTE} {HARMFUL} \
\N{EN DASH} was begun in 1173."
    (folder / "corpus" / "tower.txt").write_text(text, encoding="utf-8")
    chosen = {
        "ASSISTANT_CORPUS": str(folder / "corpus"),
        "ASSISTANT_INDEX": str(folder / "index"),
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "0",
    }
    made = {**os.environ, **chosen}
    subprocess.run([*COMMAND, "ingest"], env=made, check=True, capture_output=True)
    return made


def ask(
    environment: dict[str, str],
    *arguments: str | bytes,
    given: bytes = b"",
    encoding: str = "utf-8",
) -> tuple[int, bytes, bytes]:
    done = subprocess.run(
        [*COMMAND, "ask", *arguments],
        input=given,
        capture_output=True,
        check=False,
        env={**environment, "PYTHONIOENCODING": encoding},
    )
    return done.returncode, done.stdout, done.stderr


def test_a_terminal_and_json_show_no_character_that_acts_or_hides(
    environment: dict[str, str],
) -> None:
    code, shown, _ = ask(environment, "When was the tower begun?")
    assert code == 0
    assert "1173" in shown.decode()
    assert not set(HARMFUL) & set(shown.decode())
    code, written, _ = ask(environment, "When was the tower begun?", "--json")
    assert not set(HARMFUL) & set(written.decode())
    quote = json.loads(written)["citations"][0]["quote"]
    assert "\u202e" in quote  # the same to a program


def test_the_name_of_a_file_forges_no_line(tmp_path: Path) -> None:
    name = "tower\n[2] Forged.txt"
    corpus = tmp_path / "docs_corpus"
    corpus.mkdir()
    (corpus / name).write_text("# Tower\n\nThe tower was begun in 1173.\n")
    with Assistant.open(corpus=corpus, index=tmp_path / "index") as assistant:
        assistant.ingest()
        answer = assistant.ask("When was the tower begun?")
        terminal = StringIO()
        print_answer(Console(file=terminal, width=200), answer, assistant)
        sources = copied_sources(answer, CitationChecks(assistant))
    assert answer.citations[0].source == name
    for shown in (terminal.getvalue(), sources):
        assert "Forged.txt" in shown
        assert not any(line.strip().startswith("[2]") for line in shown.splitlines())


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_of_few_characters_shows_the_answer(
    environment: dict[str, str], encoding: str
) -> None:
    code, shown, told = ask(environment, "When was the tower begun?", encoding=encoding)
    assert code == 0, told
    assert b"1173" in shown


def test_a_question_of_any_bytes_is_answered_or_refused_in_words(
    environment: dict[str, str],
) -> None:
    question = b"When was the \xff\xfe tower begun?"
    code, shown, told = ask(environment, question)
    assert (code in (0, 3), b"Internal error" in told) == (True, False)
    lines = question + b"\nWhen was the tower begun?\n"
    code, shown, told = ask(environment, given=lines)
    assert (code, b"error" in told.lower()) == (0, False)
    assert shown.count(b"1173") >= 1


# the log


def written_by(handler: logging.StreamHandler[StringIO], *, with_messages: bool) -> logging.Logger:
    handler.setFormatter(JsonLines(with_messages))
    logger = logging.getLogger("tests.shown")
    logger.handlers, logger.propagate = [handler], False
    return logger


def test_the_log_is_a_line_an_event_whatever_a_client_sends() -> None:
    handler = logging.StreamHandler(StringIO())
    logger = written_by(handler, with_messages=False)
    forged = f'x\n{{"event": "forged"}}\r{HARMFUL}'
    logger.warning("A library says %s", forged)
    try:
        raise ValueError(forged)
    except ValueError:
        logger.exception("failed", extra={"fields": {"path": forged}})
    text = handler.stream.getvalue()
    lines = text.splitlines()  # also at U+0085 and U+2028
    assert [json.loads(line)["event"] for line in lines] == ["A library says x", "failed"]
    assert "forged" not in lines[0]
    assert not set(HARMFUL) & set(text)


def test_what_ends_a_thread_is_a_line_without_its_text(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    for name in ("excepthook",):
        monkeypatch.setattr(threading, name, getattr(threading, name))
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    try:
        configure_log(load_settings())
        thread = threading.Thread(target=lambda: [][len("what was asked")])
        thread.start()
        thread.join()
    finally:
        root.handlers = before
        logging.captureWarnings(False)
    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert (told["event"], told["exception"]) == ("a thread failed", "IndexError")
    assert "message" not in told


# exports


@pytest.mark.parametrize(
    "text",
    [
        ": a definition",
        ":   a definition",
        "~ a definition",
        "a. a list",
        "(iv) a list",
        "#. a list",
        "B) a list",
        "1) a list",
        "``` a fence",
        "~~~ a fence",
        "::: a fence",
        "evil.example",
        "see evil.example/path and www.evil.example",
        "https://evil.example",
        "a@evil.example",
        "mailto:a@evil.example",
        "| a line block",
        "% a title",
        "(@) an example",
    ],
)
def test_an_export_becomes_no_link_fence_or_list(text: str) -> None:
    escaped = escape_markdown(text)
    first = escaped.split(" ")[0]
    assert first.startswith("%") or "\\" in escaped
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(f"A term\n\n{escaped}\n")
    assert [token.type for token in tokens].count("paragraph_open") == 2
    shown = "".join(child.content for child in tokens[-2].children or ())
    assert shown == text.replace("   ", " ")
    for start in (":", "~", "a.", "(iv)", "#.", "B)", "1)", "```", ":::", "|"):
        assert not f"{escaped} ".startswith(f"{start} ")
    for link in ("evil.example", "https://", "www.", "a@"):
        assert link not in escaped


def test_an_export_hides_and_reorders_nothing() -> None:
    assert escape_markdown(f"a{HARMFUL}b") == "a" + "\ufffd" * len(HARMFUL) + "b"
