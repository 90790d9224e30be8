"""Sources on a real server, fetched into a corpus, again and again."""

import io
import zipfile
from pathlib import Path

import pytest

from assistant import Assistant, CorpusError, FetchReport, UsageError
from assistant.ingestion.corpus_file import SourceEntry, read_corpus_file, source_at
from assistant.ingestion.sources.fetching import fetch_sources, kind_of
from assistant.ingestion.sources.web_client import WebLimits
from assistant.testing import WordEncoder
from tests.ingestion.sources.site import Page, Site

LIMITS = WebLimits(seconds=5, max_bytes=100_000, pause=0, private_allowed=True)


def fetched(corpus: Path, *sources: SourceEntry) -> FetchReport:
    return fetch_sources(corpus, sources, LIMITS)


def page_of(site: Site, path: str = "/a", **more: str) -> SourceEntry:
    return SourceEntry.model_validate({"url": f"{site.address}{path}", "folder": "site", **more})


def put_sitemap(site: Site, *paths: str) -> None:
    entries = "".join(f"<url><loc>{site.address}{path}</loc></url>" for path in paths)
    site.put("/sitemap.xml", f"<urlset>{entries}</urlset>".encode(), "application/xml")


def put_zip(site: Site, etag: str = "", **files: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"docs/{name}.txt", text)
    site.put("/a.zip", packed.getvalue(), "application/zip", etag=etag)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://e.org/", "page"),
        ("https://e.org/sitemap.xml", "sitemap"),
        ("https://e.org/sitemap-docs.xml.gz", "sitemap"),
        ("https://e.org/feed.xml", "page"),
        ("https://e.org/a/b.git", "git"),
        ("https://e.org/a.ZIP?raw=1", "zip"),
    ],
)
def test_the_kind_is_that_of_the_address(url: str, kind: str) -> None:
    assert kind_of(source_at(url)) == kind


def test_a_kind_that_is_named_decides() -> None:
    assert kind_of(SourceEntry(url="https://e.org/a", kind="git")) == "git"


def test_a_page_is_kept_with_its_address(site: Site, tmp_path: Path) -> None:
    site.put("/a", b"<h1>Terns</h1>")
    report = fetched(tmp_path, page_of(site))
    assert report == FetchReport(written=("site/a.html",))
    assert (tmp_path / "site/a.html").read_bytes() == b"<h1>Terns</h1>"
    assert read_corpus_file(tmp_path).documents["site/a.html"].url == f"{site.address}/a"


def test_what_corpus_toml_says_goes_before_the_address(site: Site, tmp_path: Path) -> None:
    site.put("/a", b"<h1>Terns</h1>")
    (tmp_path / "corpus.toml").write_text(
        '[documents."site/a.html"]\ntitle = "T"\nurl = "https://e.org"\n'
    )
    fetched(tmp_path, page_of(site))
    entry = read_corpus_file(tmp_path).documents["site/a.html"]
    assert (entry.title, entry.url) == ("T", "https://e.org")


def test_an_unchanged_page_is_asked_for_and_not_sent(site: Site, tmp_path: Path) -> None:
    site.put("/a", b"Terns", etag='"1"')
    fetched(tmp_path, page_of(site))
    assert fetched(tmp_path, page_of(site)) == FetchReport(unchanged=("site/a.html",))
    assert site.requests[-1][1]["If-None-Match"] == '"1"'
    site.put("/a", b"Gulls", etag='"2"')
    assert fetched(tmp_path, page_of(site)) == FetchReport(written=("site/a.html",))
    assert (tmp_path / "site/a.html").read_bytes() == b"Gulls"


def test_a_file_that_somebody_removed_is_fetched_again(site: Site, tmp_path: Path) -> None:
    site.put("/a", b"Terns", etag='"1"')
    fetched(tmp_path, page_of(site))
    (tmp_path / "site/a.html").unlink()
    assert fetched(tmp_path, page_of(site)) == FetchReport(written=("site/a.html",))


def test_a_page_is_removed_when_it_is_gone_twice(site: Site, tmp_path: Path) -> None:
    site.put("/a", b"Terns")
    fetched(tmp_path, page_of(site))
    del site.pages["/a"]
    assert fetched(tmp_path, page_of(site)).removed == ()
    assert (tmp_path / "site/a.html").exists()
    assert fetched(tmp_path, page_of(site)).removed == ("site/a.html",)
    assert not (tmp_path / "site/a.html").exists()


def test_a_site_that_fails_takes_nothing_away(site: Site, tmp_path: Path) -> None:
    site.put("/a", b"Terns")
    fetched(tmp_path, page_of(site))
    site.pages["/a"] = Page(status=503)
    for _ in range(3):
        report = fetched(tmp_path, page_of(site))
        assert report.unchanged == ("site/a.html",)
        assert "503" in report.problems[0].reason
    assert (tmp_path / "site/a.html").exists()


def test_a_sitemap_gives_the_pages_of_its_host(site: Site, tmp_path: Path) -> None:
    put_sitemap(site, "/docs/a", "/docs/b", "/blog/c")
    for path in ("/docs/a", "/blog/c"):
        site.put(path, path.encode())
    site.put("/docs/b", b"RIFF", "image/webp")
    report = fetched(tmp_path, page_of(site, "/sitemap.xml", below="docs/"))
    assert report.written == ("site/docs/a.html",)
    assert [problem.reason for problem in report.problems] == ["image/webp is not supported"]
    assert "/blog/c" not in site.paths


def test_a_sitemap_of_sitemaps_is_followed_once(site: Site, tmp_path: Path) -> None:
    index = f"<sitemapindex><sitemap><loc>{site.address}/sitemap.xml</loc></sitemap></sitemapindex>"
    site.put("/index.xml", index.encode(), "application/xml")
    put_sitemap(site, "/a", "/a", "/index.xml")
    site.put("/a", b"Terns")
    report = fetched(tmp_path, page_of(site, "/index.xml", kind="sitemap"))
    assert "site/a.html" in report.written
    assert site.paths.count("/a") == 1
    assert site.paths.count("/sitemap.xml") == 1


def test_pages_of_other_hosts_are_not_fetched(site: Site, tmp_path: Path) -> None:
    other = f"http://localhost:{site.port}/x"
    site.put("/sitemap.xml", f"<urlset><url><loc>{other}</loc></url></urlset>".encode())
    assert fetched(tmp_path, page_of(site, "/sitemap.xml")) == FetchReport()
    assert site.paths == ["/sitemap.xml"]


def test_pages_that_a_sitemap_no_longer_lists_go_the_second_time(
    site: Site, tmp_path: Path
) -> None:
    source = page_of(site, "/sitemap.xml")
    put_sitemap(site, "/a", "/b")
    site.put("/a", b"Terns")
    site.put("/b", b"Gulls")
    fetched(tmp_path, source)
    put_sitemap(site, "/a")
    assert fetched(tmp_path, source).removed == ()
    site.put("/sitemap.xml", b"<html>we will be back soon</html>")
    assert fetched(tmp_path, source).problems
    put_sitemap(site, "/a")
    assert fetched(tmp_path, source).removed == ("site/b.html",)


def test_no_more_pages_than_allowed_are_fetched(site: Site, tmp_path: Path) -> None:
    paths = [f"/{number}" for number in range(5)]
    put_sitemap(site, *paths)
    for path in paths:
        site.put(path, b"Terns")
    source = SourceEntry(url=f"{site.address}/sitemap.xml", folder="site", most_files=3)
    for _ in range(3):
        report = fetched(tmp_path, source)
        assert len(report.written) + len(report.unchanged) == 3
        assert "most_files" in report.problems[0].reason
        assert report.removed == ()


def test_an_archive_is_unpacked_and_kept_up_to_date(site: Site, tmp_path: Path) -> None:
    source = page_of(site, "/a.zip")
    put_zip(site, '"1"', terns="dive", gulls="do not")
    assert fetched(tmp_path, source).written == ("site/docs/terns.txt", "site/docs/gulls.txt")
    report = fetched(tmp_path, source)
    assert report.unchanged == ("site/docs/gulls.txt", "site/docs/terns.txt")
    put_zip(site, '"2"', terns="plunge")
    assert fetched(tmp_path, source).written == ("site/docs/terns.txt",)
    put_zip(site, '"3"', terns="plunge")
    assert fetched(tmp_path, source).removed == ("site/docs/gulls.txt",)
    assert (tmp_path / "site/docs/terns.txt").read_text() == "plunge"


def test_a_page_in_the_encoding_that_only_the_site_names(site: Site, tmp_path: Path) -> None:
    site.put("/a", "<p>Привет</p>".encode("koi8-r"), "text/html; charset=koi8-r")
    fetched(tmp_path, page_of(site))
    assert (tmp_path / "site/a.html").read_text("utf-8-sig") == "<p>Привет</p>"


def test_without_a_folder_the_host_is_the_folder(site: Site, tmp_path: Path) -> None:
    site.put("/a", b"Terns")
    put_zip(site, terns="dive")
    report = fetched(tmp_path, source_at(f"{site.address}/a"), source_at(f"{site.address}/a.zip"))
    folder = f"127.0.0.1_{site.port}"
    assert report.written == (f"{folder}/a.html", f"{folder}/a/docs/terns.txt")


def test_one_source_that_fails_does_not_stop_the_others(site: Site, tmp_path: Path) -> None:
    site.put("/b", b"Gulls")
    report = fetched(tmp_path, page_of(site, "/a.zip", kind="git"), page_of(site, "/b"))
    assert report.written == ("site/b.html",)
    assert len(report.problems) == 1


@pytest.mark.parametrize(
    "entry",
    [
        'url = "file:///etc/passwd"',
        'url = "https://e.org"\nfolder = "../outside"',
        'url = "https://e.org"\nfolder = "/abs"',
        'url = "https://e.org"\nkind = "ftp"',
        'url = "https://e.org"\nmost_files = 0',
        'folder = "no address"',
    ],
)
def test_a_wrong_source_is_an_error_with_its_line(tmp_path: Path, entry: str) -> None:
    (tmp_path / "corpus.toml").write_text(f"[[sources]]\n{entry}\n")
    with pytest.raises(CorpusError, match=r"sources.*line"):
        read_corpus_file(tmp_path)


def test_the_assistant_fetches_only_what_is_named(site: Site, tmp_path: Path) -> None:
    site.put("/a", b"<h1>Terns</h1><p>The tern of Orford dives from nine metres.</p>")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    with Assistant.open(corpus=corpus, index=tmp_path / "index", private_sources=True) as assistant:
        assert assistant.fetch() == FetchReport()
        assert site.requests == []
        (corpus / "corpus.toml").write_text(f'[[sources]]\nurl = "{site.address}/a"\n')
        assert len(assistant.fetch().written) == 1
        with pytest.raises(UsageError, match="not an address"):
            assistant.fetch(["etc/passwd"])


def test_a_fetched_page_is_cited_with_its_address(site: Site, tmp_path: Path) -> None:
    site.put("/a", b"<h1>Terns</h1><p>The tern of Orford dives from nine metres.</p>")
    settings = {"corpus": tmp_path / "corpus", "index": tmp_path / "index"}
    with Assistant.open(**settings, private_sources=True) as opened:  # type: ignore[arg-type]
        assistant = Assistant(opened.settings, WordEncoder())
        assistant.fetch([f"{site.address}/a"])
        assistant.ingest()
        (hit, *_) = assistant.retrieve("Where does the tern of Orford dive?")
        document = assistant.document(hit.chunk.document_id)
    assert document.attribution.url == f"{site.address}/a"
    assert document.text[hit.chunk.start : hit.chunk.end] == hit.chunk.text
