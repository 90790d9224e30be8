"""The process that parses formatted documents, within limits that its parent sets.

Run as a program by `assistant.ingestion.sandbox.parent`. On standard input come requests: a line of
JSON and as many bytes of a file as it says; on standard output go answers: a line of JSON each, and
a line before each picture whose text is recognised, for which there is as much time again. What a
hostile file can do ends with this process.
"""

import base64
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, BinaryIO

from assistant.ingestion.formats import (
    UnreadableFileError,
    registry,  # with all parsers, before memory is bounded
)
from assistant.ingestion.formats.pdf.recognised import Recognise
from assistant.models.rapidocr_recogniser import RapidOcrRecogniser
from assistant.models.recognition import (
    RAPIDOCR,
    TESSERACT,
    Pixels,
    RecognisedLine,
    TextRecogniser,
)
from assistant.models.tesseract_recogniser import TesseractRecogniser

try:
    import resource
except ImportError:
    _HAS_LIMITS = False  # Windows: time is bounded there, memory is not
else:
    _HAS_LIMITS = True

_MEGABYTE = 1 << 20
_SPARE_SECONDS = 5


def main() -> None:
    """Answer requests until standard input ends."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing but answers may go there
    megabytes, recogniser = int(sys.argv[1]), load_recogniser(sys.argv[2])
    _limit_memory(megabytes)
    _say(answers, {"ready": True})
    while line := requests.readline():
        request = json.loads(line)
        _limit_seconds(request["seconds"])
        content = requests.read(request["bytes"])
        recognise = _recognise(recogniser, request["seconds"], answers) if recogniser else None
        _say(answers, _answer(request, content, megabytes * _MEGABYTE, recognise))
        del content


def load_recogniser(name: str) -> TextRecogniser | None:
    """Return the recogniser of a name, with its models loaded; None for no name."""
    if name == RAPIDOCR:
        return RapidOcrRecogniser()
    return TesseractRecogniser() if name == TESSERACT else None


def _recognise(recogniser: TextRecogniser, seconds: float, answers: BinaryIO) -> Recognise:
    def recognise(picture: Pixels) -> Sequence[RecognisedLine]:
        _limit_seconds(seconds)
        _say(answers, {"goes_on": True})
        return recogniser.read(picture)

    return recognise


def _answer(
    request: dict[str, Any], content: bytes, most_bytes: int, recognise: Recognise | None
) -> dict[str, Any]:
    try:
        if "page" in request:
            number, text = request["page"], request["text"]
            page = registry.draw(request["media_type"], content, number, text)
            return {**asdict(page), "image": base64.b64encode(page.image).decode("ascii")}
        found = registry.extract(request["media_type"], content, most_bytes, recognise)
        if len(found.text) > request["characters"]:
            return {"unreadable": f"it has more than {request['characters']:,} characters of text"}
        return asdict(found)
    except UnreadableFileError as error:
        return {"unreadable": str(error)}
    except MemoryError:
        return {"out_of_memory": True}
    except Exception as error:  # a parser's own mistake with a broken file, of any kind
        return {"unreadable": f"it cannot be parsed: {type(error).__name__}: {error}"[:300]}


def _limit_memory(megabytes: int) -> None:
    """Bound what is taken in addition to what the process has with its libraries loaded."""
    if not _HAS_LIMITS:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most = _address_space() + megabytes * _MEGABYTE
    _, highest = resource.getrlimit(resource.RLIMIT_AS)
    if highest == resource.RLIM_INFINITY or most < highest:
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _address_space() -> int:
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:  # not Linux: a guess that fits
        return 512 * _MEGABYTE


def _limit_seconds(seconds: float) -> None:
    """Bound the processor's time too, in case the parent is gone and does not end this process."""
    if _HAS_LIMITS:
        used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        _, highest = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used + seconds) + _SPARE_SECONDS, highest))


def _say(answers: BinaryIO, answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer).encode("ascii") + b"\n")
    answers.flush()


if __name__ == "__main__":
    main()
