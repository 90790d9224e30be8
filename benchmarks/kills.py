"""Kills real ingestions at random moments and looks at what is left of the index.

Each round adds, changes and deletes documents, starts an ingestion in a process of its own and
sends it SIGKILL after a random time. Then the old or the new state must answer, whole; and the
next ingestion must complete and leave neither stray vectors nor rows nor files.
Run: ``python -m benchmarks.kills --kills 100``
"""

import argparse
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from assistant import Assistant, Encoder, Settings
from assistant.models.bundled_encoder import BundledEncoder
from assistant.storage.embedded_store import EmbeddedStore
from assistant.storage.schema import vector_id
from benchmarks.synthetic import HashEncoder, Prose

State = dict[str, str]
"""The text of each document by its path."""

_FILES = {"catalog.sqlite3", "catalog.sqlite3-wal", "catalog.sqlite3-shm", "ingest.lock"}


class Rounds:
    """A corpus that changes, its index, and what became of each ingestion."""

    def __init__(self, folder: Path, encoder: Encoder, documents: int, seed: int) -> None:
        self.corpus, self.index = folder / "corpus", folder / "index"
        self.temporary = folder / "temporary"
        for path in (self.corpus, self.temporary):
            path.mkdir()
        tempfile.tempdir = str(self.temporary)
        self.encoder, self.documents = encoder, documents
        self.random = random.Random(seed)
        self.prose = Prose(seed)
        self.outcomes: Counter[str] = Counter()
        self.seconds = [0.5]
        self.state: State = {}

    def begin(self) -> None:
        """Make the first documents and ingest them."""
        for number in range(self.documents):
            self._write(f"{number}.txt", 0)
        self.state = self._written()
        self._measured()

    def run(self, number: int) -> None:
        """One killed ingestion, one look, one that completes, and another look."""
        old = self.state
        self._change(number)
        new = self._written()
        ended = self._killed_after(self.random.uniform(0, 1.2 * self.seconds[-1]))
        _in_a_process(lambda: self._check(old, new, complete=False))
        found = "new" if self._holds(new) else "old"
        self.outcomes[f"{'ended before the kill' if ended else 'killed'}, {found} state"] += 1
        self.state = new
        self._measured()
        _in_a_process(lambda: self._check(new, new, complete=True))

    def _change(self, number: int) -> None:
        names = sorted(self._written())
        for name in self.random.sample(names, len(names) // 6):
            (self.corpus / name).unlink()
        for name in self.random.sample(sorted(self._written()), len(names) // 6):
            self._write(name, number)
        for extra in range(len(names) // 6):
            self._write(f"{number}-{extra}.txt", number)

    def _write(self, name: str, number: int) -> None:
        paragraphs = [f"Document {name} of round {number}."]
        paragraphs += [self.prose.paragraph() for _ in range(30)]
        (self.corpus / name).write_text("\n\n".join(paragraphs))

    def _written(self) -> State:
        return {path.name: path.read_text() for path in self.corpus.iterdir()}

    def _assistant(self) -> Assistant:
        settings = Settings(corpus=self.corpus, index=self.index, reader="none")
        return Assistant(settings, self.encoder)

    def _ingest(self) -> None:
        with self._assistant() as assistant:
            assistant.ingest()

    def _measured(self) -> None:
        started = time.perf_counter()
        _in_a_process(self._ingest)
        self.seconds.append(time.perf_counter() - started)

    def _killed_after(self, seconds: float) -> bool:
        """Whether the ingestion had ended before it was killed."""
        process = _fork(self._ingest)
        time.sleep(seconds)
        os.kill(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
        return os.WIFEXITED(status)

    def _holds(self, state: State) -> bool:
        connection = sqlite3.connect(self.index / "catalog.sqlite3")
        found = dict(connection.execute("SELECT source, text FROM documents"))
        connection.close()
        return found == state

    def _check(self, old: State, new: State, *, complete: bool) -> None:
        before = sorted(path.name for path in self.index.glob("vectors*"))
        with self._assistant() as assistant:
            texts = {
                document.source: assistant.document(document.id).text
                for document in assistant.documents()
            }
            assert texts in (old, new), "the documents are a mixture"
            for source in self.random.sample(sorted(texts), 4):
                question = f"document {source} round"
                hits = assistant.retrieve(question, top_k=20)
                for hit in hits:
                    document = assistant.document(hit.chunk.document_id)
                    assert texts[document.source][hit.chunk.start : hit.chunk.end] == hit.chunk.text
                assert sum(hit.dense_rank is not None for hit in hits) >= 5
                answer = assistant.ask(question)
                for citation in (*answer.citations, *answer.closest):
                    assert texts[citation.source][citation.start : citation.end] == citation.quote
        after = sorted(path.name for path in self.index.glob("vectors*"))
        assert before == after, "the vectors had to be made anew"
        self._check_vectors()
        if complete:
            self._check_no_orphans()

    def _check_vectors(self) -> None:
        """Exactly the vectors of the chunks, each under the text that it was made of."""
        index = EmbeddedStore(self.index)
        with index.view() as view:
            chunks = view.catalog.chunks(sorted(view.catalog.chunk_ids()))
            wanted = {vector_id(chunk) for chunk in chunks.values()}
            assert set(view.vectors.ids()) == wanted, "vectors and chunks are not the same"
            some = self.random.sample(sorted(wanted), 20)
            assert len(view.vectors.get(some)) == 20
        index.close()

    def _check_no_orphans(self) -> None:
        folders = [path for path in self.index.iterdir() if path.is_dir()]
        assert len(folders) == 1, folders
        assert {path.name for path in self.index.iterdir() if path.is_file()} <= _FILES
        assert list(self.temporary.iterdir()) == []
        connection = sqlite3.connect(self.index / "catalog.sqlite3")
        query = "SELECT count(*) FROM chunks WHERE document_id NOT IN (SELECT id FROM documents)"
        assert connection.execute(query).fetchone() == (0,), "chunks without a document"
        connection.execute("INSERT INTO keywords(keywords) VALUES ('integrity-check')")
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.rollback()
        connection.close()


def _fork(work: Callable[[], None]) -> int:
    """Do it in a forked process: libraries are loaded, but nothing of them runs in this one."""
    sys.stdout.flush()
    process = os.fork()
    if process:
        return process
    try:
        work()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def _in_a_process(work: Callable[[], None]) -> None:
    _, status = os.waitpid(_fork(work), 0)
    if status:
        raise SystemExit(f"failed with status {status}; see above")


def main() -> None:
    """Print how many ingestions were killed and which state was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--documents", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--model", action="store_true", help="embed with the bundled model")
    arguments = parser.parse_args()
    encoder: Encoder = HashEncoder()
    if arguments.model:
        encoder = BundledEncoder()  # loaded in each process: its threads would not be forked
    import chromadb  # noqa: F401  # before the forks, so that none of them waits for it

    with tempfile.TemporaryDirectory() as folder:
        rounds = Rounds(Path(folder), encoder, arguments.documents, arguments.seed)
        rounds.begin()
        number = 0
        while sum(n for name, n in rounds.outcomes.items() if name[0] == "k") < arguments.kills:
            number += 1
            rounds.run(number)
        tempfile.tempdir = None
    for name, count in sorted(rounds.outcomes.items()):
        print(f"{count:4} {name}")
    print("   0 mixtures, 0 stray vectors, rows or files after the next ingestion")


if __name__ == "__main__":
    main()
