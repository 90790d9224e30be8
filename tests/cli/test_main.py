"""The command line as its users meet it: what is printed, where, and the exit code."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from assistant import Answer, Assistant, Status
from assistant.cli.main import app
from assistant.testing import answer_uncertain
from assistant.text.safe_display import safe
from tests.conftest import CORPUS

COMMAND = [sys.executable, "-c", "from assistant.cli.main import run; run()"]


@pytest.fixture(scope="session")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the article, made by the command."""
    index = tmp_path_factory.mktemp("cli") / "index"
    result = run("ingest", "--corpus", str(CORPUS), "--index", str(index))
    assert result.exit_code == 0, result.output
    assert "1 document, 22 chunks: 1 added" in result.stdout
    return index


@pytest.fixture
def places(ingested: Path) -> list[str]:
    return ["--corpus", str(CORPUS), "--index", str(ingested)]


def run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), input=given)


@pytest.mark.parametrize(
    "command",
    [
        (),
        ("init",),
        ("ingest",),
        ("ask",),
        ("serve",),
        ("status",),
        ("evaluate",),
        ("feedback",),
        ("insights",),
        ("widget",),
        ("model",),
        ("model", "use"),
        ("model", "off"),
        ("model", "get"),
    ],
)
def test_every_command_has_help(command: tuple[str, ...]) -> None:
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert "--help" in result.stdout


def test_help_tells_exit_codes_and_settings() -> None:
    text = " ".join(run("--help").stdout.split())
    assert "3 not found in the documents" in text
    assert "ASSISTANT_*" in text


@pytest.mark.parametrize(
    ("command", "default"),
    [
        ("ingest", "docs_corpus"),
        ("serve", "7860"),
        ("ask", "all-MiniLM-L6-v2"),
        ("evaluate", "*.eval.yaml in or below"),
        ("widget", "the one it listens on"),
    ],
)
def test_help_shows_defaults(command: str, default: str) -> None:
    result = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"})
    assert default in result.stdout
    assert "[default: (" in result.stdout


def test_an_answer_has_numbered_quotes_with_source_and_line(places: list[str]) -> None:
    result = run("ask", "When was the SCO founded?", *places)
    assert result.exit_code == 0
    assert "founded in 2001" in result.stdout
    assert (
        "[1] SCO Champions A New Model of Regional Cooperation (by Sun Zhuangzhi" in result.stdout
    )
    assert "sco-champions-a-new-model-of-regional-cooperation.txt, line 12" in result.stdout
    assert "“After the SCO was founded in 2001" in result.stdout
    assert "\x1b[" not in result.stdout


def test_json_is_the_answer_for_programs(places: list[str]) -> None:
    result = run("ask", "When was the SCO founded?", "--json", *places)
    answer = json.loads(result.stdout)
    assert answer["status"] == "answered"
    quote = answer["citations"][0]
    text = (CORPUS / quote["source"]).read_text(encoding="utf-8")
    assert text[quote["start"] : quote["end"]] == quote["quote"]


def test_an_answer_is_explained_by_what_was_read(places: list[str]) -> None:
    result = run("ask", "When was the SCO founded?", "--explain", *places)
    assert result.exit_code == 0
    first, limits, searched, *_ = result.stdout.splitlines()
    assert first.startswith("answered: The likeliest passage that fits")
    assert limits.startswith("Certain from 0.")
    assert searched == "Searched: When was the SCO founded?"
    assert "After the SCO was founded in 2001" in result.stdout
    assert "dense 1" in result.stdout


def test_not_found_exits_with_3_and_shows_the_closest_as_such(places: list[str]) -> None:
    result = run("ask", "Who is the president of France?", *places)
    assert result.exit_code == 3
    assert "found no answer" in result.stdout
    assert "Closest passage:" in result.stdout


def test_a_conversation_reads_lines_and_remembers(places: list[str]) -> None:
    result = run("ask", *places, given="What was signed in 2003?\nWhere was that?\n\n")
    assert result.exit_code == 0
    assert result.stdout.count("[1] SCO Champions") == 2
    assert "Beijing" in result.stdout


@pytest.mark.parametrize("question", ["", "   "])
def test_an_empty_question_is_wrong_usage(places: list[str], question: str) -> None:
    result = run("ask", question, *places)
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: The question is empty")


def test_asking_before_ingesting_names_the_command(tmp_path: Path) -> None:
    result = run("ask", "Why?", "--corpus", str(CORPUS), "--index", str(tmp_path / "none"))
    assert result.exit_code == 1
    assert "assistant ingest" in result.stderr
    assert "Traceback" not in result.output


def test_verbose_shows_the_traceback(tmp_path: Path) -> None:
    result = run("ask", "Why?", "--index", str(tmp_path / "none"), "--verbose")
    assert result.exit_code == 1
    assert "Traceback" in result.output


def test_a_missing_corpus_is_one_line_with_the_remedy(tmp_path: Path) -> None:
    result = run("ingest", "--corpus", str(tmp_path / "none"), "--index", str(tmp_path / "index"))
    assert result.exit_code == 1
    assert "ASSISTANT_CORPUS" in result.stderr
    assert len(result.stderr.strip().splitlines()) <= 2


def test_a_wrong_setting_is_wrong_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_PORT", "many")
    result = run("status")
    assert result.exit_code == 2
    assert "port" in result.stderr


def test_status_tells_what_the_index_holds(places: list[str]) -> None:
    result = run("status", *places)
    assert result.exit_code == 0
    assert "all-MiniLM-L6-v2" in result.stdout
    assert "unchanged" in result.stdout
    found = json.loads(run("status", "--json", *places).stdout)
    assert (found["documents"], found["chunks"], found["stale"]) == (1, 22, False)


def test_an_unknown_option_is_wrong_usage() -> None:
    assert run("ask", "--nonsense").exit_code == 2


def test_version_is_printed() -> None:
    assert run("--version").stdout.startswith("assistant 0.")


def test_control_characters_of_documents_do_nothing_in_a_terminal() -> None:
    assert safe("a\x1b[2Jb\x07c\u202ed\r\ne\tf") == "a�[2Jb�c�d\ne\tf"


def test_a_terminal_gets_colour_and_a_prompt(places: list[str]) -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100"}
    environment.pop("NO_COLOR", None)
    process = subprocess.Popen(
        [*COMMAND, "ask", *places], stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    )
    os.close(theirs)
    os.write(ours, b"When was the SCO founded?\n\n")
    seen = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        seen += part
    assert process.wait(60) == 0
    os.close(ours)
    assert b"> " in seen
    assert b"\x1b[36m" in seen
    assert b"founded in" in seen


@pytest.fixture
def _interruptible() -> Iterator[None]:
    """A process that a shell started in the background ignores SIGINT, and so do its children."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(os.name == "nt", reason="signals are sent differently on Windows")
@pytest.mark.usefixtures("_interruptible")
def test_an_interrupt_is_clean(places: list[str]) -> None:
    process = subprocess.Popen(
        [*COMMAND, "ask", *places],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    process.stdin.write(b"When was the SCO founded?\n")
    process.stdin.flush()
    while b"[1]" not in process.stdout.readline():  # answered: it waits for the next question
        assert process.poll() is None
    for _ in range(5):  # Python passes over one that comes while an object is being taken down
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
            break
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in errors


def test_a_traceback_is_shown_without_control_characters(corpus: Path, tmp_path: Path) -> None:
    folder = corpus / "\x1b[2Jnothing"
    result = run("ingest", "--corpus", str(folder), "--index", str(tmp_path / "i"), "--verbose")
    assert "Traceback" in result.stderr
    assert "\x1b" not in result.stderr


def test_an_uncertain_answer_is_printed_with_its_lead_and_counts_as_answered(
    places: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def doubting(assistant: Assistant, question: str, **more: Any) -> Answer:
        document = assistant.document(assistant.documents()[0].id)
        return answer_uncertain(question, document, "After the SCO was founded in 2001")

    monkeypatch.setattr(Assistant, "ask", doubting)
    shown = run("ask", "When?", *places)
    assert shown.exit_code == 0
    assert shown.stdout.startswith(
        "This may answer it:\nAfter the SCO was founded in 2001 [1]\n\n[1] SCO Champions"
    )
    as_json = run("ask", "When?", "--json", *places)
    assert (as_json.exit_code, json.loads(as_json.stdout)["status"]) == (0, "uncertain")


def test_possible_passages_are_printed_as_paragraphs(
    places: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = Assistant.ask

    def doubting(assistant: Assistant, question: str, **more: Any) -> Answer:
        return replace(ask(assistant, question, **more), status=Status.UNCERTAIN)

    monkeypatch.setattr(Assistant, "ask", doubting)
    shown = run("ask", "What is this article about?", *places).stdout
    assert re.search(r"\[1\]\n\n\w.*\[2\]", shown, re.DOTALL)
