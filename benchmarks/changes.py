"""Measures small changes in a large index: one document added, changed or deleted, and none at all.

Documents of generated text are ingested with random vectors, those of sentences included. Every
change is followed by a question, which opens the new state.
Run: ``python -m benchmarks.changes --documents 5000 --paragraphs 3``
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from assistant import Assistant, Settings
from assistant.settings import NO_READER
from benchmarks.synthetic import HashSentenceEncoder, Prose

_SETTLING_SECONDS = 3.0
"""Files that were written just before an ingestion are read once more by the next."""
Figures = dict[str, float]


class Changes:
    """A corpus, its index, and the seconds of what was done to them."""

    def __init__(self, folder: Path, documents: int, paragraphs: int) -> None:
        self.corpus, self.paragraphs = folder / "corpus", paragraphs
        self.corpus.mkdir()
        self.prose = Prose(seed=0)
        for number in range(documents):
            self.write(f"{number:06}.txt")
        settings = Settings(corpus=self.corpus, index=folder / "index", reader=NO_READER)
        self.assistant = Assistant(settings, HashSentenceEncoder())
        self.seconds: dict[str, list[float]] = {}

    def write(self, name: str) -> None:
        """Write a document of paragraphs, of which every one becomes about one chunk."""
        text = "\n\n".join(self.prose.paragraph() for _ in range(self.paragraphs))
        (self.corpus / name).write_text(text, encoding="utf-8")

    def timed(self, name: str, work: Callable[[], object]) -> None:
        """Do something and keep its seconds."""
        started = time.perf_counter()
        work()
        self.seconds.setdefault(name, []).append(time.perf_counter() - started)

    def ingested(self, name: str) -> None:
        """Ingest, and ask the first question of the new state."""
        self.timed(name, self.assistant.ingest)
        self.timed(f"the question after: {name}", self.asked)

    def asked(self) -> None:
        """Retrieve for a question of a few words."""
        self.assistant.retrieve(self.prose.sentence(8))

    def run(self, rounds: int) -> Figures:
        """Return the median of each."""
        time.sleep(_SETTLING_SECONDS)
        self.ingested("first ingestion")
        for number in range(rounds):
            self.ingested("nothing changed")
            self.write("new.txt")
            self.ingested("one document added")
            self.write(f"{number:06}.txt")
            self.ingested("one document changed")
            (self.corpus / "new.txt").unlink()
            self.ingested("one document deleted")
        for _ in range(50):
            self.timed("question", self.asked)
        self.seconds.pop("the question after: first ingestion")
        return {name: round(float(np.median(some)), 3) for name, some in self.seconds.items()}


def main() -> None:
    """Print the seconds of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=5_000)
    parser.add_argument("--paragraphs", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        changes = Changes(Path(folder), arguments.documents, arguments.paragraphs)
        with changes.assistant:
            figures = changes.run(arguments.rounds)
            figures["chunks"] = changes.assistant.status().chunks
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
