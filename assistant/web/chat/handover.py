"""Hand the questions of the chat's page from the server that accepts them to the one that answers.

Gradio's page sends a question and opens the stream of its answer by two requests, which may reach two
servers. A question waits in the database in between, for seconds, and is then deleted there.
"""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from assistant.errors import ServerBusyError
from assistant.feedback.postgres_feedback import MIGRATIONS, SCHEMA
from assistant.storage.postgres.database import Database
from assistant.web.chat.open_pages import MOST_CHARACTERS, SECONDS_TO_ANSWER, SECONDS_TO_COME
from assistant.web.strings import load_strings

TEXTS = load_strings("chat")


@dataclass(frozen=True, slots=True)
class Handed:
    """A question that the page has sent: its call as JSON, and whether the page dropped it."""

    id: str
    call: str
    is_dropped: bool


class Handover:
    """The questions that wait for the stream of their page, on any of the servers. Thread-safe.

    At most ``in_all`` of them wait, and ``by_client`` of a client. Every method waits for the
    database, and raises `StorageError` if it cannot be used.
    """

    def __init__(self, address: str, in_all: int, by_client: int) -> None:
        self._in_all, self._by_client = in_all, by_client
        self._database = Database(address, SCHEMA, MIGRATIONS, ".", connections=4)

    def put(self, page: str, client: str, call: str) -> str:
        """Add a question in place of the page's others, and return its id.

        Raise `ServerBusyError` if too many wait.
        """
        values = {
            "id": secrets.token_hex(16),
            "page": page,
            "client": hashlib.sha256(client.encode()).digest(),
            "call": call,
            "characters": len(call),
            "come": SECONDS_TO_COME,
            "answer": SECONDS_TO_ANSWER,
        }
        with self._database.writing() as connection:
            self._check(connection, values)
            connection.execute("UPDATE asked SET is_dropped = TRUE WHERE page = %(page)s", values)
            connection.execute(
                "INSERT INTO asked (id, page, client, call, characters)"
                " VALUES (%(id)s, %(page)s, %(client)s, %(call)s, %(characters)s)",
                values,
            )
        return str(values["id"])

    def take(self, page: str) -> Handed | None:
        """Return the oldest question that waits for a page's stream, once, and delete its text."""
        values = {"page": page, "come": SECONDS_TO_COME}
        with self._database.writing() as connection:
            row = connection.execute(
                "SELECT id, call, is_dropped FROM asked WHERE page = %(page)s AND NOT is_taken"
                " AND time > clock_timestamp() - make_interval(secs => %(come)s)"
                " ORDER BY time LIMIT 1 FOR UPDATE SKIP LOCKED",
                values,
            ).fetchone()
            if row is None:
                return None
            connection.execute("UPDATE asked SET is_taken = TRUE, call = '' WHERE id = %s", row[:1])
        return Handed(*row)

    def drop(self, page: str, question: str) -> None:
        """Let the server that answers a question of a page stop. Ignore an unknown question."""
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE asked SET is_dropped = TRUE WHERE page = %s AND id = %s", (page, question)
            )

    def is_dropped(self, question: str) -> bool:
        """Return whether the page has dropped a question that was taken."""
        with self._database.writing() as connection:
            row = connection.execute(
                "SELECT is_dropped FROM asked WHERE id = %s", (question,)
            ).fetchone()
        return row is not None and bool(row[0])

    def close(self) -> None:
        """Close the connections."""
        self._database.close()

    def _check(self, connection: Any, values: dict[str, Any]) -> None:
        """Delete what nobody came for. Raise `ServerBusyError` if too many questions wait."""
        connection.execute(
            "DELETE FROM asked WHERE time < clock_timestamp() - make_interval(secs =>"
            " CASE WHEN is_taken THEN %(answer)s ELSE %(come)s END)",
            values,
        )
        ((in_all, of_client, characters, characters_of_client),) = connection.execute(
            "SELECT count(*), count(*) FILTER (WHERE client = %(client)s),"
            " coalesce(sum(characters), 0),"
            " coalesce(sum(characters) FILTER (WHERE client = %(client)s), 0)"
            " FROM asked WHERE NOT is_taken",
            values,
        ).fetchall()
        more = values["characters"]
        if (
            in_all >= self._in_all
            or of_client >= self._by_client
            or characters_of_client + more > MOST_CHARACTERS
            or characters + more > 2 * MOST_CHARACTERS
        ):
            raise ServerBusyError(TEXTS("too_many_pages"))
