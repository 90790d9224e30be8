"""Finds the sentences of passages that carry a sentence in other words, and how alike they are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assistant.checking.injection import reads_as_instruction
from assistant.protocols import Encoder
from assistant.storage.stemming import Stemmer
from assistant.text.headings import is_heading, sections
from assistant.text.sentences import sentences
from assistant.text.spans import Span
from assistant.types import Passage

MAX_CARRYING = 3
"""Sentences that a citation narrows to at most."""
_MOST_COMPARED = 60
"""Sentences of the passages that are compared."""
_GAIN = 0.12
"""The share of a sentence's words that a further carrying sentence must add."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike a sentence and what carries it are; each between 0 and 1.

    ``cosine`` is of the embeddings of the sentence and the carrying sentences together, ``best``
    of the nearest single one; ``coverage`` is the share of the content words that these have,
    and ``wide`` the share that the whole passages have.
    """

    cosine: float
    best: float
    coverage: float
    wide: float


@dataclass(frozen=True, slots=True)
class Carried:
    """The sentences that carry a sentence, in their order, and how alike they are."""

    passages: tuple[Passage, ...]
    likeness: Likeness


def carry(
    sentence: str,
    checked: str,
    passages: Sequence[Passage],
    encoder: Encoder,
    stemmer: Stemmer,
) -> Carried:
    """The sentences of the passages, at most three, that together have most of a sentence.

    ``checked`` are its names and values: they were found, in whatever form, and count as had.
    Headings and titles count as had by every sentence below them.
    """
    sources = source_sentences(passages)
    texts = [source.text for source in sources]
    vectors = encoder.encode([sentence, *texts])
    cosines = (vectors[1:] @ vectors[0]).tolist()
    contexts = [context(passage) for passage in passages]
    stems = stemmer.stems([sentence, checked, "\n".join(contexts), *texts])
    wanted = {stem for stem in stems[0] if stem not in stemmer.stop_stems} or set(stems[0])
    having = [wanted.intersection(found) for found in stems[3:]]
    given = wanted.intersection(stems[2])
    chosen = _chosen(len(wanted), given, having, cosines)
    had = given.union(wanted.intersection(stems[1]), *(having[row] for row in chosen))
    cosine = cosines[chosen[0]]
    if len(chosen) > 1:
        together = " ".join(texts[row] for row in sorted(chosen))
        cosine = float(encoder.encode([together])[0] @ vectors[0])
    total = max(1, len(wanted))
    likeness = Likeness(cosine, max(cosines), len(had) / total, len(had.union(*having)) / total)
    return Carried(tuple(sources[row] for row in sorted(chosen)), likeness)


def source_sentences(passages: Sequence[Passage]) -> list[Passage]:
    """The distinct sentences of the passages in order; headings only where there is nothing else."""
    found: dict[tuple[str, int, int], Passage] = {}
    for passage in passages:
        document = passage.document
        for span in sentences(document.text, passage.start, passage.end):
            key = (document.id, span.start, span.end)
            found[key] = Passage(document, span.start, span.end)
    every = list(found.values())[:_MOST_COMPARED]
    told = [one for one in every if not is_heading(one.document, Span(one.start, one.end))]
    return told or every


def context(passage: Passage) -> str:
    """The title and the headings that a passage stands under, each on a line; no instructions."""
    document = passage.document
    titles = [
        title
        for section in sections(document.text, document.media_type)
        if section.start < passage.end and passage.start < section.end
        for title in section.titles
    ]
    told = [title for title in (document.title, *titles) if not reads_as_instruction(title)]
    return "\n".join(dict.fromkeys(told))


def _chosen(
    total: int, given: Collection[str], having: Sequence[set[str]], cosines: Sequence[float]
) -> list[int]:
    """The sentence that is most alike, then those that add most, the most alike first."""
    rank = [
        cosine + len(found) / max(1, total) for cosine, found in zip(cosines, having, strict=True)
    ]
    chosen = [max(range(len(rank)), key=lambda row: (rank[row], -row))]
    had = having[chosen[0]].union(given)
    while len(chosen) < min(MAX_CARRYING, len(rank)):
        rest = [row for row in range(len(rank)) if row not in chosen]
        best = max(rest, key=lambda row: (len(having[row] - had), rank[row], -row))
        if len(having[best] - had) < _GAIN * total:
            break
        chosen.append(best)
        had |= having[best]
    return chosen
