import pytest
from reportlab.pdfgen.canvas import Canvas

from assistant.ingestion.formats.pdf.fields import Filled, with_filled
from assistant.ingestion.formats.pdf.fragments import Fragment, Layer
from tests.ingestion.formats.pdf.drawing import shown


def draw_form(page: Canvas) -> None:
    form = page.acroForm
    page.drawString(72, 740, "Surname")
    form.textfield(name="a", x=72, y=712, width=200, height=20, value="Oduya")
    page.drawString(72, 690, "City")
    form.choice(name="b", x=150, y=684, width=90, height=20, options=["Hull", "York"], value="York")
    page.drawString(72, 660, "Paid")
    form.checkbox(name="c", x=150, y=656, size=14, checked=True)
    page.drawString(72, 640, "Member")
    form.checkbox(name="d", x=150, y=636, size=14, checked=False)
    form.radio(name="r", value="x", x=72, y=610, size=14, selected=True)
    page.drawString(92, 613, "by post")
    form.radio(name="r", value="y", x=172, y=610, size=14, selected=False)
    page.drawString(192, 613, "by mail")
    page.drawString(72, 580, "Remarks")
    form.textfield(
        name="m",
        x=150,
        y=530,
        width=250,
        height=60,
        value="Late.\nOn foot.",
        fieldFlags="multiline",
    )
    page.drawString(72, 500, "Secret")
    form.textfield(name="p", x=150, y=494, width=90, height=20, value="s3", fieldFlags="password")
    page.drawString(72, 470, "Empty")
    form.textfield(name="e", x=150, y=464, width=90, height=20, value="")


@pytest.mark.parametrize(
    "line",
    [
        "Surname\nOduya",
        "| City | York |",
        "| Paid | ☑ |",
        "| Member | ☐ |",
        "◉ by post",
        "○ by mail",
        "| Remarks | Late. On foot. |",
    ],
)
def test_what_is_filled_in_is_beside_its_label(line: str) -> None:
    assert line in shown(draw_form)


def test_a_password_is_not_read() -> None:
    assert "s3" not in shown(draw_form)


def layer_with(*fragments: Fragment) -> Layer:
    return Layer(0, fragments, 0, -800, 600, 0)


def test_a_note_beside_a_label_is_in_its_line() -> None:
    label = Fragment("Name", 60, 90, -700, 10, "F", 0)
    (layer,) = with_filled(
        layer_with(label), [Filled("Ada Quill", (100, 690, 300, 712), is_note=True)]
    )
    assert [(one.text, one.baseline) for one in layer.fragments] == [
        ("Name", -700),
        ("Ada Quill", -700),
    ]


def test_a_long_note_is_a_block_of_its_own() -> None:
    label = Fragment("Plan", 60, 90, -700, 10, "F", 0)
    note = Filled("The gate\nis locked.", (100, 500, 300, 612), is_note=True)
    page, typed = with_filled(layer_with(label), [note])
    assert [one.text for one in page.fragments] == ["Plan"]
    assert [one.text for one in typed.fragments] == ["The gate", "is locked."]


def test_a_note_of_two_lines_beside_one_label_is_in_its_line() -> None:
    label = Fragment("Reason", 60, 90, -700, 10, "F", 0)
    note = Filled("Wedding of her\nsister", (100, 680, 300, 712), is_note=True)
    (layer,) = with_filled(layer_with(label), [note])
    assert layer.fragments[1].text == "Wedding of her sister"


def test_a_form_without_other_text_is_read() -> None:
    def draw(page: Canvas) -> None:
        page.acroForm.textfield(name="a", x=72, y=712, width=200, height=20, value="Oduya")

    assert shown(draw) == "Oduya\n"
