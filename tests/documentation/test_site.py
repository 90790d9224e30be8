"""The site builds without a dead link, and loads nothing from other hosts."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs.no_other_hosts import loaded_from_elsewhere
from tests.conftest import REPOSITORY


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://cdn.example/a.js"></script>',
        '<link rel="preload stylesheet" href="//cdn.example/a.css">',
        '<img alt="" src="http://cdn.example/a.png">',
        '<pre class="mermaid"><code>graph LR</code></pre>',
    ],
)
def test_what_a_page_loads_from_another_host_is_found(html: str) -> None:
    assert len(loaded_from_elsewhere(html)) == 1


@pytest.mark.parametrize(
    "html",
    [
        '<script src="assets/a.js"></script><link rel="stylesheet" href="../a.css">',
        '<a href="https://example.org">a link</a><link rel="canonical" href="https://example.org">',
    ],
)
def test_own_files_and_links_are_not(html: str) -> None:
    assert loaded_from_elsewhere(html) == []


def test_the_site_builds_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    if importlib.util.find_spec("mkdocs") is None:
        missing = "MkDocs is not installed; make docs installs it"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", tmp_path],
        cwd=REPOSITORY,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    assert "the file's text" in (tmp_path / "how-it-works.html").read_text("utf-8").replace(
        "&#39;", "'"
    )
    for style in tmp_path.rglob("*.css"):
        assert not re.search(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", style.read_text("utf-8"))
