"""``assistant ingest`` with addresses and sources, from a real server on this machine."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli.commands import app
from assistant.cli.ingest import ingest
from tests.ingestion.sources.site import Site, serving


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASSISTANT_PRIVATE_SOURCES", "true")
    (tmp_path / "docs_corpus").mkdir()
    with serving() as served:
        served.put("/a", b"<h1>Terns</h1><p>The tern of Orford dives from nine metres.</p>")
        yield served


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["ingest", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_the_command_is_part_of_the_app() -> None:
    assert ingest in [command.callback for command in app.registered_commands]


def test_an_address_is_fetched_and_ingested(site: Site) -> None:
    code, _, errors = run(f"{site.address}/a")
    assert code == 0
    assert f"Fetching {site.address}/a" in errors
    assert "1 file of sources: 1 fetched, 0 unchanged, 0 removed." in errors
    assert Path(f"docs_corpus/127.0.0.1_{site.port}/a.html").exists()


def test_the_sources_of_corpus_toml_are_fetched_unless_told_otherwise(site: Site) -> None:
    Path("docs_corpus/a.txt").write_text("Gulls do not dive.")
    Path("docs_corpus/corpus.toml").write_text(f'[[sources]]\nurl = "{site.address}/a"\n')
    run("--no-fetch")
    assert site.requests == []
    code, output, _ = run("--json")
    assert code == 0
    assert len(json.loads(output)["fetched"]["written"]) == 1
    assert len(json.loads(output)["added"]) == 1


def test_a_source_that_cannot_be_fetched_is_named_and_the_rest_ingested(site: Site) -> None:
    Path("docs_corpus/a.txt").write_text("Gulls do not dive.")
    Path("docs_corpus/corpus.toml").write_text(f'[[sources]]\nurl = "{site.address}/none.zip"\n')
    code, output, errors = run()
    assert code == 0
    assert "1 document" in output
    site.pages["/none.zip"] = site.pages["/a"]
    code, _, errors = run("--strict")
    assert code == 1
    assert f"Not fetched: {site.address}/none.zip: it is not a whole ZIP archive" in errors


def test_private_addresses_are_refused_by_default(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ASSISTANT_PRIVATE_SOURCES")
    Path("docs_corpus/a.txt").write_text("Gulls do not dive.")
    _, _, errors = run(f"{site.address}/a")
    assert "not public" in errors
    assert site.requests == []


def test_what_is_not_an_address_is_wrong_usage(site: Site) -> None:
    assert run("contracts")[0] == 2
