"""Complete a question that refers to the conversation, by rules, without a language model.

"Where was that?", "And partners?" and "Why?" are completed from the last turns. A standalone
question is left unchanged.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.text.phrases import any_of, phrases
from assistant.text.words import STOP_WORDS, words
from assistant.types import Status, Turn

_WH = rf"(?:{any_of('question_words')})"
_AUXILIARY = rf"(?:{any_of('auxiliaries')})"
_FRAGMENT_LENGTH = 6

_LEAD = re.compile(
    r"^\s*(?:(?:and|but|or|so|then|also|ok(?:ay)?|well|now)\b[\s,]*)+", re.IGNORECASE
)
_ABOUT = re.compile(
    r"^\s*(?:and\s+|but\s+|so\s+)?(?:what|how)\s+about\s+(?P<topic>.+?)[\s?.!]*$", re.IGNORECASE
)
_BARE_WH = re.compile(
    rf"^\W*(?P<wh>(?:(?:since|until|from|by|in|at|on|to|for|with|of)\s+)?{_WH}"
    rf"(?:\s+(?:{any_of('words_after_question_words')}))*)[\s?.!]*$",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(
    rf"\bit\s+(?:(?:is|was)\s+)?(?:{any_of('adjectives_after_it')})\b(?:\s+that\b)?|"
    rf"\bit\s+(?:{any_of('verbs_after_it')})\s+(?:\w+\s+){{0,3}}to\s+\w|"
    rf"\b{_AUXILIARY}\s+there\s+\w|\bthere\s+(?:is|are|was|were|will|has|have)\b",
    re.IGNORECASE,
)
_THIS_DOCUMENT = re.compile(
    rf"\b(?:{any_of('determiners')})\s+(?P<noun>{any_of('document_nouns', with_plurals=True)})\b",
    re.IGNORECASE,
)
_GENERAL_NOUN = re.compile(any_of("general_document_nouns", with_plurals=True), re.IGNORECASE)
_RELATIVE_THAT = re.compile(
    rf"(?<!about )(?<!after )(?<!before )(?<!like )\bthat\s+(?!(?:{any_of('words_after_pointing_that')})\b)\w+",
    re.IGNORECASE,
)
_DEMONSTRATIVE = re.compile(
    rf"\b(?:this|that|these|those)\b(?=\s*[?.!]*$|\s+{_AUXILIARY}\b|"
    rf"\s+(?:{any_of('words_after_pointing_that')}|{any_of('prepositions_after_that')})\b)|"
    rf"^\W*(?:{_WH}\s+)?{_AUXILIARY}(?:n't)?\s+(?:this|that|these|those)\b|\b(?:these|those)\s+\w+|"
    rf"\b(?:this|that)\s+(?!{_AUXILIARY}\b)\w+\s*[?.!]*$",
    re.IGNORECASE,
)
_POINTING = re.compile(
    r"\b(?:that|this)\b(?=\s*[?.!]*$)|(?:(?<=\bwas )|(?<=\bis ))(?:that|this)\b", re.IGNORECASE
)
_JOINING = re.compile(rf"\b(?P<word>{any_of('joining_words')})\b", re.IGNORECASE)
_POSSESSIVE = ("its", "their", "his", "theirs", "hers")
_PERSONAL = re.compile(
    r"\b(?P<word>it|its|itself|they|them|their|theirs|he|him|his|she|her|hers)\b", re.IGNORECASE
)
_PLACE_OR_TIME = re.compile(
    r"\b(?:there|then|thereafter|at that time|since then)\b[\s?.!]*$", re.IGNORECASE
)
_COMPARATIVE = re.compile(
    r"\b(?:the\s+(?:same|former|latter|others?|first\s+one|second\s+one|rest|other\s+ones?)|which\s+ones?|"
    r"(?:any|the|how\s+many)\s+(?:others?|ones?))\b",
    re.IGNORECASE,
)
_CAPITALISED = re.compile(
    r"(?:\b(?:[Tt]he|[Aa]n?)\s+)?\b[A-Z][\w’'.-]*"
    r"(?:\s+(?:(?:of|the|for|on|and|in)\s+)*[A-Z][\w’'.-]*|\s+\d[\w.]*\b)*"
)
_FIRST_PERSON = re.compile(r"I(?:['’]\w+)?")
_NOUN_PHRASE = re.compile(
    r"\b(?:the|a|an|its|their|this|these|those)\s+(?:[a-z][\w’'-]*\s+){0,2}[a-z][\w’'-]*",
    re.IGNORECASE,
)
_VERB_OF_STATEMENT = re.compile(rf"\s(?:{any_of('verbs_of_statements')})\s")
_ASKS_FOR_THING = re.compile(
    rf"^\W*(?i:who|what|which)\b(?!\s+(?i:{_AUXILIARY})\s+(?:(?:the|a|an|this|that|its|their)\b|[A-Z]))"
)
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_COUNTED = re.compile(
    r"\b(?:how (?:many|much)|which|what)\s+"
    rf"(?P<noun>[a-z][\w-]*\s+(?!{_AUXILIARY}\b)[a-z][\w-]*s\b|[a-z][\w-]*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Resolution:
    """A complete question, and whether the history was needed to complete it.

    ``others`` contains less likely ways to complete it. Reading the documents decides which of
    them is answered. ``more`` means that the question asks for more of the same, so that earlier
    answers must not be repeated.
    """

    question: str
    from_history: bool
    more: bool = False
    others: tuple[str, ...] = ()


def resolve(question: str, history: Sequence[Turn]) -> Resolution:
    """Return the standalone question, given the turns before it, oldest first."""
    question = " ".join(question.split())
    context = _context(history)
    if context is None:
        return Resolution(question, False)
    if any(phrase.match(question) for phrase in phrases("more_of_the_same")):
        return Resolution(
            f"{_ended(context.standalone)} ({question.rstrip('?.! ').lower()})", True, True
        )
    if about := _ABOUT.match(question):
        return Resolution(_swap(context, about["topic"]), True)
    stripped = _LEAD.sub("", question)
    if bare := _BARE_WH.match(stripped):
        return Resolution(_with_question_word(context, bare["wh"]), True)
    if stripped != question and _is_fragment(stripped):
        return Resolution(_swap(context, stripped.rstrip("?.! ")), True)
    if needs_history(stripped, f"{context.standalone} {context.answer_text}"):
        question, *others = _readings(stripped, context)
        return Resolution(question, True, others=tuple(others))
    return Resolution(question, False)


def needs_history(question: str, before: str = "") -> bool:
    """Return whether a word of the question refers to something that the question does not name.

    "This handbook" is a document, unless the last turn, ``before``, has the word "handbook".
    """
    text = _without_documents(_EXPLETIVE.sub(" ", question), before.lower())
    if _PLACE_OR_TIME.search(text) or _COMPARATIVE.search(text) or _DEMONSTRATIVE.search(text):
        return True
    text = _RELATIVE_THAT.sub(" ", text)
    return any(not _named_before(text, match) for match in _PERSONAL.finditer(text))


def _without_documents(question: str, before: str) -> str:
    """Return a question without "this report", unless the word means something of the last turn."""

    def kept(match: re.Match[str]) -> str:
        noun = match["noun"].lower()
        is_general = _GENERAL_NOUN.fullmatch(noun)
        return match[0] if not is_general and re.search(rf"\b{re.escape(noun)}", before) else " "

    return _THIS_DOCUMENT.sub(kept, question)


@dataclass(frozen=True, slots=True)
class _Context:
    """The last turn with a question, and that question in full."""

    standalone: str
    answer_text: str
    highlight: str


def _context(history: Sequence[Turn]) -> _Context | None:
    for turn in reversed(history):
        if turn.answer.status != Status.SMALL_TALK:
            statement = turn.answer.statements[0] if turn.answer.statements else None
            highlight = ""
            if statement and statement.highlight:
                highlight = statement.text[slice(*statement.highlight)]
            return _Context(
                turn.answer.standalone_question or turn.question,
                statement.text if statement else "",
                highlight,
            )
    return None


def _named_before(text: str, pronoun: re.Match[str]) -> bool:
    """Return whether the question itself names, before a pronoun, what the pronoun may refer to.

    That is so for a subject followed by a possessive or by a second clause: "Does the SCO publish
    its budget", "When was the SCO founded and who founded it". A pronoun that is the object of the
    first verb ("When did China propose it?") does not refer to the subject.
    """
    before = text[: pronoun.start()]
    content = [word for word in words(before) if word.lower() not in STOP_WORDS]
    if not content:
        return False
    word = pronoun["word"].lower()
    if word in ("its", "their", "his", "her", "itself") and _names_something(before):
        return True
    follows = re.match(r"\s+\w", text[pronoun.end() :])
    if word == "they" and follows and any(w.lower().endswith("s") for w in content):
        return True
    joints = [joint for joint in _JOINING.finditer(before) if words(before[: joint.start()])]
    return any(follows or joint["word"].lower() in ("and", "or", "but") for joint in joints)


def _names_something(text: str) -> bool:
    """Return whether a text contains a proper name, a noun with an article, or a plural."""
    plural = any(w.islower() and w.endswith("s") and len(w) > 3 for w in words(text)[1:])
    return bool(_named(text)) or plural


def _is_fragment(text: str) -> bool:
    """Return whether a few words name a thing without asking anything: "partners?", "in 2004"."""
    tokens = words(text.lower())
    asks = re.match(rf"^\W*(?:{_WH}|{_AUXILIARY})\b", text, re.IGNORECASE)
    return 0 < len(tokens) <= _FRAGMENT_LENGTH and not asks


def _readings(question: str, context: _Context) -> list[str]:
    """Return the question with its pronoun replaced by each possible referent, likeliest first.

    The last reading keeps the pronoun and adds the content of the last question.
    """
    about = f"{_ended(question)} ({_about(context)})"
    masked = _EXPLETIVE.sub(lambda match: " " * len(match[0]), question)
    personal = _PERSONAL.search(masked)
    pointing = _POINTING.search(question)
    if personal:
        word = personal["word"].lower()
        follows = re.match(r"\s+\w", question[personal.end() :])
        ending = "’s" if word in _POSSESSIVE or (word == "her" and follows) else ""
        topics = [topic for topic in _topics(context) if _agrees(word, topic)]
        return [*(_put(question, personal, topic + ending) for topic in topics), about]
    if pointing and (topics := _topics(context)):
        return [f"{_ended(_put(question, pointing, topics[0]))} ({_about(context)})", about]
    return [about]


def _topics(context: _Context) -> list[str]:
    """Return the topics of the last turn as noun phrases, likeliest first.

    If the question asked for the thing itself (who, what, which as subject), the likeliest topic is
    the answer or the subject of the answer. Otherwise it is the thing that the question names.
    """
    named, subject = _named(context.standalone), _subject(context.answer_text)
    if _ASKS_FOR_THING.match(context.standalone):
        candidates = [context.highlight or subject, named]
    else:
        candidates = [named, subject]
    return list(dict.fromkeys(topic for topic in candidates if topic))


def _agrees(pronoun: str, topic: str) -> bool:
    """Return whether a pronoun agrees with a noun phrase in number."""
    last = topic.split()[-1]
    plural = " and " in topic or (last.endswith("s") and not last.endswith("ss") and last.islower())
    return plural if pronoun in ("they", "them", "their", "theirs") else not plural


def _put(question: str, pronoun: re.Match[str], phrase: str) -> str:
    return question[: pronoun.start()] + _inside(phrase) + question[pronoun.end() :]


def _named(question: str) -> str:
    """Return the first thing that a question names: a proper name, else a noun with an article."""
    first = len(question) - len(question.lstrip())
    first_word = re.match(r"\W*\w+", question)
    for match in _CAPITALISED.finditer(question):
        starts = match.start() == first or (first_word and match.start() < first_word.end())
        text = match[0]
        if starts:
            head, _, rest = text.partition(" ")
            if re.fullmatch(
                rf"(?:{_WH}|{_AUXILIARY}|and|but|tell|give|list|name|explain|describe)",
                head,
                re.IGNORECASE,
            ):
                text = rest
        if text and _CAPITALISED.match(text) and not _FIRST_PERSON.fullmatch(text):
            return text
    phrase = _NOUN_PHRASE.search(question)
    return phrase[0] if phrase else ""


def _inside(phrase: str) -> str:
    """Return a phrase as written inside a sentence, with its article in lower case."""
    return re.sub(r"^(The|A|An|Its|Their|This)\b", lambda match: match[0].lower(), phrase)


def _subject(statement: str) -> str:
    """Return the words before the first verb of a statement, if they are few and name something."""
    verb = _VERB_OF_STATEMENT.search(statement)
    subject = statement[: verb.start()].strip() if verb else ""
    subject = re.split(r",\s+", subject)[-1] if subject.count(",") == 1 else subject
    content = [word for word in words(subject) if word.lower() not in STOP_WORDS]
    return subject if content and len(words(subject)) <= 10 and "," not in subject else ""


def _about(context: _Context) -> str:
    """Return the last question without its question word: "they sign in 2003"."""
    text = re.sub(r"\s*\([^()]*\)\s*$", "", context.standalone)
    text = re.sub(
        rf"^\W*{_WH}\b(?:\s+(?:many|much|long|often))?\s*(?:{_AUXILIARY}\b)?\s*",
        "",
        text,
        flags=re.IGNORECASE,
    )
    return text.strip(" ?.!") or context.standalone.strip(" ?.!")


def _with_question_word(context: _Context, wh: str) -> str:
    """Return the last question with another question word: "Why?" after "When did it fail?"."""
    base = re.sub(r"\s*\([^()]*\)\s*$", "", context.standalone).strip(" ?.!")
    opening = re.compile(
        rf"^\W*(?:(?:since|in|at|by|from|on|to|for)\s+)?{_WH}\b"
        rf"(?:\s+(?:many|much|long|often|far)\b)?(?:\s+(?!{_AUXILIARY}\b)[a-z]+(?=\s+{_AUXILIARY}\b))?\s*",
        re.IGNORECASE,
    )
    rest = opening.sub("", base)
    if rest == base:
        rest = base[0].lower() + base[1:] if base else ""
    return f"{wh[0].upper()}{wh[1:]} {rest}?"


def _swap(context: _Context, topic: str) -> str:
    """Return the last question with a part replaced: a year by a year, a name by a name, and so on."""
    base = re.sub(r"\s*\([^()]*\)\s*$", "", context.standalone).strip(" ?.!")
    topic = topic.strip()
    bare_topic = re.sub(r"^(?:in|by|at|for|of|on|to|with|from)\s+", "", topic)
    if _YEAR.search(topic) and _YEAR.search(base):
        return _YEAR.sub(_YEAR.search(topic)[0], base) + "?"  # type: ignore[index]
    counted = _COUNTED.search(base)
    noun = topic[:1].islower() and not re.match(r"(?:in|by|at|for|of|on|to|with|from|the)\s", topic)
    if noun and counted and not re.fullmatch(_AUXILIARY, counted["noun"], re.IGNORECASE):
        return base[: counted.start("noun")] + topic + base[counted.end("noun") :] + "?"
    if named := _named(base):
        return base.replace(named, bare_topic, 1) + "?"
    return f"{_ended(base)} ({topic})"


def _ended(question: str) -> str:
    question = question.rstrip(" ")
    return question if question.endswith(("?", ".", "!")) else f"{question}?"
