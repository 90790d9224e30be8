"""Reply to greetings, thanks and questions about the assistant itself, without citations."""

from collections.abc import Sequence

_REPLIES = {
    "greeting": "Hello! Ask me anything about {title}. Every answer cites the passage it is based on.",
    "wellbeing": "I am well, thank you. What would you like to know about {title}?",
    "thanks": "You are welcome. Is there anything else you would like to know about {title}?",
    "praise": "Glad I could help. Ask me more whenever you like.",
    "farewell": "Goodbye. Come back whenever you have a question.",
    "abilities": (
        "I answer questions from {title} and from nothing else. Each answer cites the passage it is "
        "based on, so that you can check it. If I find no answer, I say so."
    ),
}
_TRY = " You could ask: {questions}"
_QUESTIONS_SHOWN = 3


def small_talk_reply(kind: str, title: str, questions: Sequence[str]) -> str:
    """Return a short reply, with suggested questions if they help."""
    reply = _REPLIES[kind].format(title=f"“{title}”" if title else "the documents")
    if kind in ("greeting", "abilities", "wellbeing") and questions:
        reply += _TRY.format(questions=" ".join(questions[:_QUESTIONS_SHOWN]))
    return reply


def without_questions(reply: str) -> str:
    """Return a reply without the questions that it suggests, for where they are shown beside it."""
    return reply.partition(_TRY.partition("{")[0])[0]
