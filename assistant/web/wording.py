"""Sentences of the web chat that more than one of its modules says."""

DEFAULT_TITLE = "Ask your documents"
NOTHING_INGESTED = "Nothing was ingested yet. Run: assistant ingest"
EMPTY_QUESTION = "Write a question first."
STILL_ANSWERING = "The last question is still being answered. Stop it to ask another one."
STOPPED = "You stopped this answer."
INTERRUPTED = "The answer was interrupted."
NOT_KEPT = "This could not be kept just now. Try again, or tell who runs this."
UNFORESEEN = "Something went wrong while answering. Ask again, or tell who runs this."


def too_long(characters: int, longest: int) -> str:
    """Why a question is refused."""
    return f"The question has {characters:,} characters; at most {longest:,} can be asked."
