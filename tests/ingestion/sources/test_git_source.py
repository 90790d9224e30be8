"""Git repositories served by Git itself on this machine, hostile ones too."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.ingestion.corpus_file import SourceEntry
from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.sources.git_source import offer_repository
from assistant.ingestion.sources.offers import FetchBudget, Offer, OfferedFile
from assistant.types import SkippedFile
from tests.ingestion.sources.site import Site


def git(folder: Path, *arguments: str, text: str = "") -> str:
    command = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org", *arguments]
    return subprocess.run(
        command, cwd=folder, check=True, capture_output=True, input=text, text=True
    ).stdout.strip()


@pytest.fixture
def repository(site: Site, tmp_path: Path) -> Path:
    """A repository with a page and a program, served as terns.git."""
    folder = tmp_path / "repositories/terns.git"
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    (folder / "docs").mkdir()
    (folder / "docs/a.md").write_text("# Terns\n")
    (folder / "b.bin").write_text("x")
    commit(folder)
    site.repositories = folder.parent
    return folder


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=a")


def offered(site: Site, state: str = "", budget: FetchBudget | None = None, **more: str) -> Offer:
    source = SourceEntry(
        url=f"{site.address}/terns.git/.git", kind="git", below=more.get("below", "")
    )
    budget = budget or FetchBudget(100, 1_000_000, 60)
    return offer_repository(source, state, 1000, budget, private_allowed=True)


def files(offer: Offer) -> Sequence[OfferedFile | SkippedFile]:
    assert offer.files is not None
    return list(offer.files)


def test_the_readable_files_of_the_newest_commit_are_taken(site: Site, repository: Path) -> None:
    (one,) = files(offered(site))
    assert isinstance(one, OfferedFile)
    assert (one.path, one.content) == ("docs/a.md", b"# Terns\n")


def test_only_what_is_below_a_folder_is_taken(site: Site, repository: Path) -> None:
    (repository / "c.md").write_text("# Gulls\n")
    commit(repository)
    (one,) = files(offered(site, below="docs"))
    assert isinstance(one, OfferedFile)
    assert one.path == "a.md"


def test_the_same_commit_is_unchanged(site: Site, repository: Path) -> None:
    state = offered(site).state
    assert state == git(repository, "rev-parse", "HEAD")
    assert offered(site, state).files is None
    (repository / "docs/a.md").write_text("# Gulls\n")
    commit(repository)
    assert offered(site, state).files is not None


def test_links_and_submodules_are_left_out(site: Site, repository: Path) -> None:
    (repository / "link.md").symlink_to("/etc/passwd")
    head = git(repository, "rev-parse", "HEAD")
    git(repository, "update-index", "--add", "--cacheinfo", f"160000,{head},module.md")
    git(repository, "add", "link.md")
    git(repository, "commit", "--quiet", "--message=b")
    assert [one.path for one in files(offered(site)) if isinstance(one, OfferedFile)] == [
        "docs/a.md"
    ]


def test_a_tree_with_a_path_that_leads_out_is_refused(site: Site, repository: Path) -> None:
    blob = git(repository, "hash-object", "-w", "--stdin", text="x")
    tree = bytes.fromhex(blob)
    content = b"100644 ..\0" + tree
    made = (
        subprocess.run(
            ["git", "hash-object", "-w", "-t", "tree", "--literally", "--stdin"],
            cwd=repository,
            input=content,
            capture_output=True,
            check=True,
        )
        .stdout.decode()
        .strip()
    )
    made = git(repository, "commit-tree", made, "-m", "b")
    git(repository, "update-ref", "refs/heads/main", made)
    with pytest.raises(UnreadableFileError, match="Git failed"):
        files(offered(site))


def test_hooks_filters_and_configuration_of_a_repository_do_nothing(
    site: Site, repository: Path, tmp_path: Path
) -> None:
    mark = tmp_path / "ran"
    (repository / ".gitattributes").write_text("*.md filter=run\n")
    (repository / ".gitmodules").write_text(
        f'[submodule "x"]\n\tpath = x\n\turl = ext::sh -c "touch {mark}"\n'
    )
    (repository / ".gitconfig").write_text(f'[filter "run"]\n\tsmudge = touch {mark}\n')
    commit(repository)
    assert len(files(offered(site))) == 1
    assert not mark.exists()


def test_large_files_are_named_and_left_out(site: Site, repository: Path) -> None:
    (repository / "c.txt").write_text("x" * 1001)
    commit(repository)
    assert [type(one) for one in files(offered(site))] == [SkippedFile, OfferedFile]


def test_a_repository_is_bounded(site: Site, repository: Path) -> None:
    (repository / "c.txt").write_bytes(b"Gulls")
    commit(repository)
    with pytest.raises(UnreadableFileError, match="most_files"):
        files(offered(site, budget=FetchBudget(1, 1_000_000, 60)))
    with pytest.raises(UnreadableFileError, match="most_megabytes"):
        files(offered(site, budget=FetchBudget(100, 10, 60)))
    with pytest.raises(UnreadableFileError, match="most_seconds"):
        files(offered(site, budget=FetchBudget(100, 1_000_000, 0)))


def test_a_tree_that_unfolds_without_end_is_bounded(site: Site, repository: Path) -> None:
    blob = git(repository, "hash-object", "-w", "--stdin", text="x")
    tree = git(repository, "mktree", text=f"100644 blob {blob}\ta.md\n")
    for _ in range(9):
        entries = "".join(f"040000 tree {tree}\t{n}\n" for n in range(10))
        tree = git(repository, "mktree", text=entries)
    git(
        repository, "update-ref", "refs/heads/main", git(repository, "commit-tree", tree, "-m", "b")
    )
    with pytest.raises(UnreadableFileError, match="most_megabytes"):
        files(offered(site))


@pytest.mark.parametrize("url", ["ext::sh", "--upload-pack=touch x", "file:///tmp", "ssh://e.org"])
def test_nothing_but_the_web_is_asked(url: str) -> None:
    source = SourceEntry.model_construct(url=url, below="")
    with pytest.raises(UnreadableFileError):
        offer_repository(source, "", 1000, FetchBudget(1, 1000, 60), private_allowed=True)


def test_a_private_address_is_not_asked(site: Site, repository: Path) -> None:
    source = SourceEntry(url=f"{site.address}/terns.git/.git")
    with pytest.raises(UnreadableFileError, match="not public"):
        offer_repository(source, "", 1000, FetchBudget(1, 1000, 60), private_allowed=False)


def test_git_asks_the_address_that_was_checked(site: Site, repository: Path) -> None:
    source = SourceEntry(url=f"http://site.example:{site.port}/terns.git/.git")
    budget = FetchBudget(100, 1_000_000, 60)
    offer = offer_repository(source, "", 1000, budget, True, lambda host, port: ["127.0.0.1"])
    assert len(files(offer)) == 1


def test_a_repository_that_is_not_there_is_a_failure(site: Site) -> None:
    with pytest.raises(UnreadableFileError, match="Git failed"):
        offered(site)
