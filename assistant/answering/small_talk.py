"""Replies to greetings, thanks and questions about the assistant itself; they carry no citation."""

from collections.abc import Sequence

_REPLIES = {
    "greeting": "Hello! Ask me anything about {title}; every answer points at the passage it rests on.",
    "wellbeing": "All well, thank you. What would you like to know about {title}?",
    "thanks": "You are welcome. Is there anything else you would like to know about {title}?",
    "praise": "Good. Ask on whenever you like.",
    "farewell": "Goodbye, and come back whenever you have a question.",
    "abilities": (
        "I answer questions from {title}, and only from there: each answer quotes the passage it "
        "rests on, so that you can check it. If the documents do not say, I tell you so."
    ),
}
_TRY = " You could ask: {questions}"
_QUESTIONS_SHOWN = 3


def small_talk_reply(kind: str, title: str, questions: Sequence[str]) -> str:
    """A short reply, with suggested questions where they help."""
    reply = _REPLIES[kind].format(title=f"“{title}”" if title else "the documents")
    if kind in ("greeting", "abilities", "wellbeing") and questions:
        reply += _TRY.format(questions=" ".join(questions[:_QUESTIONS_SHOWN]))
    return reply
