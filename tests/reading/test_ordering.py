from assistant import Chunk, Hit
from assistant.reading.ordering import likeliest_first
from assistant.testing import ScriptedReader


def hit(text: str) -> Hit:
    return Hit(Chunk(text, "d", 0, len(text), text), 1.0)


def test_the_passage_that_likeliest_answers_comes_first() -> None:
    hits = [hit("about otters"), hit("otters eat eels"), hit("otters eat crabs"), hit("zebras")]
    reader = ScriptedReader(eels=0.3, crabs=0.9)
    ordered = likeliest_first("What do otters eat?", hits, reader)
    assert [one.chunk.text for one in ordered] == [
        "otters eat crabs",
        "otters eat eels",
        "about otters",
        "zebras",
    ]
    assert likeliest_first("q", [], reader) == []
