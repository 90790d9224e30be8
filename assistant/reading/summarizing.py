"""Answers "what is this about?" and "summarise …" with the most central sentences.

A sentence is central if it is like many others (Erkan, Radev: LexRank, JAIR 2004, here with the
mean cosine in place of the eigenvector); one that is like a chosen one is passed over (maximal
marginal relevance: Carbonell, Goldstein, SIGIR 1998).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.protocols import Encoder
from assistant.text.headings import is_heading
from assistant.text.sentences import sentences, whole_sentences
from assistant.types import Chunk, Document, Passage

MAX_SENTENCES = 5
MAX_WORDS = 160
MAX_CHUNKS = 24
"""Chunks whose sentences are compared; of a larger corpus, the most central ones."""
_NOVELTY = 0.5
_SAME = 0.75
_FEWEST_WORDS, _MOST_WORDS = 7, 45
_OPENING_BONUS = 0.06
_LEANING = re.compile(
    r"^\W*(?:this|that|these|those|it|its|they|their|he|she|his|her|such|in addition|however|but|and|so|"
    r"also|moreover|furthermore|later|then|indeed|all this|last but not least)\b",
    re.IGNORECASE,
)
_LEANING_MALUS = 0.12
_SCOPE = (
    r"(?:this|it|all\s+this|everything|(?:the|this|these|your|that|those)\s+(?:whole\s+|entire\s+|news\s+)?"
    r"(?:article|document|text|piece|page|paper|report|story|corpus|content|contents|material|source|file|collection|essay)s?)"
)
_OPENING = r"^\W*(?:(?:please|can\s+you|could\s+you|and|so|ok|hi|hello)[\s,]+)*(?:give\s+(?:me\s+)?|write\s+(?:me\s+)?|provide\s+|show\s+me\s+|i\s+(?:need|want)\s+)?"
_KINDS = (
    r"(?:(?:a|an|the|some)\s+)?(?:brief\s+|short\s+|quick\s+|concise\s+|general\s+)?"
    r"(?:summary|overview|digest|gist|synopsis|abstract|outline|recap|tl;?dr|"
    r"(?:main|key|central|most\s+important|major)\s+(?:points?|ideas?|messages?|themes?|takeaways?|arguments?|topics?|findings?|facts|claims?))"
)
_WHOLE = re.compile(
    rf"{_OPENING}(?:"
    rf"what(?:\s+is|(?:'|’)?s|\s+are)\s+{_SCOPE}\s+(?:all\s+|mainly\s+|mostly\s+)?about|what\s+(?:does|do)\s+{_SCOPE}\s+(?:say|discuss|cover|deal\s+with|talk\s+about|contain)|"
    rf"(?:summari[sz]e|sum\s+up|recap|outline)(?:\s+{_SCOPE})?(?:\s+(?:for\s+me|briefly|in\s+(?:a\s+few|\w+)\s+(?:sentences?|words|lines|points)))*|"
    rf"(?:what\s+(?:is|are|(?:'|’)?s)\s+|what(?:'|’)s\s+|list\s+)?{_KINDS}(?:\s+(?:of|in|from)\s+{_SCOPE})?(?:\s+(?:made|here))?|"
    rf"what\s+(?:topics|subjects)\s+(?:are|does)\s+.*(?:covered?|discussed|included)|what\s+do\s+(?:you|the\s+documents)\s+(?:know|contain|cover)|"
    rf"tell\s+me\s+about\s+{_SCOPE}|describe\s+{_SCOPE}|what\s+is\s+(?:the\s+)?(?:topic|subject|theme)(?:\s+of\s+{_SCOPE})?"
    rf")\W*$",
    re.IGNORECASE,
)
_TOPIC = re.compile(
    rf"{_OPENING}(?:(?:summari[sz]e|sum\s+up|recap|outline)\s+(?:what\s+(?:it|the\s+\w+)\s+says?\s+(?:about|on)\s+)?|"
    rf"(?:what\s+(?:is|are)\s+|what(?:'|’)s\s+)?{_KINDS}\s+(?:of|on|about|in|from)\s+)(?P<topic>.+?)\W*$",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"{_OPENING}what(?:\s+is|(?:'|’)?s|\s+are)\s+(?P<topic>.+?)\s+(?:all\s+|mainly\s+)?about\W*$",
    re.IGNORECASE,
)
_COURTESY = re.compile(r"[\s,]+(?:please|thanks|thank\s+you|for\s+me|briefly)\W*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DigestRequest:
    """What to digest: the whole (``topic`` empty) or what the documents say of a topic.

    With ``document_only`` the topic must be the name of a document: "what is the FAQ about?".
    """

    topic: str = ""
    document_only: bool = False


def digest_request(question: str) -> DigestRequest | None:
    """What a question wants summarised; None if it wants something else."""
    if len(question) > 200:
        return None
    question = _COURTESY.sub("", question)
    if _WHOLE.match(question):
        return DigestRequest()
    if match := _TOPIC.match(question):
        return DigestRequest(match["topic"])
    if match := _NAMED.match(question):
        return DigestRequest(match["topic"], document_only=True)
    return None


def central_chunks(
    chunks: Sequence[Chunk], vectors: dict[str, NDArray[np.float32]], limit: int = MAX_CHUNKS
) -> list[Chunk]:
    """The chunks nearest to the mean of all, in their order."""
    chosen = {chunk.id for chunk in by_centrality(chunks, vectors)[:limit]}
    return [chunk for chunk in chunks if chunk.id in chosen]


def by_centrality(chunks: Sequence[Chunk], vectors: dict[str, NDArray[np.float32]]) -> list[Chunk]:
    """The chunks with a vector, the nearest to the mean of all first."""
    known = [chunk for chunk in chunks if chunk.id in vectors]
    if not known:
        return []
    matrix = np.stack([vectors[chunk.id] for chunk in known])
    closeness = matrix @ matrix.mean(axis=0)
    return [known[row] for row in np.argsort(-closeness, kind="stable").tolist()]


def digest(
    chunks: Sequence[Chunk],
    document: Callable[[str], Document],
    encoder: Encoder,
    topic: str = "",
    limit: int = MAX_SENTENCES,
) -> list[Passage]:
    """Up to ``limit`` central sentences of the chunks in document order, no two alike.

    With a topic, sentences are weighed by their closeness to it as well.
    """
    candidates = _candidates(chunks, document)
    if not candidates:
        return []
    vectors = encoder.encode(
        [*(passage.text for passage in candidates), *([topic] if topic else [])]
    )
    sentence_vectors = vectors[: len(candidates)]
    similarity = sentence_vectors @ sentence_vectors.T
    scores = similarity.mean(axis=1)
    if topic:
        scores = 0.3 * scores + 0.7 * (sentence_vectors @ vectors[-1])
    scores = scores + np.array([_form(passage) for passage in candidates])
    chosen = _diverse(candidates, scores, similarity, limit)
    return sorted(chosen, key=lambda passage: (passage.document.source, passage.start))


def _candidates(chunks: Sequence[Chunk], document: Callable[[str], Document]) -> list[Passage]:
    found: dict[tuple[str, int, int], Passage] = {}
    for chunk in chunks:
        of = document(chunk.document_id)
        for sentence in sentences(chunk.text):
            start, end = chunk.start + sentence.start, chunk.start + sentence.end
            span = whole_sentences(of, start, end)
            length = len(of.text[span.start : span.end].split())
            if _FEWEST_WORDS <= length <= _MOST_WORDS and not is_heading(of, span):
                found[of.id, span.start, span.end] = Passage(of, span.start, span.end)
    return list(found.values())


def _form(passage: Passage) -> float:
    """A bonus for standing early, a malus for leaning on the sentence before."""
    early = _OPENING_BONUS * (1.0 - passage.start / max(1, len(passage.document.text)))
    return early - (_LEANING_MALUS if _LEANING.match(passage.text) else 0.0)


def _diverse(
    candidates: Sequence[Passage],
    scores: NDArray[np.float32],
    similarity: NDArray[np.float32],
    limit: int,
) -> list[Passage]:
    chosen: list[int] = []
    words = 0
    while len(chosen) < limit:
        nearest = similarity[:, chosen].max(axis=1) if chosen else np.zeros(len(candidates))
        marginal = np.where(
            nearest > _SAME, -np.inf, scores - _NOVELTY * np.maximum(nearest, 0) ** 2
        )
        marginal[chosen] = -np.inf
        best = int(np.argmax(marginal))
        words += len(candidates[best].text.split())
        if not np.isfinite(marginal[best]) or (chosen and words > MAX_WORDS):
            break
        chosen.append(best)
    return [candidates[row] for row in chosen]
