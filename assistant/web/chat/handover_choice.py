"""Answer the questions that this server accepts, or those of all servers over one database."""

from typing import TYPE_CHECKING

from assistant.extras import importing
from assistant.settings import Settings
from assistant.web.chat.open_pages import most_waiting

if TYPE_CHECKING:
    from assistant.web.chat.handover import Handover


def open_handover(settings: Settings) -> "Handover | None":
    """Return where questions wait for the server that answers them, or None without a database."""
    if settings.database is None:
        return None
    with importing("postgres"):
        from assistant.web.chat.handover import Handover  # psycopg is an extra

    return Handover(settings.database.get_secret_value(), *most_waiting(settings.max_in_flight))
