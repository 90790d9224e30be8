"""Open XML packages (.docx, .pptx): their parts, read as Word reads them, and their relations.

A part that is named and missing, a preview that is broken or an address outside costs nothing but
itself. Strict Open XML is read as the transitional form.
"""

import posixpath
import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.zip_archives import check_archive, read_part

_NAMESPACES = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/presentationml/main": b"http://schemas.openxmlformats.org/presentationml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    b"http://purl.oclc.org/ooxml/officeDocument/math": b"http://schemas.openxmlformats.org/officeDocument/2006/math",
    b"http://purl.oclc.org/ooxml/drawingml/": b"http://schemas.openxmlformats.org/drawingml/2006/",
}
_STRICT = b"http://purl.oclc.org/ooxml/"
_CONTROL = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#(?:x0*(?:[0-8bce-f]|1[0-9a-f])|0*(?:[0-8]|1[1245-9]|2\d|3[01]));",
    re.IGNORECASE,
)
_MOST_NOTES = 10
_CORE_TITLE = "{http://purl.org/dc/elements/1.1/}title"


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to: the last word of its type, and the name of a part of the package."""

    kind: str
    target: str


class Package:
    """The parts of a package, by their names."""

    def __init__(self, content: bytes, most_bytes: int) -> None:
        """Raise `UnreadableFileError` for what is broken, encrypted or would not fit into memory."""
        self._archive = check_archive(content, most_bytes)
        parts = self._archive.infolist()
        self._broken: dict[str, str] = {}
        self._names = {_key(part.filename): part.filename for part in parts}

    def main_part(self, otherwise: str) -> str:
        """Return the name of the part with the document."""
        relations = self.relations("")
        return next(
            (one.target for one in relations.values() if one.kind == "officeDocument"), otherwise
        )

    def related(self, part: str, kind: str) -> list[str]:
        """Return the names of the parts that a part refers to by a relation of a kind."""
        return [one.target for one in self.relations(part).values() if one.kind == kind]

    def relations(self, part: str) -> dict[str, Relation]:
        """Return what a part refers to within the package, by the identifiers of the relations."""
        folder, name = posixpath.split(part)
        root = self.side_xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        if root is None:
            return {}
        return {
            str(one.get("Id")): Relation(
                str(one.get("Type")).rpartition("/")[2], _resolved(folder, str(one.get("Target")))
            )
            for one in root.iterchildren("{*}Relationship")
            if one.get("TargetMode") != "External"
        }

    def bytes(self, part: str) -> bytes | None:
        """Return the bytes of a part; None where there is none. Raise `UnreadableFileError` if it is broken."""
        name = self._names.get(_key(part))
        if name is None:
            return None
        return read_part(self._archive, name)

    def xml(self, part: str) -> Any:
        """Return the XML of a part; None where there is none."""
        content = self.bytes(part)
        return None if content is None else parse(content)

    def side_xml(self, part: str) -> Any:
        """Return the XML of a part without which a document can be read; None where it is broken, too.

        Broken ones are named in ``notes``.
        """
        try:
            return self.xml(part)
        except UnreadableFileError:
            self._broken[part] = f"{part}: broken"
            return None

    @property
    def notes(self) -> tuple[str, ...]:
        """The parts that could not be read, in words for people."""
        return tuple(self._broken.values())[:_MOST_NOTES]

    def title(self) -> str:
        """Return the title in the package's properties."""
        for part in self.related("", "core-properties"):
            root = self.side_xml(part)
            if root is not None:
                return " ".join((root.findtext(_CORE_TITLE) or "").split())
        return ""


def parse(content: bytes) -> Any:
    """Return the root of an XML text. Raise `UnreadableFileError` if it is broken.

    Control characters, which XML does not allow, are dropped.
    """
    if _STRICT in content:
        for strict, transitional in _NAMESPACES.items():
            content = content.replace(strict, transitional)
    try:
        return _parse(content)
    except etree.XMLSyntaxError as error:
        _check_memory(error)
    try:
        return _parse(_CONTROL.sub(b"", content))
    except etree.XMLSyntaxError as error:
        _check_memory(error)
        raise UnreadableFileError(f"it is broken: {error.msg}") from None


def _check_memory(error: etree.XMLSyntaxError) -> None:
    """Raise `MemoryError` if that is what the parser met."""
    if error.code == etree.ErrorTypes.ERR_NO_MEMORY:
        raise MemoryError from None


def _parse(content: bytes) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
    )
    return etree.fromstring(content, parser)


def _resolved(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, target.partition("#")[0])).lstrip("/")


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()
