"""Order retrieved passages by how likely they answer, not only by what they are about."""

from collections.abc import Sequence

from assistant.protocols import Reader
from assistant.types import Hit, WindowText


def likeliest_first(question: str, hits: Sequence[Hit], reader: Reader) -> list[Hit]:
    """Return the hits, those first in which the reader is surest to have found an answer.

    The hits must be in the order in which they were retrieved. Those in which nothing was read
    keep that order, after all others.
    """
    windows = [WindowText(hit.chunk.heading, hit.chunk.text) for hit in hits]
    surest = [
        max((span.probability for span in reading.spans), default=0.0)
        for reading in reader.read(question, windows)
    ]
    order = sorted(range(len(hits)), key=lambda place: -surest[place])
    return [hits[place] for place in order]
