"""Books (.epub): the chapters in reading order; each is a place."""

import posixpath
import re
import urllib.parse
import zipfile
from typing import Any

from assistant.ingestion.formats import Extracted, UnreadableFileError
from assistant.ingestion.formats.encodings import decode_as, find_html_encoding
from assistant.ingestion.formats.html import extract_page
from assistant.ingestion.formats.open_xml import parse
from assistant.ingestion.formats.outline import Outline
from assistant.ingestion.formats.zip_archives import check_archive, read_part

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PAGES = ("application/xhtml+xml", "text/html", "application/xml")
_CLOSED = re.compile(r"<([a-zA-Z][\w-]*)((?:\s[^<>]*?)?)/>")
"""What XML closes at once; HTML knows that of few elements."""
_VOID = frozenset(
    ("br", "hr", "img", "input", "link", "meta", "wbr", "col", "area", "base", "source")
)
_LONGEST_PLACE = 60


def extract(content: bytes, most_bytes: int) -> Extracted:
    """Return the chapters of a book. Raise `UnreadableFileError` if it is broken or locked."""
    archive = check_archive(content, most_bytes)
    package_name = _package_name(archive)
    package = _xml(archive, package_name)
    locked = _locked(archive)
    outline, places = Outline(), []
    for number, name in enumerate(_chapters(package, posixpath.dirname(package_name)), start=1):
        if name in locked:
            raise UnreadableFileError("it is locked by its seller")
        if name not in archive.namelist():
            continue
        chapter = _chapter(read_part(archive, name))
        if chapter.text:
            heading = chapter.text.partition("\n")[0]
            title = heading.lstrip("# ") if heading.startswith("#") else chapter.title
            places.append((outline.length, title[:_LONGEST_PLACE] or f"part {number}"))
            outline.append(chapter.text)
    title = package.findtext(".//{http://purl.org/dc/elements/1.1/}title") or ""
    return Extracted(outline.text(), " ".join(title.split()), places=tuple(places))


def _package_name(archive: zipfile.ZipFile) -> str:
    """Return the name of the part that lists the others."""
    if _CONTAINER in archive.namelist():
        for root in _xml(archive, _CONTAINER).iter("{*}rootfile"):
            return str(root.get("full-path"))
    found = next((name for name in archive.namelist() if name.endswith(".opf")), "")
    if not found:
        raise UnreadableFileError("it is not a whole book")
    return found


def _chapters(package: Any, folder: str) -> list[str]:
    """Return the names of the parts with the chapters, in the order of reading."""
    items = {
        str(item.get("id")): posixpath.normpath(
            posixpath.join(folder, urllib.parse.unquote(str(item.get("href"))))
        )
        for item in package.iter("{*}item")
        if item.get("media-type") in _PAGES
    }
    spine = [str(one.get("idref")) for one in package.iter("{*}itemref")]
    return [items[name] for name in spine if name in items] or list(items.values())


def _locked(archive: zipfile.ZipFile) -> set[str]:
    """Return the names of the parts that are encrypted."""
    if _ENCRYPTION not in archive.namelist():
        return set()
    references = _xml(archive, _ENCRYPTION).iter("{*}CipherReference")
    return {urllib.parse.unquote(str(one.get("URI"))) for one in references}


def _chapter(content: bytes) -> Extracted:
    mark, encoding = find_html_encoding(content)
    page = _CLOSED.sub(_opened, decode_as(content[len(mark) :], encoding))
    try:
        return extract_page(page)
    except UnreadableFileError:
        return Extracted("")


def _opened(match: re.Match[str]) -> str:
    return match[0] if match[1].lower() in _VOID else f"<{match[1]}{match[2]}></{match[1]}>"


def _xml(archive: zipfile.ZipFile, name: str) -> Any:
    if name not in archive.namelist():
        raise UnreadableFileError(f"it is not a whole book: {name} is missing")
    return parse(read_part(archive, name))
