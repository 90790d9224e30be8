"""Spans of OpenTelemetry, collected by OpenTelemetry's own exporter for tests."""

import os
import subprocess
import sys
from pathlib import Path

from assistant.tracing import Tracing

PROGRAM = """
from pathlib import Path
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from assistant import Assistant, Settings
from assistant.testing import WordEncoder

spans = InMemorySpanExporter()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(spans))
trace.set_tracer_provider(provider)
settings = Settings(corpus=Path("corpus"), index=Path("index"), reader="none", tracing=True)
with Assistant(settings, WordEncoder()) as assistant:
    assistant.ingest()
    assistant.ask("When was the mill built?")
finished = spans.get_finished_spans()
(root,) = [span for span in finished if span.parent is None]
assert {span.parent.span_id for span in finished if span.parent} == {root.context.span_id}
print(root.name, sorted({span.name for span in finished} - {root.name}))
"""


def test_each_answer_is_a_span_with_one_for_each_stage(mill_corpus: Path, tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
    )
    assert ran.stdout == "answer ['reading', 'retrieval', 'understanding']\n", ran.stderr


def test_there_is_no_span_where_it_is_off() -> None:
    with Tracing(False).span("answer") as span:
        assert span is None
