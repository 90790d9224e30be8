"""``GET /metrics``: figures for Prometheus, if the settings ask for them. No text of a question."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import InfoMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from assistant.errors import StorageError
from assistant.types import Answer
from assistant.web.concurrency import AnsweringLimit

if TYPE_CHECKING:
    from assistant.assistant import Assistant

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 60.0)


class Metrics:
    """Counts the answers of one assistant, whichever way they were asked for."""

    def __init__(self, questions: AnsweringLimit) -> None:
        self.registry = CollectorRegistry()
        self._answers = Counter(
            "assistant_answers",
            "Answers by status and engine.",
            ["status", "engine"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "assistant_stage_seconds",
            "Seconds that an answer spent in a stage; total is all of it.",
            ["stage"],
            buckets=SECONDS,
            registry=self.registry,
        )
        in_flight = Gauge(
            "assistant_questions_in_flight",
            "Questions that are being answered or wait.",
            registry=self.registry,
        )
        in_flight.set_function(lambda: questions.in_flight)

    def count(self, answer: Answer) -> None:
        """Count an answer with its status and the seconds of its stages."""
        self._answers.labels(answer.status.value, answer.engine).inc()
        for stage, seconds in answer.timings.items():
            self._seconds.labels(stage).observe(seconds)


class _IndexState(Collector):
    """The state of the index at the moment of a scrape."""

    def __init__(self, assistant: "Assistant") -> None:
        self._assistant = assistant

    def collect(self) -> Iterator[Metric]:
        """Yield the generation of the index, or an empty string if there is no index."""
        try:
            generation = self._assistant.generation
        except StorageError:
            generation = ""
        described = "State of the index that answers; it changes with each ingestion."
        yield InfoMetricFamily("assistant_index", described, {"generation": generation})


def add_metrics(app: FastAPI, assistant: "Assistant", questions: AnsweringLimit) -> None:
    """Count the assistant's answers from now on, and serve the figures at ``/metrics``."""
    metrics = Metrics(questions)
    metrics.registry.register(_IndexState(assistant))
    assistant.observe(metrics.count)

    @app.get("/metrics", include_in_schema=False)
    def figures() -> Response:
        """Return the figures in Prometheus's format."""
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)
