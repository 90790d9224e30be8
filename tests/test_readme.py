"""The README tells the truth: its code runs, its settings and commands exist."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from assistant import Settings
from tests.conftest import CORPUS, REPOSITORY

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def test_the_python_blocks_run_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(CORPUS, tmp_path / "docs_corpus")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "questions.eval.yaml").write_text(blocks("yaml")[0], encoding="utf-8")
    namespace: dict[str, Any] = {}
    for block in blocks("python"):
        exec(compile(block, "README.md", "exec"), namespace)
    namespace["assistant"].close()
    printed = capsys.readouterr().out
    assert "founded in 2001" in printed
    assert "sco-champions" in printed


def test_the_settings_table_is_the_settings() -> None:
    rows = re.findall(r"^\| `ASSISTANT_(\w+)` \| (.+?) \| (.+?) \|$", README, re.MULTILINE)
    told = {name.lower(): (default, text) for name, default, text in rows}
    assert set(told) == set(Settings.model_fields)
    for name, field in Settings.model_fields.items():
        default, text = told[name]
        if field.default in (None, (), ""):  # told in words
            assert "`" not in default, name
        else:
            value = field.default
            shown = ", ".join(value) if isinstance(value, tuple) else value
            assert default == f"`{shown}`", name
        assert field.description is not None
        assert text in field.description, name


def test_the_corpus_file_of_the_readme_is_valid(corpus: Path) -> None:
    from assistant.ingestion.corpus_file import read_corpus_file

    (corpus / "corpus.toml").write_text(blocks("toml")[0], encoding="utf-8")
    assert read_corpus_file(corpus).documents["folder/file.txt"].author == "Sun Zhuangzhi"


def test_every_make_target_of_the_readme_exists() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    targets = set(
        re.findall(
            r"\bmake ([a-z]+)\b(?=[`\s]*(?:$|#|,|TORCH|again|lists|refreshes|\())",
            README,
            re.MULTILINE,
        )
    )
    assert {"serve", "test"} <= targets
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_file_that_the_readme_shows_exists() -> None:
    for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (REPOSITORY / link).is_file(), link
