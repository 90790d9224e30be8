"""The code blocks of README and documentation do what the text around them says.

Those that need a server are run in ``tests/web``, where there is one.
"""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from assistant import Settings, load_settings
from assistant.cli.main import app
from assistant.evaluation import load_cases
from assistant.ingestion.corpus_file import read_corpus_file
from tests.chat_server import chat_server
from tests.conftest import REPOSITORY
from tests.documentation.pages import MODEL, SERVER, CodeBlock, blocks, pages, text_of

RUN_HERE = {"python", "sh", "toml", "yaml"}
RUN_IN_FRONT_OF_A_SERVER = {"html", "js", "text", "json"}
COMPARED = {"powershell"}
"""Not run, as there is no such shell: a test compares it with the block that is."""
QUESTIONS = "questions.eval.yaml"
APPLICATION = "create_app"
"""What marks the block that mounts the server in another application; it is run in ``tests/web``."""
OTHER_PROGRAMS = {
    ".venv/bin/python",
    ".venv/bin/assistant",
    "docker",
    "export",
    "pip",
    "pipx",
    "uvx",
    "python",
}


def python_of(page: str) -> list[str]:
    return [
        block.code
        for block in blocks(page, "python", needs="")
        if APPLICATION not in block.code and "def test_" not in block.code
    ]


def cases_of(page: str) -> list[str]:
    return [block.code for block in blocks(page, "yaml") if block.code.startswith("cases:")]


def commands(block: CodeBlock) -> list[list[str]]:
    """Return the commands of a block for a shell, as words, without the variables before them."""
    lines = block.code.replace("\\\n", " ").splitlines()
    split = [shlex.split(line, comments=True) for line in lines]
    found = []
    for words in split:
        while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
            words = words[1:]
        if words:
            found.append(words)
    return found


def test_every_block_is_run_or_read_by_a_test() -> None:
    for block in blocks():
        assert block.needs in ("", SERVER, MODEL), (block.page, block.needs)
        assert block.language in RUN_HERE | RUN_IN_FRONT_OF_A_SERVER | COMPARED, (
            block.page,
            block.language,
        )
        if block.language in ("html", "js"):
            assert block in blocks("docs/widget.md") or "/widget.js" in block.code, block.page


def test_the_commands_for_windows_are_those_for_linux_with_other_paths() -> None:
    (windows,) = [block for block in blocks("docs/index.md") if block.language == "powershell"]
    code = windows.code.replace(".venv\\Scripts\\", ".venv/bin/").replace("py -m", "python -m")
    assert code in [block.code for block in blocks("docs/index.md") if block.language == "sh"]


@pytest.mark.parametrize("page", [page for page in pages() if python_of(page)])
def test_the_python_of_a_page_runs_block_after_block(
    page: str,
    working_directory: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(working_directory)
    for cases in cases_of(page):
        Path(QUESTIONS).write_text(cases, encoding="utf-8")
    namespace: dict[str, Any] = {}
    for code in python_of(page):
        exec(compile(code, page, "exec"), namespace)
    namespace["assistant"].close()
    assert capsys.readouterr().out


@pytest.mark.parametrize("block", blocks(language="python", needs=MODEL), ids=lambda it: it.page)
def test_python_with_a_language_model_runs(
    block: CodeBlock,
    working_directory: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(working_directory)
    with chat_server() as server:
        server.text = "The SCO was founded in 2001."
        monkeypatch.setenv("ASSISTANT_CHAT_MODEL_BASE_URL", server.address)
        namespace: dict[str, Any] = {}
        exec(compile(block.code, block.page, "exec"), namespace)
        namespace["assistant"].close()
    assert capsys.readouterr().out == "generative The SCO was founded in 2001. [1]\n"


def test_the_tests_of_the_documentation_pass_in_pytest(working_directory: Path) -> None:
    (code,) = [block.code for block in blocks(language="python") if "def test_" in block.code]
    (working_directory / "test_answers.py").write_text(code, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "test_answers.py"],
        cwd=working_directory,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
    )
    assert "1 passed" in ran.stdout, ran.stdout + ran.stderr


@pytest.mark.parametrize("block", blocks(language="sh"), ids=lambda it: it.page)
def test_commands_are_understood(block: CodeBlock) -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    for program, *arguments in commands(block):
        if program == "assistant":
            parse(arguments)
        elif program == "make":
            for target in [word for word in arguments if "=" not in word]:
                assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
        else:
            assert program in OTHER_PROGRAMS or (program, block.needs) == ("curl", SERVER), program


def parse(arguments: list[str]) -> None:
    """Read a command line as `assistant` does. Raise click's errors for what it does not know."""
    name, *rest = arguments
    group = get_command(app)
    context = group.make_context("assistant", [name, *rest], resilient_parsing=False)
    command = group.get_command(context, name)  # type: ignore[attr-defined]  # a group of typer's
    assert command is not None, name
    command.make_context(name, rest, parent=context)


@pytest.mark.parametrize("page", pages())
def test_make_targets_programs_and_settings_in_the_text_exist(page: str) -> None:
    text = text_of(page)
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`(?:ASSISTANT_\w+=\w+ )?make ([a-z][a-z-]*)", text):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for module in re.findall(r"python -m\s((?:assistant|benchmarks|docs|training)[\w.]*)", text):
        place = REPOSITORY / module.replace(".", "/")
        assert place.with_suffix(".py").is_file() or (place / "__main__.py").is_file(), module
    for name in re.findall(r"ASSISTANT_([A-Z_]+)", text):
        assert name.lower() in Settings.model_fields, name


@pytest.mark.parametrize("block", blocks(language="toml"), ids=lambda it: it.page)
def test_toml_is_a_corpus_file_or_settings(
    block: CodeBlock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if "[corpus]" in block.code:
        Path("corpus.toml").write_text(block.code, encoding="utf-8")
        assert read_corpus_file(tmp_path).documents["folder/file.txt"].author == "Sun Zhuangzhi"
    elif "[[sources]]" in block.code:
        Path("corpus.toml").write_text(block.code, encoding="utf-8")
        assert read_corpus_file(tmp_path).sources[0].kind == "sitemap"
    else:
        Path("assistant.toml").write_text(block.code, encoding="utf-8")
        assert load_settings().rate_limit == "120/minute"


@pytest.mark.parametrize("block", blocks(language="yaml"), ids=lambda it: it.page)
def test_yaml_is_a_case_file_or_a_job_that_makes_something(
    block: CodeBlock, tmp_path: Path
) -> None:
    if block.code in cases_of(block.page):
        (tmp_path / QUESTIONS).write_text(block.code, encoding="utf-8")
        assert load_cases(tmp_path / QUESTIONS).cases
    else:
        assert block.code.endswith("    - run: make evaluate\n")


def test_json_of_the_documentation_is_json() -> None:
    bodies = re.findall(r"-d '(\{.*?\})'", "".join(block.code for block in blocks(language="sh")))
    assert len(bodies) >= 3
    assert all("question" in json.loads(body) for body in bodies)
