"""Asks, retrieves and ingests at the same time, from many threads of two processes.

Every document says in every sentence in which round it was written, and each round rewrites all
of them: so an answer or a list of passages from two states shows itself. One process ingests
round after round; both ask. Run: ``python -m benchmarks.concurrency --seconds 60``
"""

import argparse
import json
import multiprocessing
import re
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from assistant import Assistant, Settings
from benchmarks.synthetic import HashEncoder

_ROUND = re.compile(r"In round (\d+)")
DOCUMENTS = 20


class Load:
    """What the threads of one process do to one assistant, and what came of it."""

    def __init__(self, folder: Path, seconds: float) -> None:
        settings = Settings(corpus=folder / "corpus", index=folder / "index", reader="none")
        self.assistant = Assistant(settings, HashEncoder())
        self.corpus = settings.corpus
        self.ends = time.monotonic() + seconds
        self.counts: Counter[str] = Counter()
        self.problems: list[str] = []
        self.rounds: set[str] = set()

    def run(self, *, ingesting: bool, threads: int) -> None:
        """Until the time is over or something is wrong."""
        works: list[Callable[[int], None]] = [self._ask, self._retrieve, self._look]
        chosen = [works[number % len(works)] for number in range(threads)]
        if ingesting:
            chosen.append(self._ingest)
        running = [threading.Thread(target=self._repeat, args=(work,)) for work in chosen]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()
        self.assistant.close()

    def _repeat(self, work: Callable[[int], None]) -> None:
        turn = 0
        while time.monotonic() < self.ends and not self.problems:
            turn += 1
            try:
                work(turn)
            except Exception:
                self.problems.append(traceback.format_exc())
            self.counts[work.__name__.strip("_")] += 1

    def _ask(self, turn: int) -> None:
        answer = self.assistant.ask(f"What did otter {turn % DOCUMENTS} eat?")
        quotes = [citation.quote for citation in (*answer.citations, *answer.closest)]
        self._same_round(quotes)

    def _retrieve(self, turn: int) -> None:
        hits = self.assistant.retrieve(f"otter {turn % DOCUMENTS} ate fish", top_k=30)
        if len(hits) != 30:
            self.problems.append(f"{len(hits)} hits instead of 30")
        self._same_round([hit.chunk.text for hit in hits])

    def _look(self, turn: int) -> None:
        if len(documents := self.assistant.documents()) != DOCUMENTS:
            self.problems.append(f"{len(documents)} documents instead of {DOCUMENTS}")
        self._same_round([self.assistant.document(documents[turn % DOCUMENTS].id).text])
        self.assistant.status()

    def _ingest(self, turn: int) -> None:
        write_round(self.corpus, turn)
        report = self.assistant.ingest()
        if len(report.changed) != DOCUMENTS:
            self.problems.append(f"{len(report.changed)} documents changed")

    def _same_round(self, texts: list[str]) -> None:
        rounds = {number for text in texts for number in _ROUND.findall(text)}
        self.rounds |= rounds
        if len(rounds) != 1:
            self.problems.append(f"rounds {sorted(rounds)} in one answer: {texts}")


def write_round(corpus: Path, number: int) -> None:
    """Rewrite every document."""
    for document in range(DOCUMENTS):
        sentences = [
            f"In round {number} otter {document} ate fish {fish} of the river."
            for fish in range(60)
        ]
        (corpus / f"{document}.txt").write_text("\n\n".join(sentences))


def _other_process(folder: Path, seconds: float, threads: int) -> None:
    load = Load(folder, seconds)
    load.run(ingesting=False, threads=threads)
    result = {"counts": load.counts, "problems": load.problems, "rounds": sorted(load.rounds)}
    (folder / "other.json").write_text(json.dumps(result))


def main() -> None:
    """Print how often each thing was done, and every problem."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--threads", type=int, default=6, help="that ask, in each process")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "corpus").mkdir()
        write_round(folder / "corpus", 0)
        load = Load(folder, arguments.seconds)
        load.assistant.ingest()
        other = multiprocessing.get_context("spawn").Process(
            target=_other_process, args=(folder, arguments.seconds, arguments.threads)
        )
        other.start()
        load.run(ingesting=True, threads=arguments.threads)
        other.join()
        write_round(folder / "corpus", len(load.rounds) + 1_000)
        load.assistant.ingest()  # removes what was still in use at the ingestion before
        found = json.loads((folder / "other.json").read_text())
        left = len(list((folder / "index").glob("vectors*")))
    both = load.counts + Counter(found["counts"])
    problems = load.problems + found["problems"]
    print(", ".join(f"{both[name]} × {name}" for name in ("ask", "retrieve", "look", "ingest")))
    print(f"the other process saw {len(found['rounds'])} states; {left} folder of vectors is left")
    print(f"{len(problems)} problems", *problems[:5], sep="\n")
    raise SystemExit(1 if problems or left != 1 else 0)


if __name__ == "__main__":
    main()
