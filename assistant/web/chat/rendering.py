"""Render the conversation as HTML, by templates that escape all text.

A `gr.HTML` puts the result into the page unchanged. A `gr.Chatbot` is not used, because its payload
names components that the server then constructs, and because it renders Markdown in messages.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from jinja2 import Environment
from markupsafe import Markup

from assistant.answering.small_talk import without_questions
from assistant.feedback.recording import MAX_COMMENT
from assistant.types import Answer, Citation, Statement
from assistant.understanding.shown_question import shown_question
from assistant.web.chat.conversation import Conversation
from assistant.web.chat.export import copied_sources, copied_text
from assistant.web.chat.scope_choice import told_apart
from assistant.web.citation_checks import CitationChecks
from assistant.web.messages.translating import translated
from assistant.web.strings import load_strings
from assistant.web.templates import templates_of

TOOLTIP_CHARACTERS = 600


@dataclass(frozen=True, slots=True)
class SurroundingExchanges:
    """The exchanges before and after the one at a position, rendered."""

    position: int
    before: str
    after: str


def render_conversation(
    conversation: Conversation,
    passages: CitationChecks,
    questions: Sequence[str],
    trouble: str = "",
    *,
    writer: str = "",
    can_add: bool = False,
    has_engines: bool = False,
    new_answer: Answer | None = None,
    around: SurroundingExchanges | None = None,
) -> str:
    """Return the log: the exchanges, or a start page without any.

    ``trouble`` is the reason why nothing can be asked, ``writer`` the language model that writes,
    and ``can_add`` whether readers can add documents.
    With ``has_engines``, each answer names its engine. A ``new_answer`` is passed to the page
    around the widget. ``around`` holds the exchanges before and after the one that is being
    answered, already rendered.
    """
    exchanges = conversation.exchanges
    if not exchanges:
        body = _start(conversation, questions, trouble, writer, can_add)
    else:
        at = len(exchanges) - 1 if around is None else around.position
        given = around or render_around(conversation, at, passages, questions)
        body = given.before + _exchange(conversation, at, passages, questions) + given.after
    if conversation.notice and conversation.notice_at is None:
        body += _notice(conversation.notice)
    return _rendered(
        "log.html",
        has_engines=has_engines,
        described=_for_programs(new_answer, passages) if new_answer else "",
        body=Markup(body),  # noqa: S704 - rendered by templates
    )


def render_around(
    conversation: Conversation, position: int, passages: CitationChecks, questions: Sequence[str]
) -> SurroundingExchanges:
    """Return the exchanges around a position, which do not change while it is answered."""
    rendered = [
        _exchange(conversation, index, passages, questions) if index != position else ""
        for index in range(len(conversation.exchanges))
    ]
    return SurroundingExchanges(
        position, "".join(rendered[:position]), "".join(rendered[position:])
    )


def _exchange(
    conversation: Conversation, index: int, passages: CitationChecks, questions: Sequence[str]
) -> str:
    rendered = _rendered(
        "exchange.html",
        exchange=conversation.exchanges[index],
        index=index,
        is_last=index == len(conversation.exchanges) - 1,
        is_settled=conversation.pending is None,
        passages=passages,
        questions=questions,
    )
    if conversation.notice and conversation.notice_at == index:
        rendered += _notice(conversation.notice)
    return rendered


def _start(
    conversation: Conversation,
    questions: Sequence[str],
    trouble: str,
    writer: str,
    can_add: bool,
) -> str:
    return _rendered(
        "start.html",
        is_cleared=bool(conversation.cleared),
        questions=questions,
        trouble=trouble,
        writer=writer,
        can_add=can_add,
    )


def _notice(text: str) -> str:
    return _rendered("notice.html", text=text)


def _for_programs(answer: Answer, passages: CitationChecks) -> str:
    """Return an answer as JSON, which the widget passes to the page that embeds it."""
    citations = [
        {
            "number": citation.number,
            "title": citation.title,
            "source": citation.source,
            "url": passages.url(citation.document_id),
            "page": citation.page,
            "quote": citation.quote,
        }
        for citation in answer.citations
        if passages.holds(citation)
    ]
    return json.dumps({"status": answer.status, "citations": citations})


def _rendered(template: str, **values: object) -> str:
    return _environment().get_template(template).render(values)


def _environment() -> Environment:
    """Return the chat's templates with their functions and filters."""
    environment = templates_of("assistant.web.chat")
    if "t" not in environment.globals:
        environment.globals["t"] = load_strings("chat")
        environment.globals["max_comment"] = MAX_COMMENT
        environment.globals["text_of"] = copied_text
        environment.globals["sources_of"] = copied_sources
        environment.globals["citations_of"] = _citations_of
        environment.globals["shown_question"] = shown_question
        environment.filters["shortened"] = _shortened
        environment.filters["translated"] = translated
        environment.filters["without_questions"] = without_questions
        environment.filters["by_document"] = _by_document
        environment.filters["named_beside"] = _named_beside
        environment.filters["laid_out"] = _laid_out
        environment.tests["held_in"] = _held_in
    return environment


def _citations_of(answer: Answer) -> dict[int, Citation]:
    return {citation.number: citation for citation in answer.citations}


def _laid_out(answer: Answer) -> list[tuple[str, bool, list[list[Statement]]]]:
    """Return the paragraphs and lists of an answer: a new heading, whether a list, the statements."""
    is_list = answer.are_alternatives

    def kind(numbered: tuple[int, list[Statement]]) -> tuple[str, bool, int]:
        number, group = numbered
        listed = is_list or bool(group[0].item)
        return group[0].heading, listed, -1 if listed else number

    laid_out, last = [], ""
    for (heading, listed, _), groups in groupby(enumerate(answer.groups), kind):
        shown = heading if heading != last else ""
        laid_out.append((shown, listed, [group for _, group in groups]))
        last = heading
    return laid_out


def _by_document(citations: Sequence[Citation]) -> list[list[Citation]]:
    """Return citations in lists, a list for each document, in the order of the first ones."""
    groups: dict[str, list[Citation]] = {}
    for citation in citations:
        groups.setdefault(citation.document_id, []).append(citation)
    return list(groups.values())


def _named_beside(citation: Citation, others: Sequence[Citation]) -> str:
    """Return a document's title, with its path if another one that is cited has the same title."""
    cited = {one.document_id for one in others if one.title == citation.title}
    return told_apart(citation.title, citation.source, len(cited) == 1)


def _held_in(citation: Citation, passages: CitationChecks) -> bool:
    return passages.holds(citation)


def _shortened(quote: str) -> str:
    return quote if len(quote) <= TOOLTIP_CHARACTERS else quote[:TOOLTIP_CHARACTERS] + "…"
