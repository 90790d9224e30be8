"""How long a written sentence waits until it is shown: from its last word to the checked sentence.

``python -m benchmarks.written_delay [--every 2] [SUPPORT_FILE]`` lets a scripted model write labelled
sentences of the file, and prints the median and the 95th percentile of the waits. Without a mark, a
sentence also waits for a moment of silence, in which its mark might still come.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from langchain_core.messages import AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk
from pydantic import Field

from assistant import Assistant
from assistant.evaluation.support.labelled_sentences import load_support_file
from assistant.testing import ScriptedChatModel
from assistant.types import GENERATIVE

READING = 1.0
"""Seconds that a model takes to read its prompt; meanwhile the passages are prepared."""
PAUSE = 0.4
"""Seconds of silence after a sentence, in which it has to appear."""
WORDS_PER_SECOND = 40


class Writer(ScriptedChatModel):
    """Writes its texts as sentences with a pause after each, all in one answer."""

    texts: list[str] = Field(default_factory=list)
    finished: list[float] = Field(default_factory=list)

    async def _astream(self, *_: Any, **__: Any) -> Any:
        await asyncio.sleep(READING)
        for sentence in self.texts:
            for word in sentence.split():
                await asyncio.sleep(1 / WORDS_PER_SECOND)
                yield ChatGenerationChunk(message=AIMessageChunk(content=f"{word} "))
            self.finished.append(time.monotonic())
            await asyncio.sleep(PAUSE)


def main() -> None:
    """Print the waits of sentences with a mark and without one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "file", nargs="?", default="tests/evaluation/article.support.yaml", type=Path
    )
    parser.add_argument("--every", type=int, default=2)
    asked = parser.parse_args()
    file = load_support_file(asked.file)
    writer = Writer()
    with (
        tempfile.TemporaryDirectory() as index,
        Assistant.open(
            chat_model=writer, index=index, corpus=file.corpus, unsupported="flag"
        ) as it,
    ):
        it.ingest()
        it.warm_up()
        for name, mark in (("with a mark", " [1]."), ("without a mark", ".")):
            waits: list[float] = []
            for group in file.groups[:: asked.every]:
                written = [one.text for kind in group.supported.values() for one in kind][:4]
                writer.texts = [f"{text.rstrip('.')}{mark}" for text in written]
                waits += _waits(it, writer, written[0])
            print(
                f"{name:15} {len(waits)} sentences, wait in ms: "
                f"p50 {1000 * statistics.median(waits):.0f}, "
                f"p95 {1000 * statistics.quantiles(waits, n=20)[-1]:.0f}"
            )


def _waits(assistant: Assistant, writer: Writer, question: str) -> list[float]:
    """The seconds from each sentence's last word to the piece that has it checked."""
    writer.finished.clear()
    shown: list[float] = []
    for answer in assistant.stream(question):
        checked = [one for one in answer.statements if one.citations or one.unsupported]
        if answer.engine == GENERATIVE:
            shown += [time.monotonic()] * (len(checked) - len(shown))
    return [seen - at for seen, at in zip(shown, writer.finished, strict=False)]


if __name__ == "__main__":
    main()
