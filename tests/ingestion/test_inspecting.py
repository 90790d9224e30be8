"""What `assistant check` shows of files, each made here by its own library."""

from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from assistant import CheckedDocument, CorpusError
from assistant.ingestion.inspecting import inspect_documents
from assistant.ingestion.planning import BuildOptions
from tests.ingestion.formats.pdf.drawing import BRIDGE, MILL, drawn, put_lines, wrapped

OPTIONS = BuildOptions(192, 0, 1_000_000, 60, 512)


def checked(path: Path) -> CheckedDocument:
    (document,) = inspect_documents(path, OPTIONS)
    return document


def put_columns(canvas: Canvas) -> None:
    put_lines(canvas, 60, 780, wrapped(MILL, 220))
    put_lines(canvas, 320, 780, wrapped(BRIDGE, 220))


def put_page(canvas: Canvas) -> None:
    canvas.drawString(60, 815, "Annual report of the Orford guild")
    put_lines(canvas, 60, 700, wrapped(MILL if canvas.getPageNumber() % 2 else BRIDGE, 400))
    canvas.drawString(290, 20, f"Page {canvas.getPageNumber()}")


def test_the_beginning_is_what_would_be_quoted(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Terns\n\nThe **tern** [dives](https://example.org).\n")
    document = checked(tmp_path / "a.md")
    assert document.title == "Terns"
    assert document.beginning == "# Terns\nThe tern dives."
    assert document.is_read
    assert document.missing == ()


def test_the_sign_of_a_row_that_names_columns_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        "<table><tr><th>Film<th>Starts<tr><td>Vertigo<td>20:15</table>"
    )
    assert checked(tmp_path / "a.html").beginning == "| Film | Starts |\n| Vertigo | 20:15 |"


def test_a_long_beginning_ends_with_a_whole_word(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("terns dive " * 100)
    assert checked(tmp_path / "a.txt").beginning.endswith(("dive …", "terns …"))


def test_columns_are_named_with_their_page(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(drawn(put_columns))
    assert checked(tmp_path / "a.pdf").decisions == ("page 1: read column by column",)


def test_running_heads_and_page_numbers_are_named_once(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(drawn(*[put_page] * 5))
    document = checked(tmp_path / "a.pdf")
    assert document.pages == 5
    assert sorted(document.decisions) == [
        "pages 1, 2, 3, 4 and 5: “Page 1” left out as a running head, foot or page number",
        "pages 2, 3, 4 and 5: “Annual report of the Orford guild” left out as a running head, "
        "foot or page number",
    ]


def test_tables_are_counted(tmp_path: Path) -> None:
    row = "| a | b |\n| - | - |\n| 1 | 2 |\n"
    (tmp_path / "a.md").write_text(f"{row}\nWords between.\n\n{row}")
    assert checked(tmp_path / "a.md").tables == 2


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", b"%PDF-1.7 nothing", "broken"),
        ("a.txt", b"", "empty"),
        ("a.exe", b"MZ", "not supported"),
        ("a.docx", b"no archive", "not"),
        ("a.txt", b"\x00\x01\x02", ""),
    ],
)
def test_what_cannot_be_read_is_missing_as_a_whole(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(content)
    document = checked(tmp_path / name)
    assert not document.is_read
    assert document.missing[0].startswith("all of it: ")
    assert reason in document.missing[0]


def test_attachments_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    message = EmailMessage()
    message["Subject"], message["From"] = "The plan", "ada@example.org"
    message.set_content("The plan is attached.")
    message.add_attachment("Dig in May.", filename="plan.txt")
    message.add_attachment(b"\x00", "application", "x-cad", filename="plan.dwg")
    (tmp_path / "a.eml").write_bytes(message.as_bytes())
    document = checked(tmp_path / "a.eml")
    assert "Dig in May." in document.beginning
    assert document.missing == ("attachment plan.dwg: not in a format that can be read",)


def test_a_folder_is_read_with_the_titles_of_its_corpus_file(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("Terns dive.")
    (tmp_path / "a.txt").write_text("Gulls do not.")
    (tmp_path / "corpus.toml").write_text('[documents."a.txt"]\ntitle = "Gulls"\n')
    found: Sequence[CheckedDocument] = list(inspect_documents(tmp_path, OPTIONS))
    assert [(one.source, one.title) for one in found] == [
        ("a.txt", "Gulls"),
        ("b.txt", "b"),
    ]


def test_a_path_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="does not exist"):
        list(inspect_documents(tmp_path / "none", OPTIONS))
