"""PDFs that are made to do harm."""

import hashlib
import zlib


def with_endless_page() -> tuple[bytes, str]:
    """A small PDF with a sentence that takes minutes to draw, and its hash."""
    sentence = b"BT /F 10 Tf 60 700 Td (A plaque tells of the fire today.) Tj ET "
    shape = b"0 0 m 500 700 300 10 595 842 c 0 800 400 100 595 0 c b* "
    return pdf_of(sentence + shape * 30_000)


def pdf_of(drawn: bytes, box: bytes = b"0 0 595 842") -> tuple[bytes, str]:
    """A PDF of a page with what is drawn on it, and its hash."""
    stream = zlib.compress(drawn, 9)
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[" + box + b"]/Contents 4 0 R"
        b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n" % len(stream) + stream + b"\nendstream",
    )
    content, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj" % number + one + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    content += b"xref\n0 5\n0000000000 65535 f \n" + table + b"trailer<</Size 5/Root 1 0 R>>"
    content += b"startxref\n%d\n%%%%EOF" % content.index(b"xref\n")
    return content, hashlib.sha256(content).hexdigest()
