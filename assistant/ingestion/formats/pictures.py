"""Pictures of text (.png, .jpg, .tif), read by text recognition; the only importer of Pillow."""

import io
from collections.abc import Iterator
from itertools import islice

import numpy as np

from assistant.ingestion.formats import Extracted, UnreadableFileError
from assistant.ingestion.formats.drawn_page import PIXELS_PER_POINT, DrawnPage, png
from assistant.ingestion.formats.pdf.fragments import ReadPage
from assistant.ingestion.formats.pdf.placed_lines import with_boxes
from assistant.ingestion.formats.pdf.recognised import DOTS_PER_POINT, Recognise, recognised_page
from assistant.ingestion.formats.pdf.writing import text_of
from assistant.models.recognition import HOW_TO_INSTALL, Pixels

_MOST_PIXELS = 50_000_000
_LONGEST_SIDE = 5_000
_MOST_PICTURES = 1_000
_WIDTH = 1_400


def extract(content: bytes, recognise: Recognise | None) -> Extracted:
    """Return the text in a picture, each picture of a .tif being a page.

    Without a recogniser the pictures are only counted. Raise `UnreadableFileError` if the file is
    broken, or too large.
    """
    if recognise is None:
        return Extracted("", pictures=1)
    pages = [
        recognised_page(recognise(pixels), pixels, DOTS_PER_POINT, ReadPage((), is_picture=True))
        for pixels in _pictures(content)
    ]
    if not any(page.is_recognised for page in pages):
        raise UnreadableFileError("no text is recognised in it")
    return with_boxes(text_of(pages, ""), pages)


def draw_picture(content: bytes, number: int) -> DrawnPage:
    """Return a picture, counted from 1, as it is shown.

    Raise `UnreadableFileError` if there is no such picture, or the file is broken.
    """
    pixels = next(islice(_pictures(content), number - 1, None), None) if number > 0 else None
    if pixels is None:
        raise UnreadableFileError(f"it has no picture {number}")
    natural_width = pixels.shape[1] / DOTS_PER_POINT * PIXELS_PER_POINT
    shown = _small(pixels)
    height, width, _ = shown.shape
    return DrawnPage(png(shown), width, height, natural_width, ())


def _small(pixels: Pixels) -> Pixels:
    """Return a picture that is no wider than it is shown."""
    from PIL import Image  # only where there is text recognition

    image = Image.fromarray(pixels)
    image.thumbnail((_WIDTH, _LONGEST_SIDE))
    return np.asarray(image)


def _pictures(content: bytes) -> Iterator[Pixels]:
    try:
        from PIL import Image, ImageOps, ImageSequence  # only where there is text recognition
    except ModuleNotFoundError:
        raise UnreadableFileError(f"it is a picture; {HOW_TO_INSTALL}") from None
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "TIFF")) as image:
            for number, frame in enumerate(ImageSequence.Iterator(image)):
                if frame.width * frame.height > _MOST_PIXELS or number >= _MOST_PICTURES:
                    raise UnreadableFileError("it has more pixels or pictures than are read")
                upright = ImageOps.exif_transpose(frame)
                upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
                on_white = Image.new("RGBA", upright.size, "white")
                on_white.alpha_composite(upright.convert("RGBA"))
                yield np.asarray(on_white.convert("RGB"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnreadableFileError(f"it is broken: {error}"[:300]) from None
