"""Greetings, thanks and questions about the assistant itself: a short human reply, no citation."""

import re
from collections.abc import Sequence

_END = r"[\s!.,?…)(:;'\"-]*"
_TO_YOU = r"(?:\s+(?:there|all|everyone|everybody|assistant|team|again|you))?"
_PATTERNS: tuple[tuple[str, str], ...] = (
    (
        "greeting",
        rf"(?:hi+|hello+|hey+|hiya|howdy|greetings|yo|good\s+(?:morning|afternoon|evening|day)|hallo|"
        rf"bonjour|hola|ciao|namaste|salut){_TO_YOU}",
    ),
    (
        "wellbeing",
        rf"(?:(?:hi|hello|hey){_TO_YOU}[\s,!.]*)?"
        r"(?:how\s+are\s+(?:you|things)(?:\s+(?:doing|today|doing today))?|how(?:'|’)?s\s+it\s+going|what(?:'|’)?s\s+up|sup)",
    ),
    (
        "thanks",
        r"(?:(?:ok|okay|great|perfect|cool|nice)[\s,!.]*)?(?:many\s+)?(?:thanks?|thank\s+you|thx|ty|cheers|much\s+appreciated)"
        r"(?:\s+(?:so|very)\s+much|\s+a\s+(?:lot|million|bunch)|\s+again|\s+for\s+(?:your|the|that|this)(?:\s+\w+)?)*",
    ),
    (
        "praise",
        r"(?:ok|okay|k|great|perfect|cool|nice|awesome|wonderful|excellent|got\s+it|i\s+see|good(?:\s+(?:job|answer|bot))?|"
        r"well\s+done|understood|alright|all\s+right|that(?:'|’)?s\s+(?:great|good|helpful|all)|very\s+(?:good|helpful))",
    ),
    (
        "farewell",
        r"(?:good\s*-?bye|bye(?:\s*-?\s*bye)?|see\s+(?:you|ya)(?:\s+later)?|farewell|good\s+night)",
    ),
    (
        "abilities",
        r"(?:(?:hi|hello|hey)[\s,!.]*)?(?:(?:so|and|please)[\s,]+)?"
        r"(?:what\s+(?:can|do|could)\s+you\s+(?:do|know|help(?:\s+me)?(?:\s+with)?|answer)(?:\s+for\s+me|\s+about)?|"
        r"what\s+(?:are|is)\s+(?:you|this\s+(?:bot|assistant|chat|chatbot|tool|thing))(?:\s+(?:for|able\s+to\s+do|capable\s+of))?|"
        r"who\s+(?:are|made|built|created)\s+you|what(?:'|’)?s\s+your\s+(?:name|purpose)|what\s+is\s+your\s+(?:name|purpose)|"
        r"how\s+(?:do|does|can)\s+(?:you|this|i\s+use\s+(?:you|this))(?:\s+work)?|(?:can|could)\s+you\s+help(?:\s+me)?|help(?:\s+me)?|"
        r"what\s+(?:can|should|could)\s+i\s+ask(?:\s+you)?(?:\s+about)?|are\s+you\s+(?:an?\s+)?(?:ai|bot|robot|human|real|chatgpt|person)(?:\s+\w+)?)",
    ),
)
_COMPILED = [
    (kind, re.compile(rf"[\s!.,]*{pattern}{_TO_YOU}{_END}", re.IGNORECASE))
    for kind, pattern in _PATTERNS
]

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


def small_talk_kind(question: str) -> str | None:
    """Which kind of small talk the whole of a question is; None if it asks something."""
    if len(question) > 120:
        return None
    return next((kind for kind, pattern in _COMPILED if pattern.fullmatch(question)), None)


def small_talk_reply(kind: str, title: str, questions: Sequence[str]) -> str:
    """A short reply, with suggested questions where they help."""
    reply = _REPLIES[kind].format(title=f"“{title}”" if title else "the documents")
    if kind in ("greeting", "abilities", "wellbeing") and questions:
        reply += _TRY.format(questions=" ".join(questions[:_QUESTIONS_SHOWN]))
    return reply
