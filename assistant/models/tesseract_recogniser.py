"""Text recognition by the program Tesseract, with all the languages that are installed for it."""

import html
import os
import re
import shutil
import subprocess
from collections.abc import Sequence

from assistant.models.recognition import TESSERACT, Pixels, RecognisedLine, RecognisedWord

_NOT_LANGUAGES = ("osd", "equ", "snum")
_LEAST_CONFIDENCE = 30.0
_ASCENT = 0.8
_LINE = re.compile(
    r"""<span class='ocr_(?:line|header|caption|textfloat)'[^>]*title="bbox \d+ \d+ \d+ (?P<bottom>\d+)"""
    r"""; baseline \S+ (?P<below>-?[\d.]+); x_size (?P<size>[\d.]+)"""
)
_WORD = re.compile(
    r"<span class='ocrx_word'[^>]*title='bbox (?P<left>\d+) \d+ (?P<right>\d+) \d+"
    r"; x_wconf (?P<confidence>\d+)[^>]*>(?P<text>.*?)</span>"
)
_TAG = re.compile(r"<[^>]*>")


class TesseractRecogniser:
    """Reads the text in pictures by running Tesseract once for each."""

    def __init__(self) -> None:
        self._program = shutil.which(TESSERACT) or TESSERACT
        listed = self._run("--list-langs").decode().split("\n")[1:]
        languages = [name for name in map(str.strip, listed) if name]
        self._languages = [name for name in languages if name not in _NOT_LANGUAGES]

    def read(self, picture: Pixels) -> Sequence[RecognisedLine]:
        """Return the lines of text in a picture, without words that are hardly legible."""
        height, width, _ = picture.shape
        content = b"P6 %d %d 255\n" % (width, height) + picture.tobytes()
        languages = ("-l", "+".join(self._languages)) if self._languages else ()
        found = self._run("stdin", "stdout", *languages, "hocr", content=content)
        return recognised_lines(found.decode("utf-8", "replace"))

    def _run(self, *arguments: str, content: bytes = b"") -> bytes:
        return subprocess.run(  # noqa: S603  # Tesseract, with arguments of ours
            [self._program, *arguments],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        ).stdout


def recognised_lines(page: str) -> list[RecognisedLine]:
    """Return the lines of a page in Tesseract's hOCR, which tells the size of type of each."""
    starts = list(_LINE.finditer(page))
    borders = [*(start.start() for start in starts), len(page)]
    found = [
        _line(start, page[start.end() : end])
        for start, end in zip(starts, borders[1:], strict=True)
    ]
    return [line for line in found if line.words]


def _line(start: re.Match[str], inner: str) -> RecognisedLine:
    """Return the words of a line; its height is that of its type, whichever letters are in it."""
    bottom, below, size = float(start["bottom"]), float(start["below"]), float(start["size"])
    words = tuple(
        RecognisedWord(text, float(word["left"]), float(word["right"]))
        for word in _WORD.finditer(inner)
        if float(word["confidence"]) >= _LEAST_CONFIDENCE
        if (text := html.unescape(_TAG.sub("", word["text"])).strip())
    )
    baseline = bottom + below
    return RecognisedLine(words, baseline - _ASCENT * size, baseline + (1 - _ASCENT) * size)
