"""Makes documents of every format, sound and hostile ones."""

import io
import zipfile
import zlib
from collections.abc import Sequence
from functools import cache

import docx
from reportlab.lib.pagesizes import A5
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

from assistant.ingestion.formats import Extracted
from assistant.ingestion.sandbox.parent import ParsingProcess, ReadingLimits

LIMITS = ReadingLimits(seconds=60, megabytes=512, characters=5_000_000)


def extracted(media_type: str, content: bytes, limits: ReadingLimits = LIMITS) -> Extracted:
    """What the parsing process makes of a file."""
    with ParsingProcess(limits) as parsing:
        return parsing.extract(media_type, content)


def pdf(pages: Sequence[Sequence[str]], title: str = "", password: str = "") -> bytes:
    """A PDF of flowing paragraphs; those that begin with a hash sign are set in large type."""
    styles = getSampleStyleSheet()
    story: list[object] = []
    for page in pages:
        for paragraph in page:
            style = styles["Title"] if paragraph.startswith("#") else styles["BodyText"]
            story.append(Paragraph(paragraph.lstrip("# "), style))
        story.append(PageBreak())
    file = io.BytesIO()
    encryption = StandardEncryption(password, canPrint=0) if password else None
    SimpleDocTemplate(file, pagesize=A5, title=title, encrypt=encryption).build(story[:-1])
    return file.getvalue()


def pdf_of_lines(pages: Sequence[Sequence[str]]) -> bytes:
    """A PDF with lines exactly where they are told, 14 points apart."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A5)
    for page in pages:
        for number, line in enumerate(page):
            canvas.drawString(40, 550 - 14 * number, line)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def scanned_pdf() -> bytes:
    """Pages that only pictures stand on."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A5)
    for _ in range(3):
        canvas.rect(50, 50, 200, 300, fill=1)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def long_pdf(pages: int, lines: int = 3) -> bytes:
    """Very many pages that share one content, made by hand so that making them is quick."""
    said = b"".join(b"(Line %d of every page goes on.) Tj T* " % line for line in range(lines))
    return pdf_of_stream(b"BT /F1 12 Tf 14 TL 10 700 Td " + said + b"ET", pages)


def pdf_bomb(megabytes: int) -> bytes:
    """A small file whose only page unpacks to very much text."""
    packer = zlib.compressobj(9)
    packed = packer.compress(b"BT /F1 12 Tf 10 10 Td (")
    packed += b"".join(packer.compress(b"A" * 1_000_000) for _ in range(megabytes))
    packed += packer.compress(b") Tj ET") + packer.flush()
    return pdf_of_stream(packed, 1, b"/Filter/FlateDecode")


def pdf_of_stream(stream: bytes, pages: int, filters: bytes = b"") -> bytes:
    """A PDF of as many pages with the same content stream."""
    kids = b" ".join(b"%d 0 R" % (number + 5) for number in range(pages))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources 3 0 R>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[" + kids + b"]/Count %d>>" % pages,
        b"<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>",
        b"<<" + filters + b"/Length %d>>stream\n" % len(stream) + stream + b"\nendstream",
        *[page] * pages,
    ]
    body = b"".join(
        b"%d 0 obj\n" % number + content + b"\nendobj\n"
        for number, content in enumerate(objects, start=1)
    )
    size = len(objects) + 1
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R/Size %d>>\n%%%%EOF" % size


def word(title: str, paragraphs: Sequence[str]) -> bytes:
    """A Word document with a heading and paragraphs."""
    document = docx.Document()
    document.add_heading(title, 1)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return saved(document)


def saved(document: object) -> bytes:
    """The bytes of a document of python-docx."""
    file = io.BytesIO()
    document.save(file)  # type: ignore[attr-defined]
    return file.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """A Word document with one of its parts replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
            for info in old.infolist():
                if info.filename != name:
                    new.writestr(info, old.read(info))
            new.writestr(name, part)
    return file.getvalue()


@cache
def word_bomb(megabytes: int) -> bytes:
    """A small file with a part that unpacks to very much."""
    return with_part(word("Bomb", ["x"]), "word/media/bomb.xml", b" " * (megabytes << 20))


def word_of_many_paragraphs(count: int) -> bytes:
    """A Word document whose XML is small packed, passes for harmless, and is large as a tree."""
    head = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    xml = head + "<w:p/>" * count + "<w:p><w:r><w:t>End.</w:t></w:r></w:p></w:body></w:document>"
    return with_part(word("Many", ["x"]), "word/document.xml", xml.encode())


def word_with_entities() -> bytes:
    """A Word document with the entities of a billion laughs."""
    entities = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 12))
    xml = (
        f'<!DOCTYPE w:document [<!ENTITY l0 "laugh">{entities}]><w:document xmlns:w='
        '"http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
        "<w:t>Before &l11; after.</w:t></w:r></w:p></w:body></w:document>"
    )
    return with_part(word("Laughs", ["x"]), "word/document.xml", xml.encode())


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word_of_xml(
    body: str, numbering: str = "", styles: str = "", parts: dict[str, bytes] | None = None
) -> bytes:
    """A Word document made of XML, with parts that the relations "r0", "r1" and so on name."""
    file = io.BytesIO()
    parts = {
        "word/numbering.xml": f"<w:numbering {_W}>{numbering}</w:numbering>".encode(),
        "word/styles.xml": f"<w:styles {_W}>{styles}</w:styles>".encode(),
        **(parts or {}),
    }
    relations = "".join(
        f'<Relationship Id="r{number - 2}" Type="{_OFFICE}/{_kind(name)}" Target="/{name}"/>'
        for number, name in enumerate(parts)
    )
    root = f'<Relationship Id="d" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
    document = f'<w:document {_W} xmlns:r="{_OFFICE}"><w:body>{body}</w:body></w:document>'
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("_rels/.rels", _relations(root))
        archive.writestr("word/document.xml", document)
        archive.writestr("word/_rels/document.xml.rels", _relations(relations))
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


def _kind(part: str) -> str:
    name = part.rpartition("/")[2].partition(".")[0]
    return name if name in ("numbering", "styles", "footnotes") else "aFChunk"


def _relations(inside: str) -> str:
    return f'<Relationships xmlns="{_RELATIONS}">{inside}</Relationships>'


def zipped(parts: dict[str, str]) -> bytes:
    """A ZIP archive of texts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


_SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(sheets: dict[str, tuple[str, str]], more: str = "") -> bytes:
    """A workbook of sheets: the state of each ("visible", "hidden"), and the XML of its rows.

    ``more`` is what comes after the rows of each sheet.
    """
    names = "".join(
        f'<sheet name="{name}" sheetId="{number}" state="{state}" r:id="s{number}"/>'
        for number, (name, (state, _)) in enumerate(sheets.items(), start=1)
    )
    relations = "".join(
        f'<Relationship Id="s{number}" Type="{_OFFICE}/worksheet" Target="worksheets/s{number}.xml"/>'
        for number in range(1, len(sheets) + 1)
    )
    root = f'<Relationship Id="d" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{types}"/>',
            "_rels/.rels": _relations(root),
            "xl/workbook.xml": f'<workbook xmlns="{_SHEETS}" xmlns:r="{_OFFICE}"><sheets>{names}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _relations(relations),
            **{
                f"xl/worksheets/s{number}.xml": f'<worksheet xmlns="{_SHEETS}"><sheetData>{rows}</sheetData>{more}</worksheet>'
                for number, (_, rows) in enumerate(sheets.values(), start=1)
            },
        }
    )


def sheet_row(number: int, *values: object) -> str:
    """The XML of a row: texts, numbers and formulas as ``("formula", value)``."""
    cells = []
    for column, value in enumerate(values):
        place = f'r="{chr(ord("A") + column)}{number}"'
        match value:
            case str():
                cells.append(f'<c {place} t="inlineStr"><is><t>{value}</t></is></c>')
            case (formula, result):
                cells.append(f"<c {place}><f>{formula}</f><v>{result}</v></c>")
            case None:
                continue
            case _:
                cells.append(f"<c {place}><v>{value}</v></c>")
    return f'<row r="{number}">{"".join(cells)}</row>'
