"""What follows an ingestion from the command line: the questions to begin with are found."""

from contextlib import suppress

from assistant.assistant import Assistant
from assistant.errors import AssistantError


def find_starting_questions(assistant: Assistant) -> None:
    """Find the questions to begin with now, so that no reader waits for them.

    This comes after the report, since the index can be asked before. A corpus that cannot be asked
    now, for instance without its models, has none, and its first reader is told why.
    """
    with suppress(AssistantError):
        assistant.starting_questions()
