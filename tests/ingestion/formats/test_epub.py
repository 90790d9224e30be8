import pytest

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.epub import extract
from tests.ingestion.formats.files import zipped

CONTAINER = '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf"><metadata
xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The  Otter</dc:title></metadata><manifest>
<item id="b" href="two.xhtml" media-type="application/xhtml+xml"/>
<item id="a" href="text/one%20a.xhtml" media-type="application/xhtml+xml"/>
<item id="c" href="cover.jpg" media-type="image/jpeg"/><item id="g" href="gone.xhtml"
media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/><itemref idref="g"/>
<itemref idref="b"/></spine></package>"""
ONE = """<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script
src="a.js"/></head><body><h1>Diet</h1><p>Otters&nbsp;eat 10<sup>6</sup> fish.<a id="n1"/></p></body></html>"""
TWO = "<html><head><title>Young</title></head><body><p>Pups swim.</p></body></html>"
PARTS = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": CONTAINER,
    "OEBPS/book.opf": PACKAGE,
    "OEBPS/text/one a.xhtml": ONE,
    "OEBPS/two.xhtml": TWO,
}


def test_a_book_is_its_chapters_in_reading_order() -> None:
    found = extract(zipped(PARTS), 1_000_000)
    assert found.text == "# Diet\n\nOtters eat 10⁶ fish.\n\nPups swim.\n"
    assert [name for _, name in found.places] == ["Diet", "Young"]
    assert found.title == "The Otter"


def test_a_locked_book_is_refused_and_one_with_locked_fonts_is_not() -> None:
    lock = '<encryption><CipherReference URI="{}"/></encryption>'
    name = "META-INF/encryption.xml"
    assert extract(zipped({**PARTS, name: lock.format("OEBPS/font.otf")}), 1_000_000).text
    with pytest.raises(UnreadableFileError, match="locked"):
        extract(zipped({**PARTS, name: lock.format("OEBPS/two.xhtml")}), 1_000_000)


@pytest.mark.parametrize("missing", ["META-INF/container.xml", "OEBPS/book.opf"])
def test_a_book_without_its_container_is_found_and_one_without_its_list_refused(
    missing: str,
) -> None:
    parts = {name: part for name, part in PARTS.items() if name != missing}
    if missing.endswith(".xml"):
        assert extract(zipped(parts), 1_000_000).text.startswith("# Diet")
    else:
        with pytest.raises(UnreadableFileError, match="missing"):
            extract(zipped(parts), 1_000_000)
