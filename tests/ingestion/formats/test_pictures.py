"""Pictures of text, with the recogniser that comes with the extra."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.pictures import draw_picture, extract
from assistant.ingestion.loading import Loader
from assistant.ingestion.sandbox.parent import ReadingLimits
from assistant.ingestion.scanning import SourceFile, look_at, read_source
from assistant.models.recognition import Pixels, RecognisedLine
from assistant.types import Document
from tests.ingestion.formats.pdf.drawing import drawn
from tests.ingestion.formats.pdf.test_recognised import Lines, line, put_scan
from tests.models.pages import LINES, picture_of_text

PAGE = Image.fromarray(picture_of_text())
WORDS = Lines(line("The tern dives.", 100, 100))


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


@pytest.fixture(scope="module")
def loader() -> Iterator[Loader]:
    """A loader whose processes have loaded parsers and models once."""
    with Loader(ReadingLimits(60, 1024, 1_000_000)) as opened:
        yield opened


def loaded(loader: Loader, path: Path) -> Document:
    """Read a file the whole way: in the sandbox, with its limits."""
    file = look_at(path, 10_000_000)
    assert isinstance(file, SourceFile)
    return loader.load(read_source(file, 10_000_000))


@pytest.mark.parametrize(("name", "kind"), [("a.png", "PNG"), ("a.jpg", "JPEG"), ("a.tif", "TIFF")])
def test_a_picture_is_read_the_whole_way(
    loader: Loader, tmp_path: Path, name: str, kind: str
) -> None:
    (tmp_path / name).write_bytes(saved(PAGE, kind))
    document = loaded(loader, tmp_path / name)
    assert [row for row in document.text.split("\n") if row] == list(LINES)
    assert document.page_at(5) == 1
    assert [document.text[start:end] for start, end, *_ in document.boxes] == list(LINES)


def test_a_scanned_pdf_is_read_the_whole_way(loader: Loader, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(drawn(put_scan, put_scan))
    document = loaded(loader, tmp_path / "a.pdf")
    assert document.text.count(LINES[1]) == 2
    assert document.page_at(document.text.rindex(LINES[1])) == 2


def test_the_pictures_of_a_tif_are_pages() -> None:
    found = extract(saved(PAGE, "TIFF", save_all=True, append_images=[PAGE]), WORDS)
    assert len(found.page_starts) == 2


def test_a_picture_is_turned_as_its_camera_held_it() -> None:
    recognise = Lines(line("The tern dives.", 100, 100))
    exif = Image.Exif()
    exif[0x0112] = 6
    extract(saved(Image.new("RGB", (300, 200)), "JPEG", exif=exif), recognise)
    assert recognise.pictures[0].shape == (300, 200, 3)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_pixel_is_read(mode: str) -> None:
    recognise = Lines(line("The tern dives.", 100, 100))
    extract(saved(Image.new(mode, (40, 30)), "PNG"), recognise)
    assert recognise.pictures[0].shape == (30, 40, 3)
    assert recognise.pictures[0].dtype == np.uint8


def test_what_is_transparent_is_white() -> None:
    recognise = Lines(line("The tern dives.", 100, 100))
    extract(saved(Image.new("RGBA", (4, 4), (0, 0, 0, 0)), "PNG"), recognise)
    assert recognise.pictures[0].min() == 255


def test_a_picture_of_very_many_pixels_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="pixels"):
        extract(saved(Image.new("1", (20_000, 20_000)), "PNG"), WORDS)


def test_a_large_picture_is_made_smaller() -> None:
    recognise = Lines(line("The tern dives.", 100, 100))
    extract(saved(Image.new("L", (9_000, 2_000)), "PNG"), recognise)
    assert recognise.pictures[0].shape[1] == 5_000


def test_a_picture_without_text_is_refused() -> None:
    def nothing(picture: Pixels) -> list[RecognisedLine]:
        return []

    with pytest.raises(UnreadableFileError, match="no text is recognised"):
        extract(saved(PAGE, "PNG"), nothing)


def test_a_picture_is_drawn_no_wider_than_it_is_shown() -> None:
    small = PAGE.copy()  # saving a picture leaves marks in it
    file = saved(PAGE.resize((3_000, 4_000)), "TIFF", save_all=True, append_images=[small])
    page = draw_picture(file, 1)
    assert (page.width, page.height, page.lines) == (1_400, 1_867, ())
    assert page.natural_width == 3_000 * 96 / 200
    assert draw_picture(file, 2).width == min(PAGE.width, 1_400)
    for number in (0, 3):
        with pytest.raises(UnreadableFileError, match="no picture"):
            draw_picture(file, number)


def test_without_a_recogniser_a_picture_is_only_counted() -> None:
    assert extract(b"anything", None).pictures == 1


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_broken_pictures_are_refused(kind: str) -> None:
    whole = saved(PAGE.resize((60, 80)), kind)
    for place in range(0, len(whole), max(1, len(whole) // 60)):
        for broken in (whole[:place], whole[:place] + b"\xff\0\xff" + whole[place + 3 :]):
            try:
                extract(broken, WORDS)
            except UnreadableFileError:
                continue
