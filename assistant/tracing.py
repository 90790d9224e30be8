"""Spans of OpenTelemetry, one for each answer and one below it for each stage; off by default.

A program that has set up OpenTelemetry gets them in its own traces. Otherwise they are sent by the
exporter for OTLP, which reads the ``OTEL_*`` variables of OpenTelemetry.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from assistant.extras import importing

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

_NAME = "assistant"


class Tracing:
    """Begins the spans of one assistant; without ``is_on`` it begins none and imports nothing."""

    def __init__(self, is_on: bool) -> None:
        self._tracer: Tracer | None = _tracer() if is_on else None

    @contextmanager
    def span(self, name: str, parent: "Span | None" = None) -> Iterator["Span | None"]:
        """Keep a span open for the length of a block, and yield it; None where tracing is off.

        The parent is passed along, since the parts of one answer may come from several threads.
        """
        if self._tracer is None:
            yield None
            return
        from opentelemetry import trace  # only where it is asked for

        context = trace.set_span_in_context(parent) if parent else None
        span = self._tracer.start_span(name, context)
        try:
            yield span
        finally:
            span.end()


@cache
def _tracer() -> "Tracer":
    """Return the tracer of this process, set up unless the program has done so."""
    with importing("telemetry"):
        from opentelemetry import trace  # only where it is asked for
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import (  # as above
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.resources import Resource  # as above
        from opentelemetry.sdk.trace import TracerProvider  # as above
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # as above
    if not isinstance(trace.get_tracer_provider(), TracerProvider):
        provider = TracerProvider(resource=Resource.create({"service.name": _NAME}))
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        trace.set_tracer_provider(provider)
    return trace.get_tracer(_NAME)
