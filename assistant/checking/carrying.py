"""Find the sentences of passages that support a paraphrase, and measure how similar they are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assistant.protocols import Encoder
from assistant.storage.stemming import Stemmer
from assistant.text.headings import is_heading, sections
from assistant.text.sentences import sentences
from assistant.text.spans import Span
from assistant.text.steering import reads_as_instruction
from assistant.types import Passage

MAX_CARRYING = 3
"""The largest number of sentences that a citation narrows to."""
_MOST_COMPARED = 60
"""The largest number of sentences of the passages that are compared."""
_GAIN = 0.12
"""The smallest share of a sentence's words that a further supporting sentence must add."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """The similarity of a sentence and the sentences that support it, in numbers from 0 to 1.

    ``cosine`` compares the embedding of the sentence with that of all supporting sentences
    together, ``best`` with that of the nearest single sentence. ``coverage`` is the share of its
    content words in the supporting sentences, ``wide`` the share in the whole passages.
    """

    cosine: float
    best: float
    coverage: float
    wide: float


@dataclass(frozen=True, slots=True)
class Carried:
    """The sentences that support a sentence, in document order, and their similarity to it."""

    passages: tuple[Passage, ...]
    likeness: Likeness


def carry(
    sentence: str,
    checked: str,
    passages: Sequence[Passage],
    encoder: Encoder,
    stemmer: Stemmer,
) -> Carried:
    """Return the sentences of the passages, at most three, that together cover a sentence best.

    ``checked`` contains the names and values of the sentence, which were found in some form and
    count as covered. Headings and titles count as part of every sentence below them.
    """
    sources = source_sentences(passages)
    texts = [source.text for source in sources]
    vectors = encoder.encode([sentence, *texts])
    cosines = (vectors[1:] @ vectors[0]).tolist()
    contexts = [context(passage) for passage in passages]
    stems = stemmer.stems([sentence, checked, "\n".join(contexts), *texts])
    wanted = {stem for stem in stems[0] if stem not in stemmer.stop_stems} or set(stems[0])
    stems_by_row = [wanted.intersection(present) for present in stems[3:]]
    in_context = wanted.intersection(stems[2])
    chosen = _chosen(len(wanted), in_context, stems_by_row, cosines)
    covered = in_context.union(
        wanted.intersection(stems[1]), *(stems_by_row[row] for row in chosen)
    )
    cosine = cosines[chosen[0]]
    if len(chosen) > 1:
        together = " ".join(texts[row] for row in sorted(chosen))
        cosine = float(encoder.encode([together])[0] @ vectors[0])
    total = max(1, len(wanted))
    likeness = Likeness(
        cosine, max(cosines), len(covered) / total, len(covered.union(*stems_by_row)) / total
    )
    return Carried(tuple(sources[row] for row in sorted(chosen)), likeness)


def are_headings(passages: Sequence[Passage]) -> bool:
    """Return whether the passages contain nothing but titles and headings."""
    return all(
        is_heading(source.document, Span(source.start, source.end))
        for source in source_sentences(passages)
    )


def source_sentences(passages: Sequence[Passage]) -> list[Passage]:
    """Return the distinct sentences of the passages in order, without headings if possible."""
    by_place: dict[tuple[str, int, int], Passage] = {}
    for passage in passages:
        document = passage.document
        for span in sentences(document.text, passage.start, passage.end):
            key = (document.id, span.start, span.end)
            by_place[key] = Passage(document, span.start, span.end)
    distinct = list(by_place.values())[:_MOST_COMPARED]
    without_headings = [
        source
        for source in distinct
        if not is_heading(source.document, Span(source.start, source.end))
    ]
    return without_headings or distinct


def context(passage: Passage) -> str:
    """Return the document's title and the headings above a passage, one a line.

    Titles that read like instructions are left out.
    """
    document = passage.document
    titles = [
        title
        for section in sections(document.text, document.media_type)
        if section.start < passage.end and passage.start < section.end
        for title in section.titles
    ]
    safe_titles = [title for title in (document.title, *titles) if not reads_as_instruction(title)]
    return "\n".join(dict.fromkeys(safe_titles))


def _chosen(
    total: int,
    in_context: Collection[str],
    stems_by_row: Sequence[set[str]],
    cosines: Sequence[float],
) -> list[int]:
    """Return the rows of the most similar sentence and of those that add most to it."""
    rank = [
        cosine + len(present) / max(1, total)
        for cosine, present in zip(cosines, stems_by_row, strict=True)
    ]
    chosen = [max(range(len(rank)), key=lambda row: (rank[row], -row))]
    covered = stems_by_row[chosen[0]].union(in_context)
    while len(chosen) < min(MAX_CARRYING, len(rank)):
        rest = [row for row in range(len(rank)) if row not in chosen]
        best = max(rest, key=lambda row: (len(stems_by_row[row] - covered), rank[row], -row))
        if len(stems_by_row[best] - covered) < _GAIN * total:
            break
        chosen.append(best)
        covered |= stems_by_row[best]
    return chosen
