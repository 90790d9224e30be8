"""Measures how long it takes to find that nothing changed in a large corpus.

Files of generated text are ingested with random vectors. Then `Assistant.status` (plan, counts and
size on disk) and `Assistant.ingest` (plan, look at the vectors) are timed with nothing to do.
Run: ``python -m benchmarks.planning --files 10000``
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from assistant import Assistant, Settings
from assistant.settings import NO_READER
from benchmarks.synthetic import HashEncoder, Prose

_SETTLING_SECONDS = 3.0
"""Files that were written just before an ingestion are read once more by the next."""


def write_files(corpus: Path, files: int, kilobytes: int) -> None:
    """Write files of so many kilobytes each, a hundred in a folder, every one different."""
    prose = Prose(seed=0)
    paragraphs = [prose.paragraph() for _ in range(200)]
    for number in range(files):
        folder = corpus / f"{number // 100:04}"
        folder.mkdir(parents=True, exist_ok=True)
        text = f"Document {number}.\n\n" + "\n\n".join(
            paragraphs[(number + extra) % len(paragraphs)] for extra in range(2 * kilobytes)
        )
        (folder / f"{number:07}.txt").write_text(text[: 1024 * kilobytes], encoding="utf-8")


def quickest(rounds: int, work: Callable[[], object]) -> str:
    """Return the seconds of the quickest of some rounds, and those of the processor."""
    seconds = []
    for _ in range(rounds):
        started, used = time.perf_counter(), time.process_time()
        work()
        seconds.append((time.perf_counter() - started, time.process_time() - used))
    wall, processor = map(min, zip(*seconds, strict=True))
    return f"{wall:8.2f} s ({processor:.2f} s of the processor)"


def main() -> None:
    """Print how long each takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--kilobytes", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        corpus, index = Path(folder, "corpus"), Path(folder, "index")
        write_files(corpus, arguments.files, arguments.kilobytes)
        time.sleep(_SETTLING_SECONDS)
        settings = Settings(corpus=corpus, index=index, reader=NO_READER)
        with Assistant(settings, HashEncoder()) as assistant:
            print(f"{quickest(1, assistant.ingest)}  first ingestion")
            print(f"{quickest(arguments.rounds, assistant.status)}  status, unchanged")
            print(f"{quickest(arguments.rounds, assistant.ingest)}  ingestion, unchanged")


if __name__ == "__main__":
    main()
