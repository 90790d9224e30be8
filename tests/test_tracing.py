"""Spans of OpenTelemetry, collected by OpenTelemetry's own exporter for tests."""

import json
import os
import subprocess
import sys
from pathlib import Path

from assistant.tracing import Tracing

PROGRAM = """
import json, sys
from pathlib import Path
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from assistant import Assistant, Settings
from assistant.testing import ScriptedChatModel, WordEncoder

spans = InMemorySpanExporter()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(spans))
trace.set_tracer_provider(provider)
settings = Settings(corpus=Path("corpus"), index=Path("index"), reader="none", tracing=True)
model = ScriptedChatModel(texts=json.loads(sys.argv[1])) if len(sys.argv) > 1 else None
with Assistant(settings, WordEncoder(), chat_model=model) as assistant:
    assistant.ingest()
    assistant.ask("When was the mill built?")
finished = spans.get_finished_spans()
(root,) = [span for span in finished if span.parent is None]
assert {span.parent.span_id for span in finished if span.parent} == {root.context.span_id}
print(root.name, sorted(span.name for span in finished if span is not root))
"""


def spans_of(folder: Path, *texts: str) -> str:
    """Return the spans of an answer, which a language model writes where there are texts."""
    written = [json.dumps(texts)] if texts else []
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, *written],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def test_each_answer_is_a_span_with_one_for_each_stage(mill_corpus: Path, tmp_path: Path) -> None:
    assert spans_of(tmp_path) == "answer ['reading', 'retrieval', 'understanding']"


def test_a_written_answer_has_spans_of_writing_and_of_each_check(
    mill_corpus: Path, tmp_path: Path
) -> None:
    text = "The mill was built in 1851. [1] The mill was sold in 1999. [1]"
    stages = ["checking", "checking", "reading", "retrieval", "rewriting", "writing"]
    assert spans_of(tmp_path, text) == f"answer {stages}"


def test_there_is_no_span_where_it_is_off() -> None:
    with Tracing(False).span("answer") as span:
        assert span is None
