"""What every store must do, whichever engine is behind it."""

import json
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest

from assistant import (
    Attribution,
    Chunk,
    CorpusInfo,
    IndexBusyError,
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
    StorageError,
    VectorsDamagedError,
)
from assistant.ingestion.planning import BuildOptions
from assistant.ingestion.restoring import restore_vectors
from assistant.protocols import Store, StoreView, StoreWriter
from assistant.storage.schema import vector_id
from assistant.testing import WordEncoder, line_chunks
from assistant.types import SeenFile
from tests.storage.kits import Kit
from tests.storage.written import STATE, document_at, put, texts_of, write

ODD = "Emoji 🙂, NUL \0, CRLF\r\n, א, e\u0301 and the last character \U0010ffff0."
FOREST = {"a.txt": "The otter sleeps.\nThe heron waits.", "b.txt": "The lynx hunts."}


@pytest.fixture
def store(kit: Kit) -> Iterator[Store]:
    opened = kit.open()
    yield opened
    opened.close()


def keyword_texts(view: StoreView, *words: str, limit: int = 10) -> list[str]:
    ids = [identifier for identifier, _ in view.catalog.keyword_search(words, limit)]
    chunks = view.catalog.chunks(ids)
    return [chunks[identifier].text for identifier in ids]


def nearest_texts(view: StoreView, text: str, limit: int = 10) -> list[str]:
    nearest = view.nearest(WordEncoder().encode([text])[0], limit)
    chunks = view.catalog.chunks_of_vectors([identifier for identifier, _ in nearest])
    return [chunks[identifier][0].text for identifier, _ in nearest]


def test_before_the_first_ingestion_there_is_no_state(store: Store) -> None:
    assert store.state() is None
    assert not store.vectors_are_whole()
    for opened in (store.snapshot, store.view):
        with pytest.raises(IndexMissingError, match="assistant ingest"), opened():
            pass


def test_what_is_written_comes_back(store: Store) -> None:
    shown = replace(
        document_at("deep/er/a.md", ODD),
        page_starts=(0, 4),
        attribution=Attribution("Ann", "https://example.org", "CC BY 4.0"),
        origins=((0, 2, 1), (4, 9, 3)),
        places=((0, "a1"),),
        styles=((0, 3, "em"), (0, 4, "quote")),
        boxes=((0, 3, 1_000, 2_000, 3_000, 2_100),),
        orders=((0, 3), (4, 5)),
    )
    parts = [Chunk("one", shown.id, 0, len(ODD), ODD, "A\0 heading")]
    with store.exclusively(), store.write("words", keeps_vectors=False) as writer:
        put(writer, shown, parts)
        writer.finish(STATE)
    with store.view() as view:
        catalog = view.catalog
        assert catalog.document(shown.id) == shown
        assert catalog.document("unknown") is None
        assert catalog.chunks(["one", "unknown"]) == {"one": parts[0]}
        assert catalog.document_chunks(shown.id) == parts
        assert catalog.chunks_of_vectors([vector_id(parts[0])]) == {vector_id(parts[0]): parts}
        assert catalog.fingerprints() == {shown.source: shown.sha256}
        (summary,) = catalog.summaries()
        assert (summary.source, summary.characters) == (shown.source, len(ODD))
        assert summary.attribution == shown.attribution
        assert catalog.count_documents() == catalog.count_chunks() == 1
        found = view.vectors_of(parts)
        assert np.array_equal(found["one"], WordEncoder().encode([ODD])[0])


@pytest.mark.parametrize("orders", [None, ()])
def test_a_document_without_orders_is_not_one_that_nobody_looked_at(
    store: Store, orders: tuple[tuple[int, int], ...] | None
) -> None:
    looked_at = replace(document_at("a.md", ODD), orders=orders)
    with store.exclusively(), store.write("words", keeps_vectors=False) as writer:
        put(writer, looked_at, [Chunk("one", looked_at.id, 0, len(ODD), ODD, "")])
        writer.finish(STATE)
    with store.view() as view:
        assert view.catalog.document(looked_at.id) == looked_at


def test_the_state_is_that_of_the_last_commit(store: Store) -> None:
    info = CorpusInfo("Birds", "https://example.org", questions=("Who sings?",))
    write(store, FOREST)
    first = store.state()
    assert first is not None
    assert (first.embedding_model, first.dimension, first.chunk_tokens) == ("words", 64, 10)
    with store.exclusively(), store.record() as update:
        update.set_state(
            {"corpus": json.dumps(asdict(info)), "unread": '{"c.pdf": ["mark", "no text"]}'}
        )
    second = store.state()
    assert second is not None
    assert second.generation != first.generation
    assert second.corpus == info
    assert second.unread == {"c.pdf": ("mark", "no text")}
    assert second.embedding_model == "words"
    assert texts_of(store) == FOREST


def test_the_files_that_were_seen_are_those_recorded_last(store: Store) -> None:
    write(store, FOREST)
    generation = store.state()
    for seen in ({"a": SeenFile(2**40, 2**62, -1, "sha")}, {"b": SeenFile(1, 2, 3, "sha")}, {}):
        with store.exclusively(), store.record() as update:
            update.set_files(seen)
        with store.snapshot() as snapshot:
            assert snapshot.files() == seen
    assert store.state() == generation


def test_a_document_replaces_that_at_its_path(store: Store) -> None:
    write(store, FOREST)
    write(store, {"a.txt": "The beaver builds."})
    with store.view() as view:
        assert nearest_texts(view, "The beaver builds.", 1) == ["The beaver builds."]
        assert keyword_texts(view, "otter") == []
        assert view.catalog.count_chunks() == 2


def test_a_removed_document_is_gone_with_its_chunks(store: Store) -> None:
    write(store, FOREST)
    write(store, {}, gone=["a.txt", "unknown.txt"])
    with store.view() as view:
        assert view.catalog.fingerprints().keys() == {"b.txt"}
        assert nearest_texts(view, "The otter sleeps.") == ["The lynx hunts."]
        assert view.catalog.document_frequencies(["otter", "lynx"]) == {"lynx": 1}


def test_clearing_begins_from_nothing(store: Store) -> None:
    write(store, FOREST)
    with store.exclusively(), store.write("words", keeps_vectors=False) as writer:
        writer.update.clear()
        put(writer, document_at("c.txt", "The moose swims."))
        writer.finish(STATE)
    assert texts_of(store) == {"c.txt": "The moose swims."}
    with store.view() as view:
        assert nearest_texts(view, "The lynx hunts.") == ["The moose swims."]


def test_nothing_is_seen_before_the_block_ends(store: Store, kit: Kit) -> None:
    write(store, FOREST)
    reader = kit.open()
    with store.exclusively(), store.write("words", keeps_vectors=True) as writer:
        put(writer, document_at("a.txt", "The beaver builds."))
        writer.update.remove("b.txt")
        assert texts_of(reader) == FOREST
        writer.finish(STATE)
        assert texts_of(reader) == FOREST
        with reader.view() as view:
            assert keyword_texts(view, "beaver") == []
            assert "The beaver builds." not in nearest_texts(view, "The beaver builds.")
            assert view.catalog.document_frequencies(["beaver", "lynx"]) == {"lynx": 1}
    assert texts_of(reader) == {"a.txt": "The beaver builds."}
    reader.close()


def test_a_block_that_raises_leaves_the_state_as_it_was(store: Store, kit: Kit) -> None:
    write(store, FOREST)
    before = store.state()

    def write_and_fail() -> None:
        with store.exclusively(), store.write("words", keeps_vectors=True) as writer:
            put(writer, document_at("c.txt", "The moose swims."))
            writer.finish(STATE)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert store.state() == before
    assert texts_of(store) == FOREST
    with store.exclusively():
        store.sweep()
    assert kit.leftovers() == 0


def test_a_state_without_the_vector_of_a_chunk_is_not_committed(store: Store) -> None:
    write(store, FOREST)
    text = document_at("c.txt", "The moose swims.")

    def write_text_alone() -> None:
        with store.exclusively(), store.write("words", keeps_vectors=True) as writer:
            writer.update.put(text, "print", line_chunks(text))
            writer.finish(STATE)

    with pytest.raises(StorageError, match="vectors"):
        write_text_alone()
    assert texts_of(store) == FOREST


def test_the_vectors_of_sentences_go_with_those_of_their_chunks(store: Store) -> None:
    write(store, FOREST)
    otter, lynx = ("The otter sleeps.", "The lynx hunts.")
    ids = {text: vector_id(Chunk("", "", 0, 0, text)) for text in (otter, lynx)}
    rows = np.arange(2 * WordEncoder.dimension, dtype=np.int8).reshape(2, -1)
    with store.exclusively(), store.write("words", keeps_vectors=True) as writer:
        writer.update.put_sentences({ids[otter]: rows, ids[lynx]: rows[1:]})
        writer.finish(STATE)
    with store.view() as view:
        found = view.catalog.sentence_vectors([*ids.values(), "0" * 32])
        assert found.keys() == set(ids.values())
        assert found[ids[otter]].tolist() == rows.tolist()
    write(store, {}, gone=["b.txt"])
    with store.view() as view:
        assert view.catalog.sentence_vectors(list(ids.values())).keys() == {ids[otter]}


def test_a_view_keeps_its_state_while_others_are_committed(store: Store, kit: Kit) -> None:
    write(store, FOREST)
    writer = kit.open()
    with ExitStack() as stack:
        old = stack.enter_context(store.view())
        write(writer, {"a.txt": "The beaver builds."})
        new = stack.enter_context(store.view())
        write(writer, {}, gone=["a.txt"])
        assert keyword_texts(old, "otter") == ["The otter sleeps."]
        assert nearest_texts(old, "The otter sleeps.", 1) == ["The otter sleeps."]
        assert old.catalog.count_chunks() == 3
        assert nearest_texts(new, "The beaver builds.", 1) == ["The beaver builds."]
        assert keyword_texts(new, "otter") == []
    assert texts_of(store) == {"b.txt": "The lynx hunts."}
    writer.close()
    assert kit.leftovers() == 0


def test_readers_beside_a_writer_never_see_two_states(store: Store, kit: Kit) -> None:
    def state(number: int) -> dict[str, str]:
        return {
            f"{name}.txt": f"Round{number} of {name} water.\nAlways {name}." for name in "abcdef"
        }

    write(store, state(0))
    mixed: list[object] = []
    done = threading.Event()

    def read() -> None:
        reader = kit.open()
        while not done.is_set():
            with suppress(VectorsDamagedError), reader.view() as view:  # replaced while it opened
                found = {text.split()[0] for text in keyword_texts(view, "water")}
                found |= {
                    text.split()[0]
                    for text in nearest_texts(view, "Of water", 20)
                    if "water" in text
                }
                whole = view.catalog.document("a.txt")
                assert whole is not None
                if found != {whole.text.split()[0]} or view.catalog.count_chunks() != 12:
                    mixed.append(found)
        reader.close()

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for number in range(1, 9):
            write(store, state(number))
    finally:
        done.set()
        for reader in readers:
            reader.join()
    assert mixed == []
    assert texts_of(store) == state(8)


def test_a_view_of_a_part_knows_no_other_documents(store: Store) -> None:
    folders = {
        "a/one.txt": "The otter sleeps.",
        "a/two.txt": "The otter wakes.",
        "ab/three.txt": "The otter eats.",
        "a_b%/four.txt": "The otter dives.",
    }
    write(store, folders)
    with store.view() as view:
        part = view.within("a/", frozenset({"a/one.txt", "a/two.txt"}))
        assert (view.part, part.part) == ("", "a/")
        expected = ["The otter sleeps.", "The otter wakes."]
        assert sorted(keyword_texts(part, "otter")) == expected
        assert sorted(nearest_texts(part, "The otter")) == expected
        assert part.catalog.document("ab/three.txt") is None
        assert [one.source for one in part.catalog.summaries()] == ["a/one.txt", "a/two.txt"]
        assert part.catalog.document_frequencies(["otter"]) == {"otter": 4}
        assert part.catalog.count_chunks() == part.catalog.count_documents() == 4
        one = view.within("a_b%/four.txt", frozenset({"a_b%/four.txt"}))
        assert (
            nearest_texts(one, "The otter") == keyword_texts(one, "otter") == ["The otter dives."]
        )


def test_texts_that_are_the_same_share_a_vector(store: Store) -> None:
    write(store, {"a.txt": "The otter sleeps.\nThe heron waits.", "b.txt": "The otter sleeps."})
    with store.view() as view:
        vector = WordEncoder().encode(["The otter sleeps."])[0]
        (first, _), (second, _) = view.nearest(vector, 5)
        shared = view.catalog.chunks_of_vectors([first, second])
        assert [chunk.document_id for chunk in shared[first]] == ["a.txt", "b.txt"]
        part = view.within("b.txt", frozenset({"b.txt"}))
        assert [chunk.document_id for chunk in part.catalog.chunks_of_vectors([first])[first]] == [
            "b.txt"
        ]
    write(store, {}, gone=["b.txt"])
    with store.view() as view:
        assert nearest_texts(view, "The otter sleeps.", 1) == ["The otter sleeps."]


def test_the_nearest_vectors_are_those_of_an_exact_search(store: Store) -> None:
    random = np.random.default_rng(7)
    vectors = random.normal(size=(300, 64)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    document = document_at("a.txt", "\n".join(f"Line {number}." for number in range(300)))
    chunks = line_chunks(document)
    with store.exclusively(), store.write("words", keeps_vectors=False) as writer:
        writer.update.put(document, "print", chunks)
        writer.vectors.put([vector_id(chunk) for chunk in chunks], vectors)
        writer.finish(STATE)
    with store.view() as view:
        for query in vectors[:20] + 0.05 * random.normal(size=(20, 64)).astype(np.float32):
            unit = query / np.linalg.norm(query)
            cosines = vectors @ unit
            exact = [vector_id(chunks[row]) for row in np.argsort(-cosines)[:8]]
            found = view.nearest(unit, 8)
            assert [identifier for identifier, _ in found] == exact
            assert [score for _, score in found] == pytest.approx(
                np.sort(cosines)[::-1][:8], abs=1e-5
            )
        assert view.nearest(vectors[0], 0) == []


def test_keywords_are_ranked_by_bm25(store: Store) -> None:
    texts = [
        "otter otter river",
        "otter river bank bank bank bank",
        "river",
        "heron",
        "lynx",
        "elk",
    ]
    write(store, {f"{number}.txt": text for number, text in enumerate(texts)})
    lengths = [len(text.split()) for text in texts]
    average = sum(lengths) / len(lengths)

    def bm25(frequency: int, length: int, documents: int) -> float:
        rarity = np.log((len(texts) - documents + 0.5) / (documents + 0.5))
        return float(
            rarity * frequency * 2.2 / (frequency + 1.2 * (1 - 0.75 + 0.75 * length / average))
        )

    with store.view() as view:
        ranked = view.catalog.keyword_search(["otters"], 10)
        chunks = view.catalog.chunks([identifier for identifier, _ in ranked])
        assert [chunks[one].text for one, _ in ranked] == texts[:2]
        assert [score for _, score in ranked] == pytest.approx(
            [bm25(2, 3, 2), bm25(1, 6, 2)], rel=1e-6
        )
        assert view.catalog.keyword_search(["otter"], 1) == ranked[:1]
        both = view.catalog.keyword_search(["heron", "otter"], 10)
        assert [score for _, score in both] == sorted((score for _, score in both), reverse=True)
        assert len(both) == 3


def test_a_heading_is_searched_with_its_text(store: Store) -> None:
    document = document_at("a.txt", "It sleeps.")
    chunk = Chunk("one", "a.txt", 0, 10, "It sleeps.", "The otter")
    with store.exclusively(), store.write("words", keeps_vectors=False) as writer:
        put(writer, document, [chunk])
        writer.finish(STATE)
    with store.view() as view:
        assert keyword_texts(view, "otters") == ["It sleeps."]
        assert keyword_texts(view, "otter it") == []  # no phrase reaches from one to the other


def test_keywords_match_by_stem_with_case_and_diacritics_folded(store: Store) -> None:
    write(store, {"a.txt": "They were COOPERATING in a café.", "b.txt": "Nothing here."})
    with store.view() as view:
        for word in ("cooperation", "Cafe", "CAFÉS"):
            assert keyword_texts(view, word) == ["They were COOPERATING in a café."]


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("CO2", ["CO₂ is a gas."]),
        ("co₂", ["CO₂ is a gas."]),
        ("final", ["The ﬁnal report."]),
        ("ﬁnal", ["The ﬁnal report."]),
        ("AB12", ["ＡＢ１２, 10⁶ units."]),
        ("106", []),
    ],
)
def test_words_are_found_in_whatever_form_they_are_written(
    store: Store, word: str, found: list[str]
) -> None:
    texts = {"a.txt": "CO₂ is a gas.", "b.txt": "The ﬁnal report.", "c.txt": "ＡＢ１２, 10⁶ units."}
    write(store, texts)
    with store.view() as view:
        assert keyword_texts(view, word) == found


def test_a_word_of_several_parts_is_a_phrase(store: Store) -> None:
    write(store, {"a.txt": "The KX-20A is new.", "b.txt": "A 20A fuse in KX.", "c.txt": "Don't."})
    with store.view() as view:
        assert keyword_texts(view, "KX-20A") == ["The KX-20A is new."]
        assert keyword_texts(view, "don't") == ["Don't."]


@pytest.mark.parametrize(
    "word",
    ["'", '"', "' & 'otter", "otter:*", "!otter", "a\\'b", "\0", "", "(", "😀", "x" * 5000, "OR *"],
)
def test_words_are_data_and_never_query_syntax(store: Store, word: str) -> None:
    write(store, FOREST)
    with store.view() as view:
        assert view.catalog.keyword_search([word], 5) in (
            [],
            view.catalog.keyword_search(["otter"], 5),
        )
        assert keyword_texts(view, word, "lynx")[:1] != []


def test_a_text_of_hostile_words_is_found_by_them(store: Store) -> None:
    words = ["'quoted'", "back\\slash", "x" * 5000, "a:b", "<->", "ß", "é'\\", "日本語"]
    write(store, {"a.txt": " ".join(words), "b.txt": "Nothing here."})
    with store.view() as view:
        for word in ("quoted", "slash", "x" * 5000, "b", "日本語"):
            assert len(keyword_texts(view, word)) == 1, word


def test_words_with_signs_are_found_in_their_plain_form(store: Store) -> None:
    write(store, {"a.txt": "CO₂ rises.", "b.txt": "Nothing here.", "c.txt": "CO2 falls."})
    with store.view() as view:
        for word in ("CO2", "CO₂"):
            assert sorted(keyword_texts(view, word)) == ["CO2 falls.", "CO₂ rises."]


def test_frequencies_count_chunks(store: Store) -> None:
    write(store, FOREST)
    with store.view() as view:
        found = view.catalog.document_frequencies(["the", "lynx", "unknown"])
        assert found == {"the": 3, "lynx": 1}


def test_documents_are_listed_in_pages_and_by_search(store: Store) -> None:
    write(store, {f"{name}.txt": "text" for name in ("d", "B", "a", "100%", "x_y")})
    with store.snapshot() as snapshot:
        listed = [one.source for one in snapshot.summaries()]
        assert listed == sorted(listed)
        assert [one.source for one in snapshot.summaries(limit=2, offset=1)] == listed[1:3]
        assert [one.source for one in snapshot.summaries("b.T")] == ["B.txt"]
        assert [one.source for one in snapshot.summaries("0%")] == ["100%.txt"]
        assert snapshot.count_summaries("_") == 1
        assert snapshot.count_summaries() == 5
        assert snapshot.summaries(offset=9) == []


def test_an_id_that_no_document_can_have_is_unknown(store: Store) -> None:
    write(store, {"a.txt": "The otter sleeps."})
    with store.snapshot() as snapshot:
        for identifier in ("", "\0", "a.txt\0", "%", "\U0010ffff"):
            assert snapshot.document(identifier) is None
            assert snapshot.document_chunks(identifier) == []
            assert snapshot.chunks([identifier]) == {}


def test_the_abbreviations_that_documents_define_are_known(store: Store) -> None:
    write(
        store,
        {
            "a.txt": "The World Health Organization (WHO) met. WHO decided. WHO left.",
            "b.txt": "No.",
        },
    )
    with store.view() as view:
        assert view.catalog.abbreviations() == [("WHO", "World Health Organization")]
        part = view.within("b.txt", frozenset({"b.txt"}))
        assert part.catalog.abbreviations() == []
    write(store, {}, gone=["a.txt"])
    with store.snapshot() as snapshot:
        assert snapshot.abbreviations() == []


def test_a_changed_text_of_a_document_is_damage(store: Store, kit: Kit) -> None:
    write(store, FOREST)
    kit.change_text("documents", "otter", "beast")
    with store.view() as view, pytest.raises(IndexDamagedError, match="rebuild"):
        view.catalog.document("a.txt")


def test_a_changed_text_of_a_chunk_is_damage(store: Store, kit: Kit) -> None:
    write(store, FOREST)
    kit.change_text("chunks", "otter", "beast")
    with store.view() as view, pytest.raises(IndexDamagedError, match="rebuild"):
        view.catalog.document_chunks("a.txt")


def test_an_index_of_a_newer_version_is_not_read(store: Store, kit: Kit) -> None:
    write(store, FOREST)
    store.close()
    kit.set_schema_version(999)
    reader = kit.open()
    for read in (reader.state, reader.snapshot().__enter__, reader.view().__enter__):
        with pytest.raises(IndexMismatchError, match="999"):
            read()
    reader.close()


def test_lost_vectors_are_made_again_from_the_catalog(store: Store, kit: Kit) -> None:
    write(store, FOREST)
    store.close()
    kit.lose_vectors()
    reader = kit.open()
    assert not reader.vectors_are_whole()
    with pytest.raises(VectorsDamagedError) as damaged, reader.view():
        pass
    encoder = WordEncoder()
    restore_vectors(reader, encoder, BuildOptions(10, 0, 1000), damaged.value)
    assert len(encoder.encoded) == 3
    assert reader.vectors_are_whole()
    with reader.view() as view:
        assert nearest_texts(view, "The lynx hunts.", 1) == ["The lynx hunts."]
    restore_vectors(reader, encoder, BuildOptions(10, 0, 1000), damaged.value)
    assert len(encoder.encoded) == 3
    reader.close()


def test_a_sound_catalog_is_not_set_aside(store: Store) -> None:
    assert store.set_aside_unless_sound() is None
    write(store, FOREST)
    assert store.set_aside_unless_sound() is None
    assert texts_of(store) == FOREST


def test_an_index_of_a_newer_version_is_set_aside_for_a_rebuild(store: Store, kit: Kit) -> None:
    write(store, FOREST)
    store.close()
    kit.set_schema_version(999)
    rebuilt = kit.open()
    with rebuilt.exclusively():
        assert rebuilt.set_aside_unless_sound()
        assert rebuilt.state() is None
    write(rebuilt, {"c.txt": "The moose swims."})
    assert texts_of(rebuilt) == {"c.txt": "The moose swims."}
    rebuilt.close()


def test_one_ingestion_at_a_time(store: Store, kit: Kit) -> None:
    other = kit.open()
    with store.exclusively():
        with pytest.raises(IndexBusyError, match="Another ingestion"), other.exclusively():
            pass
        with pytest.raises(IndexBusyError), other.exclusively(waits=0.2):
            pass
    with other.exclusively():
        pass
    other.close()


def test_a_store_can_be_closed_twice_and_opened_again(store: Store) -> None:
    write(store, FOREST)
    opened = [store.is_open]
    assert texts_of(store) == FOREST
    opened.append(store.is_open)
    store.close()
    store.close()
    assert [*opened, store.is_open] == [False, True, False]
    assert texts_of(store) == FOREST


def test_the_index_has_a_place_and_a_size(store: Store) -> None:
    write(store, FOREST)
    assert store.location
    assert store.bytes_on_disk() > 1000


def _killed(_: object = None) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _put_and_finish(writer: StoreWriter) -> None:
    put(writer, document_at("a.txt", "The beaver builds."))
    writer.finish(STATE)


STEPS: dict[str, Callable[[StoreWriter], None]] = {
    "begun": lambda writer: None,
    "removed": lambda writer: writer.update.remove("b.txt"),
    "cleared": lambda writer: writer.update.clear(),
    "document put": lambda writer: writer.update.put(
        document_at("a.txt", "The beaver builds."), "print", []
    ),
    "vectors put": lambda writer: put(writer, document_at("a.txt", "The beaver builds.")),
    "finished": _put_and_finish,
}


def _write_until_killed(kit: Kit, step: str) -> None:
    store = kit.open()
    with store.exclusively(), store.write("words", keeps_vectors=True) as writer:
        STEPS[step](writer)
        _killed()


def _hold_until_killed(kit: Kit) -> None:
    with kit.open().exclusively():
        _killed()


def in_a_process(target: Callable[..., None], *arguments: Any) -> None:
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload([__name__])  # once for all tests
    process = processes.Process(target=target, args=arguments)
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL


@pytest.mark.parametrize("step", STEPS)
def test_a_writer_killed_at_any_step_leaves_the_old_state(
    store: Store, kit: Kit, step: str
) -> None:
    write(store, FOREST)
    before = store.state()
    in_a_process(_write_until_killed, kit, step)
    assert store.state() == before
    assert texts_of(store) == FOREST
    with store.view() as view:
        assert keyword_texts(view, "otter") == ["The otter sleeps."]
        assert sorted(nearest_texts(view, "The lynx")) == sorted(
            ["The otter sleeps.", "The heron waits.", "The lynx hunts."]
        )
        assert view.catalog.document_frequencies(["the", "beaver"]) == {"the": 3}
    write(store, {"c.txt": "The moose swims."})
    with store.exclusively():
        store.sweep()
    assert texts_of(store) == {**FOREST, "c.txt": "The moose swims."}
    assert kit.leftovers() == 0


def test_a_killed_ingestion_holds_the_index_no_longer(store: Store, kit: Kit) -> None:
    in_a_process(_hold_until_killed, kit)
    with store.exclusively(waits=5.0):
        pass
