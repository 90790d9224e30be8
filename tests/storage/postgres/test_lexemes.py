import psycopg
import pytest

from assistant.storage.postgres.lexemes import keywords_of, lexeme, phrase_of, repeated_in
from tests.postgres_server import PostgresServer


def test_positions_go_on_behind_a_gap() -> None:
    assert keywords_of(["otter", "sleep"], ["otter"]) == "'otter':1,4 'sleep':2"
    assert keywords_of([], []) == ""


def test_signs_of_the_syntax_are_escaped() -> None:
    assert phrase_of(["o'clock", "a\\b"]) == "'o''clock' <-> 'a\\\\b'"


@pytest.mark.parametrize(
    "stem", ["otter", "'", "\\", "\\'", "a b", "é", "x" * 5000, "日本語", ":*&|!"]
)
def test_the_database_reads_a_stem_as_it_was_written(
    stem: str, postgres_server: PostgresServer
) -> None:
    with psycopg.connect(postgres_server.new_database()) as connection:
        row = connection.execute(
            "SELECT lexeme, keywords @@ query FROM"
            " (SELECT %s::tsvector AS keywords, %s::tsquery AS query) AS texts, unnest(keywords)",
            (keywords_of([stem]), phrase_of([stem])),
        ).fetchone()
    assert row == (lexeme(stem), True)


def test_positions_end_where_those_of_the_database_do(postgres_server: PostgresServer) -> None:
    stems = [f"s{number}" for number in range(20_000)]
    with psycopg.connect(postgres_server.new_database()) as connection:
        row = connection.execute("SELECT length(%s::tsvector)", (keywords_of(stems),)).fetchone()
    assert row == (20_000,)


def test_stems_that_occur_more_than_once_are_counted() -> None:
    assert repeated_in(["otter", "sleep"], ["otter", "otter"]) == '{"otter": 3}'
    assert repeated_in(["otter"], []) is None
