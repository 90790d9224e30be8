import io

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.pdf.document import read_document
from tests.ingestion.formats.case_matching import CASES
from tests.ingestion.formats.files import pdf, pdf_of_lines


def test_pages_around_a_broken_one_are_read_and_it_is_named() -> None:
    _, pages = read_document((CASES / "pdf" / "one-missing-page.pdf").read_bytes())
    assert [len(page.layers) > 0 for page in pages].count(False) == sum(
        bool(page.notes) for page in pages
    )
    assert [page.notes for page in pages].count(("broken",)) > 0


def test_the_printed_numbers_of_pages_are_known() -> None:
    _, pages = read_document((CASES / "pdf" / "page-labels.pdf").read_bytes())
    assert [page.label for page in pages] == ["i", "ii", "1", "2"]


@pytest.mark.parametrize("strength", [40, 128])
def test_a_file_with_only_an_owners_password_is_read(strength: int) -> None:
    file = io.BytesIO()
    encryption = StandardEncryption("", ownerPassword="x", canCopy=0, strength=strength)
    canvas = Canvas(file, encrypt=encryption)
    canvas.drawString(72, 700, "It may be read.")
    canvas.save()
    _, (page,) = read_document(file.getvalue())
    assert [one.text for one in page.layers[0].fragments] == ["It", "may", "be", "read."]


def test_a_file_with_a_password_or_broken_is_refused_with_the_reason() -> None:
    with pytest.raises(UnreadableFileError, match="encrypted"):
        read_document(pdf([["secret"]], password="x"))
    with pytest.raises(UnreadableFileError, match="broken"):
        read_document(pdf_of_lines([["x"]])[:40])
