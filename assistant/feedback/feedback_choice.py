"""Choose where feedback is kept: in a file, or in the database of the index."""

from assistant.extras import importing
from assistant.feedback.store import FILE, FeedbackStore
from assistant.protocols import FeedbackRecords
from assistant.settings import Settings


def open_feedback(settings: Settings) -> FeedbackRecords:
    """Return the feedback of the settings: a file that they name comes before the database."""
    if settings.database is None or settings.feedback_file:
        path = settings.feedback_file or settings.index / FILE
        return FeedbackStore(path, settings.feedback_days)
    with importing("postgres"):
        from assistant.feedback.postgres_feedback import PostgresFeedback  # psycopg is an extra

    return PostgresFeedback(settings.database.get_secret_value(), settings.feedback_days)
