"""Measures speed, memory and growth, prints the figures and writes them as JSON.

Ingestion is timed beside the plain LangChain pipeline on the same files, with the same model in the
same run; growth is of storage and retrieval alone, with random vectors and generated text, and so
are small changes. Run: ``python -m benchmarks.speed``
"""

import argparse
import json
import multiprocessing
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from assistant import Assistant, Encoder, Settings
from assistant.evaluation import load_cases
from assistant.models.bundled_encoder import BundledEncoder, bundled_folder
from assistant.settings import NO_READER
from benchmarks.changes import Changes
from benchmarks.synthetic import HashEncoder, Prose

REPOSITORY = Path(__file__).parents[1]
MODEL = str(bundled_folder())
Figures = dict[str, Any]


def write_corpus(folder: Path, paragraphs: int, seed: int = 0, each: int = 100) -> None:
    """Files of ``each`` paragraphs, of which every one becomes about one chunk."""
    folder.mkdir(parents=True)
    prose = Prose(seed)
    for first in range(0, paragraphs, each):
        count = min(each, paragraphs - first)
        text = "\n\n".join(prose.paragraph() for _ in range(count))
        (folder / f"{first:07}.txt").write_text(text, encoding="utf-8")


def write_reading(folder: Path, copies: int) -> None:
    """The article so many times, each sentence of a copy made its own by the copy's number."""
    folder.mkdir(parents=True)
    (article,) = (REPOSITORY / "docs_corpus").glob("*.txt")
    text = article.read_text(encoding="utf-8")
    for number in range(copies):
        copy = text.replace(". ", f", says copy {number}. ")
        (folder / f"{number}.txt").write_text(copy, encoding="utf-8")


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile, in milliseconds."""
    return {f"p{q}": round(1000 * float(np.percentile(seconds, q)), 1) for q in (50, 95)}


def seconds_of(work: Callable[[], object]) -> float:
    """How long it takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def peak_megabytes() -> float:
    """The most memory that this process has held."""
    unit = 1 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20, 1)


def spent() -> tuple[float, float]:
    """Return the time, and the seconds of the processor that this process and its children took."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return time.perf_counter(), sum(one.ru_utime + one.ru_stime for one in used)


def ingested(chunks: int, before: tuple[float, float]) -> Figures:
    """Return the figures of an ingestion that began then and ends now."""
    seconds, processor = (now - then for now, then in zip(spent(), before, strict=True))
    return {
        "chunks": chunks,
        "seconds": round(seconds, 1),
        "seconds of the processor": round(processor, 1),
        "peak megabytes": peak_megabytes(),
    }


def measure_ingestion(folder: Path, copies: int) -> Figures:
    """Measure this product with its own model. Loading the encoder is not counted."""
    write_reading(folder / "corpus", copies)
    encoder = BundledEncoder()
    encoder.encode_sentences(["warm"], [()])
    settings = Settings(corpus=folder / "corpus", index=folder / "index", reader=NO_READER)
    with Assistant(settings, encoder) as assistant:
        before = spent()
        return ingested(assistant.ingest().chunks_total, before)


def measure_langchain(folder: Path, copies: int) -> Figures:
    """Measure a recursive splitter, ``HuggingFaceEmbeddings``, ``Chroma.from_documents``.

    The model is the same, and the chunks are about as long. Loading the model is not counted.
    """
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    corpus = folder / "corpus"
    write_reading(corpus, copies)
    embeddings = HuggingFaceEmbeddings(model_name=MODEL)
    embeddings.embed_query("warm")
    before = spent()
    documents = [
        Document(path.read_text(encoding="utf-8"), metadata={"source": path.name})
        for path in sorted(corpus.iterdir())
    ]
    splitter = RecursiveCharacterTextSplitter(chunk_size=600, chunk_overlap=100)
    parts = splitter.split_documents(documents)
    Chroma.from_documents(parts, embeddings, persist_directory=str(folder / "plain"))
    return ingested(len(parts), before)


def compared_ingestion(copies: int, rounds: int) -> Figures:
    """Measure both in turns, each in a process of its own, and the quickest round of each."""
    ours, plain = [], []
    for _ in range(rounds):
        ours.append(apart(measure_ingestion, copies))
        plain.append(apart(measure_langchain, copies))
    figures: Figures = {
        name: {key: min(one[key] for one in found) for key in found[0]}
        for name, found in (("this product", ours), ("LangChain", plain))
    }
    for key in ("seconds", "seconds of the processor", "peak megabytes"):
        ratio = figures["this product"][key] / figures["LangChain"][key]
        figures[f"{key}, times LangChain's"] = round(ratio, 2)
    return figures


def measure_changes(folder: Path, documents: int) -> Figures:
    """Measure documents added, changed and deleted in a large index; see `benchmarks.changes`."""
    changes = Changes(folder, documents, paragraphs=3)
    with changes.assistant:
        return dict(changes.run(rounds=3))


def measure_questions(folder: Path) -> Figures:
    """Warm latency by stage over the product's own questions, and the peak memory."""
    case_file = REPOSITORY / "tests" / "evaluation" / "article.eval.yaml"
    questions = [case.question for case in load_cases(case_file).cases if case.question]
    stages: dict[str, list[float]] = {}
    settings = Settings(corpus=REPOSITORY / "docs_corpus", index=folder / "index")
    with Assistant(settings) as assistant:
        assistant.ingest()
        assistant.ask(questions[0])
        for question in questions:
            for stage, seconds in assistant.ask(question).timings.items():
                stages.setdefault(stage, []).append(seconds)
    return {
        "questions": len(questions),
        "milliseconds": {stage: percentiles(seconds) for stage, seconds in stages.items()},
        "peak megabytes": peak_megabytes(),
    }


def measure_cold_start(folder: Path, times: int = 3) -> Figures:
    """The whole of ``assistant ask`` in a process of its own, and of ``--help``."""
    environment = {
        **os.environ,
        "ASSISTANT_CORPUS": str(REPOSITORY / "docs_corpus"),
        "ASSISTANT_INDEX": str(folder / "index"),
    }

    def run(*arguments: str) -> float:
        command = [sys.executable, "-c", "from assistant.cli.main import run; run()", *arguments]
        return seconds_of(
            lambda: subprocess.run(command, env=environment, check=True, capture_output=True)
        )

    run("ingest")
    ask = [run("ask", "When was the SCO founded?") for _ in range(times)]
    return {
        "seconds, assistant ask": round(float(np.median(ask)), 2),
        "seconds, assistant --help": round(run("--help"), 2),
    }


def measure_growth(folder: Path, paragraphs: int) -> Figures:
    """Storage and retrieval alone, with random vectors and generated text, asked 100 questions."""
    corpus = folder / "corpus"
    write_corpus(corpus, paragraphs)
    encoder: Encoder = HashEncoder()
    prose = Prose(1)
    questions = [prose.sentence(8) for _ in range(100)]
    before = peak_megabytes()
    with Assistant(
        Settings(corpus=corpus, index=folder / "index", reader=NO_READER), encoder
    ) as one:
        ingesting = seconds_of(one.ingest)
        ingested = peak_megabytes()
        opening = seconds_of(lambda: one.retrieve(questions[0]))
        retrieving = [seconds_of(partial(one.retrieve, question)) for question in questions]
        chunks = one.status().chunks
    return {
        "chunks": chunks,
        "seconds to ingest": round(ingesting, 1),
        "chunks a second": round(chunks / ingesting, 1),
        "milliseconds to retrieve": percentiles(retrieving),
        "seconds of the first": round(opening, 2),
        "peak megabytes before": before,
        "peak megabytes ingesting": ingested,
        "peak megabytes": peak_megabytes(),
    }


def apart(measure: Callable[..., Figures], *arguments: Any) -> Figures:
    """What a measurement gives in a process and a folder of its own, for its peak of memory."""
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder, context.Pool(1) as pool:
        return pool.apply(measure, (Path(folder), *arguments))


def machine() -> Figures:
    """What the figures were measured on."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory gigabytes": round(
            os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1
        ),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "load before": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def rows(figures: Figures, name: str = "") -> list[tuple[str, str]]:
    """Nested figures as lines of a table."""
    found: list[tuple[str, str]] = []
    for key, value in figures.items():
        label = f"{name}: {key}" if name else key
        found += rows(value, label) if isinstance(value, dict) else [(label, str(value))]
    return found


def main() -> None:
    """Print a table and write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, default=Path("bench.json"))
    parser.add_argument("--copies", type=int, default=20, help="of the article, to ingest")
    parser.add_argument("--rounds", type=int, default=2, help="of which the quickest counts")
    parser.add_argument("--documents", type=int, default=5_000, help="beside small changes")
    parser.add_argument("--growth", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    arguments = parser.parse_args()
    figures: Figures = {"machine": machine()}
    figures["ingestion"] = compared_ingestion(arguments.copies, arguments.rounds)
    figures["question"] = apart(measure_questions)
    figures["cold start"] = apart(measure_cold_start)
    figures["small changes"] = apart(measure_changes, arguments.documents)
    for paragraphs in arguments.growth:
        figures[f"{paragraphs:,} paragraphs"] = apart(measure_growth, paragraphs)
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    arguments.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    table = Table("what", "figure")
    for row in rows(figures):
        table.add_row(*row)
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
