from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant import Assistant, Chunk, Document, Status, Turn
from assistant.reading.summarizing import (
    MAX_SENTENCES,
    MAX_WORDS,
    by_centrality,
    central_chunks,
    chunks_to_summarize,
    digest,
    sentences_for,
)
from assistant.session import Session
from assistant.testing import WordEncoder
from assistant.understanding.intents import Intent, IntentKind
from tests.sessions import open_session

OTTERS = "Otters of the wide river eat crabs and eels."
BADGERS = "Badgers of the dark forest dig deep long tunnels."
ZEBRAS = "Zebras on the open savanna graze beside tall giraffes."
TEXT = f"Animals\n\n{OTTERS} {BADGERS}\n\n{ZEBRAS} {OTTERS} They sleep.\n"
DOCUMENT = Document("d", "a.txt", "Animals", TEXT, "h", "text/plain")
WHOLE = Chunk("c", "d", 0, len(TEXT), TEXT)


def chunk(name: str) -> Chunk:
    return Chunk(name, "d", 0, 1, "A")


def vectors(**rows: list[float]) -> dict[str, NDArray[np.float32]]:
    return {name: np.array(row, dtype=np.float32) for name, row in rows.items()}


def quotes(*chunks: Chunk, topic: str = "", limit: int = 5) -> list[str]:
    found = digest(chunks, lambda _: DOCUMENT, WordEncoder(), topic, limit)
    return [passage.text for passage in found]


THREE = [chunk("far"), chunk("near"), chunk("middle"), chunk("unknown")]
PLACED = vectors(far=[0.0, 1.0], near=[0.8, 0.6], middle=[1.0, 0.0])


def test_chunks_are_ordered_by_their_closeness_to_the_mean_of_all() -> None:
    # the mean is (1.8, 1.6) / 3: closeness is 0.8 for near, 0.6 for middle, 0.53 for far
    assert [one.id for one in by_centrality(THREE, PLACED)] == ["near", "middle", "far"]
    assert by_centrality(THREE, {}) == []


def test_the_central_chunks_keep_their_order() -> None:
    assert [one.id for one in central_chunks(THREE, PLACED, limit=2)] == ["near", "middle"]
    assert [one.id for one in central_chunks(THREE, PLACED)] == ["far", "near", "middle"]


def test_a_digest_has_whole_sentences_in_the_order_of_the_document_none_twice() -> None:
    assert quotes(WHOLE) == [OTTERS, BADGERS, ZEBRAS]


def test_a_digest_has_at_most_so_many_sentences() -> None:
    assert len(quotes(WHOLE, limit=2)) == 2


def test_a_topic_chooses_what_is_nearest_to_it() -> None:
    assert quotes(WHOLE, topic="badgers dig tunnels in the dark forest", limit=1) == [BADGERS]
    assert quotes(WHOLE, topic="zebras graze on the savanna", limit=1) == [ZEBRAS]


def test_headings_and_very_short_sentences_are_left_out() -> None:
    heading = Chunk("c", "d", 0, 7, "Animals")
    assert quotes(heading) == []
    start = TEXT.index("They sleep.")
    assert quotes(Chunk("c", "d", start, start + 11, "They sleep.")) == []


def test_a_digest_of_nothing_is_empty() -> None:
    assert quotes() == []


def test_a_digest_stays_short() -> None:
    rows = [" ".join(f"{letter}{n}" for n in range(42)) + "." for letter in "ABCDEFG"]
    text = "\n\n".join(rows)
    document = Document("d", "a.txt", "T", text, "h", "text/plain")
    found = digest([Chunk("c", "d", 0, len(text), text)], lambda _: document, WordEncoder())
    assert 0 < sum(len(passage.text.split()) for passage in found) <= MAX_WORDS


@pytest.fixture
def session(corpus: Path, small_assistant: Assistant) -> Iterator[Session]:
    (corpus / "handbook.txt").write_text(f"The Otter Handbook\n\n{OTTERS}\n")
    (corpus / "report.txt").write_text(f"The Zebra Report\n\n{ZEBRAS}\n")
    small_assistant.ingest()
    with open_session(small_assistant) as session:
        yield session


def summarized(session: Session, intent: Intent) -> tuple[str, str]:
    chunks, topic = chunks_to_summarize(session, intent)
    return " ".join(chunk.text for chunk in chunks), topic


def test_a_summary_of_the_whole_is_of_all_documents(session: Session) -> None:
    text, topic = summarized(session, Intent(IntentKind.SUMMARY, "q"))
    assert OTTERS in text
    assert ZEBRAS in text
    assert topic == ""


def test_a_named_document_is_summarized_alone(session: Session) -> None:
    intent = Intent(IntentKind.SUMMARY, "q", topic="the zebra report", names_document=True)
    text, topic = summarized(session, intent)
    assert (ZEBRAS in text, OTTERS in text, topic) == (True, False, "")


def test_a_name_that_no_document_has_gives_nothing(session: Session) -> None:
    intent = Intent(IntentKind.SUMMARY, "q", topic="the lion report", names_document=True)
    assert summarized(session, intent) == ("", "")


def test_a_topic_is_summarized_from_what_is_near_to_it(session: Session) -> None:
    intent = Intent(IntentKind.SUMMARY, "q", topic="otters eat crabs and eels of the river")
    text, topic = summarized(session, intent)
    assert OTTERS in text
    assert ZEBRAS not in text
    assert topic == intent.topic


def test_each_part_of_a_document_contributes_a_sentence() -> None:
    dull = "Otters of the wide river eat crabs number"
    rows = [f"{dull} {n} and eels." for n in range(8)] + [ZEBRAS, BADGERS]
    text = "\n\n".join(rows)
    document = Document("d", "a.txt", "T", text, "h", "text/plain")
    chunk = Chunk("c", "d", 0, len(text), text)
    found = digest([chunk], lambda _: document, WordEncoder(), limit=3)
    assert found[-1].text in (ZEBRAS, BADGERS)


def test_a_sentence_that_leans_on_another_is_left_out_where_the_part_has_a_better_one() -> None:
    text = f"These otters of the wide river eat crabs and eels.\n\n{BADGERS}\n"
    document = Document("d", "a.txt", "T", text, "h", "text/plain")
    chunk = Chunk("c", "d", 0, len(text), text)
    found = digest([chunk], lambda _: document, WordEncoder(), limit=1)
    assert [passage.text for passage in found] == [BADGERS]


@pytest.mark.parametrize(
    "dull",
    [
        "Those of the wide river eat crabs, and they eat eels.",
        "Regional cooperation requires that these disputes are settled soon.",
        "In 1904 it was replaced by an otter of the wide river.",
        "| Otters | eat crabs and eels | of the wide river |",
    ],
)
def test_what_is_not_understood_alone_is_left_out_of_a_digest(dull: str) -> None:
    text = f"{BADGERS}\n\n{dull}\n\n{ZEBRAS}\n"
    document = Document("d", "a.txt", "T", text, "h", "text/plain")
    found = digest(
        [Chunk("c", "d", 0, len(text), text)], lambda _: document, WordEncoder(), limit=2
    )
    assert [passage.text for passage in found] == [BADGERS, ZEBRAS]


def test_each_document_contributes_to_a_digest_of_several() -> None:
    texts = {"a": f"{OTTERS}\n\n{BADGERS}\n", "b": f"{ZEBRAS}\n"}
    documents = {
        name: Document(name, f"{name}.txt", name, text, "h", "text/plain")
        for name, text in texts.items()
    }
    chunks = [Chunk(name, name, 0, len(text), text) for name, text in texts.items()]
    found = digest(chunks, documents.__getitem__, WordEncoder(), limit=2)
    assert {passage.document.id for passage in found} == {"a", "b"}


def test_a_digest_keeps_to_a_number_of_words() -> None:
    found = digest([WHOLE], lambda _: DOCUMENT, WordEncoder(), most_words=18)
    assert sum(len(passage.text.split()) for passage in found) <= 18
    assert [sentences_for(words) for words in (0, 10, 50)] == [MAX_SENTENCES, 1, 4]


@pytest.mark.parametrize("explain", ["Explain", "Can you explain that in more detail?"])
def test_to_explain_a_summary_further_repeats_nothing_of_it(
    article_assistant: Assistant, explain: str
) -> None:
    asked = "What is this article about?"
    first = article_assistant.ask(asked)
    second = article_assistant.ask(explain, [Turn(asked, first)])
    third = article_assistant.ask(explain, [Turn(asked, first), Turn(explain, second)])
    quotes = [one.quote for answer in (first, second, third) for one in answer.citations]
    assert len(quotes) == len(set(quotes)) >= 9
    assert {second.status, third.status} == {Status.ANSWERED}
