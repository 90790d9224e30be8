"""Draws PDFs for tests: text exactly where it is told."""

import io
from collections.abc import Callable, Iterable, Sequence

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from assistant.ingestion.formats.pdf import extract

RESERVOIR = (
    "The reservoir at Hallam was built in 1936 and holds eleven million litres of water. Its wall was "
    "raised by two metres in 1958 after the flood of the valley. It is inspected each spring by the "
    "county engineer, who reports to the board. The Board of Works paid for the wall."
)
MILL = (
    "The mill at Dunmore was bought by the Carrow family in 1902 and burnt down in 1911. It was never "
    "rebuilt, and the ground was sold to the railway for four thousand pounds. A plaque tells of the "
    "fire today. Nobody was hurt. The family moved to Leeds in the same year."
)
BRIDGE = (
    "The bridge at Selby was opened by the mayor in 1878 and closed to carts in 1932. Repairs cost nine "
    "thousand pounds in all, which the county raised by a toll. Only walkers may cross it now. It has "
    "five arches, and each of them spans eleven metres."
)


def drawn(*pages: Callable[[Canvas], object]) -> bytes:
    """A PDF of pages of A4 that functions draw, 10 points Helvetica unless they choose other type."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for draw in pages:
        canvas.setFont("Helvetica", 10)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def shown(*pages: Callable[[Canvas], object]) -> str:
    """The stored text of a PDF of such pages."""
    return extract(drawn(*pages)).text


def wrapped(text: str, width: float, font: str = "Helvetica", size: float = 10) -> list[str]:
    """The lines of a text in a column."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if stringWidth(longer, font, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def put_lines(
    canvas: Canvas, x: float, y: float, lines: Iterable[str], leading: float = 13
) -> float:
    """Draw lines one below another, and return the height of the next."""
    for line in lines:
        canvas.drawString(x, y, line)
        y -= leading
    return y


def put_rows(
    canvas: Canvas,
    xs: Sequence[float],
    y: float,
    rows: Iterable[Sequence[str]],
    leading: float = 14,
) -> float:
    """Draw rows of cells, each row before the next, and return the height of the next."""
    for row in rows:
        for x, cell in zip(xs, row, strict=False):
            canvas.drawString(x, y, cell)
        y -= leading
    return y


def put_columns(
    canvas: Canvas, xs: Sequence[float], y: float, width: float, texts: Iterable[str]
) -> float:
    """Draw texts in columns, line by line over all columns, and return the height below."""
    columns = [wrapped(text, width) for text in texts]
    rows = max(map(len, columns))
    filled = [[*column, *[""] * (rows - len(column))] for column in columns]
    return put_rows(canvas, xs, y, zip(*filled, strict=True), 13)
