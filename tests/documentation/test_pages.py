"""The pages agree with the code: links, file names, settings, length."""

import re
from pathlib import Path

import pytest

from assistant import Settings
from docs.settings_table import PAGE, settings_table, with_table
from tests.conftest import REPOSITORY
from tests.documentation.pages import blocks, pages, prose, text_of

PACKAGE = REPOSITORY / "assistant"
FILE_NAME = re.compile(r"(?<![\w/.-])((?:[a-z_]+/)*[a-z_]+\.py|(?:[a-z_]+/)+)(?![\w/])")


def test_the_readme_is_one_page() -> None:
    assert len(text_of("README.md").splitlines()) <= 150


@pytest.mark.parametrize("page", pages())
def test_links_lead_to_files_and_headings(page: str) -> None:
    for link in re.findall(r"\]\((?!https?:)([^)]+)\)", prose(page)):
        path, _, anchor = link.partition("#")
        target = (REPOSITORY / page).parent / path if path else REPOSITORY / page
        assert target.exists(), link
        if anchor:
            headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in [slug(heading) for heading in headings], link


def slug(heading: str) -> str:
    """Return the anchor that GitHub and MkDocs give a heading."""
    return re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-")


def test_the_table_of_settings_is_the_settings() -> None:
    table = settings_table()
    assert [f"ASSISTANT_{name.upper()}" for name in Settings.model_fields] == re.findall(
        r"^\| `(\w+)`", table, re.MULTILINE
    )
    for name, field in Settings.model_fields.items():
        assert field.description, name
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_table(page), "write it again: python -m docs.settings_table"


def test_defaults_are_shown_as_people_write_them() -> None:
    table = settings_table()
    assert "| `ASSISTANT_TOP_K` | `12` |" in table
    assert "| `ASSISTANT_LOG_QUESTIONS` | `false` |" in table
    assert "| `ASSISTANT_HOSTS` | `localhost, 127.0.0.1, ::1` |" in table
    assert "| `ASSISTANT_CHAT_PASSWORD` | not set |" in table


def test_a_page_without_the_marks_gets_no_table() -> None:
    with pytest.raises(ValueError, match="marks"):
        with_table("# Settings\n")


def test_the_files_on_the_way_exist() -> None:
    page = "docs/how-it-works.md"
    code = "\n".join(block.code for block in blocks(page))
    inline = "\n".join(re.findall(r"`([^`]+)`", prose(page)))
    names = [name for name in FILE_NAME.findall(f"{code}\n{inline}") if name != "assistant/"]
    assert len(names) > 60
    known = {path.name for path in PACKAGE.rglob("*.py")}
    for name in names:
        if "/" in name:
            assert any((root / name).exists() for root in (PACKAGE, REPOSITORY)), name
        else:
            assert name in known, name


def test_the_way_of_a_document_names_each_stage_of_its_ingestion() -> None:
    code = (PACKAGE / "ingestion" / "pipeline.py").read_text(encoding="utf-8")
    stages = re.findall(r"^from assistant\.(ingestion[\w.]*) import", code, re.MULTILINE)
    assert len(stages) > 5
    page = text_of("docs/how-it-works.md")
    paths = [Path(stage.replace(".", "/")) for stage in stages]
    missing = [
        path
        for path in paths
        if f"{path}.py" not in page and not (f"{path}/" in page and (PACKAGE / path).is_dir())
    ]
    assert missing == []


def test_a_new_format_is_added_where_formats_are_read() -> None:
    _, _, step = text_of("docs/contributing.md").partition("## Add a format")
    (name, path) = re.findall(r"Add it to `(\w+)` in `(assistant/[\w/.]+)`", step)[0]
    assert re.search(rf"^{name}\b", (REPOSITORY / path).read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("page", pages())
def test_files_of_the_repository_that_a_page_names_exist(page: str) -> None:
    folders = "assistant|tests|docs|training|benchmarks|examples|docs_corpus"
    for name in re.findall(rf"`((?:{folders})/[\w./-]*)`", text_of(page)):
        assert (REPOSITORY / name).exists() or "NAME" in name, name


def test_every_decision_is_in_the_index() -> None:
    folder = REPOSITORY / "docs/decisions"
    listed = re.findall(r"\((\d\d-[\w-]+\.md)\)", text_of("docs/decisions/index.md"))
    assert listed == sorted(path.name for path in folder.glob("[0-9]*.md"))


def test_the_version_is_the_one_that_the_changelog_begins_with() -> None:
    from assistant import __version__

    versions = re.findall(r"^## (\d+\.\d+\.\d+)", text_of("CHANGELOG.md"), re.MULTILINE)
    assert versions[0] == __version__
    assert f'version = "{__version__}"' in Path(REPOSITORY / "pyproject.toml").read_text()
