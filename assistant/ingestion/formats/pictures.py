"""Pictures of text (.png, .jpg, .tif), read by text recognition; the only importer of Pillow."""

import io
from collections.abc import Iterator

import numpy as np

from assistant.ingestion.formats import Extracted, UnreadableFileError
from assistant.ingestion.formats.pdf.fragments import ReadPage
from assistant.ingestion.formats.pdf.recognised import DOTS_PER_POINT, Recognise, recognised_page
from assistant.ingestion.formats.pdf.writing import text_of
from assistant.models.recognition import HOW_TO_INSTALL, Pixels

_MOST_PIXELS = 50_000_000
_LONGEST_SIDE = 5_000
_MOST_PICTURES = 1_000


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
    return text_of(pages, "")


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
