"""Count questions in flight in this server alone, or in all servers over one database."""

from assistant.extras import importing
from assistant.settings import Settings
from assistant.web.concurrency import PlacesInAll


def places_in_all(settings: Settings) -> PlacesInAll | None:
    """Return the places of all servers over the database of the settings, or None without a database."""
    if settings.database is None:
        return None
    with importing("postgres"):
        from assistant.web.shared_places import SharedPlaces  # psycopg is an extra

    return SharedPlaces(settings.database.get_secret_value(), settings.max_in_flight)
