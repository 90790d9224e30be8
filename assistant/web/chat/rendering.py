"""The conversation as HTML: every text of documents, questions and models goes through escaping.

The result is the value of a `gr.HTML`, which puts it into the page as it is. So each function
here escapes what it is given, and nothing else in serving writes HTML around such text. (A
`gr.Chatbot` is not used: its payload names components that the server then constructs, and it
renders Markdown in messages.)
"""

import json
from collections.abc import Sequence
from html import escape

from assistant.types import EXTRACTIVE, GENERATIVE, Answer, Citation, Statement, Status
from assistant.web.chat.conversation import Conversation, Exchange, State
from assistant.web.chat.export import answer_to_text
from assistant.web.chat.thumbs import thumbs, verdict_note
from assistant.web.citation_checks import Passages

TOOLTIP_CHARACTERS = 600
ENGINES = {
    EXTRACTIVE: "Quoted from the documents",
    GENERATIVE: "Written by a language model, each sentence checked against its passages",
}
"""Whose an answer is; told where there is a choice."""
READING = "Reading the documents…"
WRITING = "Writing, and checking each sentence…"


def render_conversation(
    conversation: Conversation,
    passages: Passages,
    questions: Sequence[str],
    trouble: str = "",
    *,
    has_engines: bool = False,
    is_new: bool = False,
) -> str:
    """The whole log: exchanges, or what to start with; ``trouble`` says why none can be asked.

    With ``has_engines`` there is a choice of them, and each answer says whose it is. ``is_new``
    says that the last answer was given just now, which is for the page around to know.
    """
    last = len(conversation.exchanges) - 1
    settled = conversation.pending is None
    word = f'<p class="word" role="status">{escape(conversation.notice)}</p>'
    parts: list[str] = []
    for index, exchange in enumerate(conversation.exchanges):
        parts.append(_exchange(exchange, index, index == last, passages, questions, settled))
        if conversation.notice and index == conversation.notice_at:
            parts.append(word)
    if conversation.notice and conversation.notice_at is None:
        parts.append(word)
    if not conversation.exchanges:
        parts.append(_start(conversation, questions, trouble))
    choice = " data-engines" if has_engines else ""
    answer = conversation.exchanges[-1].answer if is_new and conversation.exchanges else None
    told = _for_programs(answer, passages) if answer else ""
    return f'<div class="log" data-ready{choice}{told}>{"".join(parts)}</div>'


def _start(conversation: Conversation, questions: Sequence[str], trouble: str) -> str:
    undo = ""
    if conversation.cleared:
        undo = (
            '<p class="word" role="status">The conversation was cleared. '
            '<button type="button" class="link" data-action="undo">Undo</button></p>'
        )
    if trouble:
        return (
            f'{undo}<section class="start"><h2>Nothing to ask yet</h2>'
            f'<p class="trouble" role="alert">{escape(trouble)}</p></section>'
        )
    return (
        f'{undo}<section class="start"><h2>What would you like to know?</h2>'
        "<p>Answers come only from the documents, and every statement carries a number that "
        f"opens the passage it rests on.</p>{_suggestions(questions)}</section>"
    )


def _suggestions(questions: Sequence[str]) -> str:
    if not questions:
        return ""
    items = "".join(
        f'<li><button type="button" class="suggestion" data-action="ask" dir="auto"'
        f' data-question="{escape(question)}">{escape(question)}</button></li>'
        for question in questions
    )
    return f'<ul class="suggestions" aria-label="Suggested questions">{items}</ul>'


def _exchange(
    exchange: Exchange,
    index: int,
    is_last: bool,
    passages: Passages,
    questions: Sequence[str],
    settled: bool,
) -> str:
    answer = exchange.answer
    busy = exchange.state is State.PENDING
    body = _answer(answer, index, passages, questions, busy) if answer else ""
    if busy:
        body += _working(WRITING if answer and answer.engine == GENERATIVE else READING)
    elif answer is None:
        kind = "problem" if exchange.state is State.FAILED else "stopped"
        body = f'<p class="{kind}">{escape(exchange.problem)}</p>'
    return (
        f'<article class="exchange" data-state="{exchange.state.value}"'
        f' aria-busy="{"true" if busy else "false"}">'
        f'<h2 class="question" dir="auto"><span class="unseen">You asked: </span>'
        f'<span class="asked">{escape(exchange.question)}</span></h2>'
        f'<div class="answer">{body}</div>'
        f"{'' if busy else _actions(exchange, index, is_last, passages, settled)}</article>"
    )


def _working(on: str) -> str:
    dots = '<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>'
    return f'<p class="working">{dots}{on}</p>'


def _for_programs(answer: Answer, passages: Passages) -> str:
    """A new answer as an attribute, which the widget tells to the page that embeds it."""
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
    told = json.dumps({"status": answer.status, "citations": citations})
    return f' data-answer="{escape(told)}"'


def _actions(
    exchange: Exchange, index: int, is_last: bool, passages: Passages, settled: bool
) -> str:
    """What can be done with an exchange; a verdict is taken only while no answer is on its way."""
    buttons = []
    if exchange.answer is not None:
        if exchange.answer.status is not Status.SMALL_TALK:
            buttons.append(thumbs(index, exchange.verdict, settled))
        text = escape(answer_to_text(exchange.answer, passages))
        buttons.append(
            f'<button type="button" data-action="copy" data-text="{text}">'
            "Copy with sources</button>"
        )
    if is_last and exchange.answer and exchange.answer.within:
        buttons.append('<button type="button" data-action="widen">Ask all documents</button>')
    if is_last:
        buttons.append('<button type="button" data-action="retry">Ask again</button>')
        buttons.append('<button type="button" data-action="edit">Edit question</button>')
    note = verdict_note(index, exchange.verdict, settled) if exchange.verdict else ""
    return f'<div class="actions">{"".join(buttons)}</div>{note}' if buttons else ""


def _answer(
    answer: Answer, index: int, passages: Passages, questions: Sequence[str], busy: bool
) -> str:
    parts = []
    asked_in_full = answer.standalone_question.strip()
    if asked_in_full and asked_in_full != answer.question.strip():
        parts.append(f'<p class="understood" dir="auto">Understood as: {escape(asked_in_full)}</p>')
    if answer.within:
        parts.append(f'<p class="understood" dir="auto">Asked in {escape(answer.within)} only</p>')
    if answer.notice or answer.status is Status.NOT_FOUND:
        notice = answer.notice or "The documents do not answer this."
        parts.append(f'<p class="notice">{escape(notice)}</p>')
    if answer.lead:
        parts.append(f'<p class="lead">{escape(answer.lead)}</p>')
    if answer.statements:
        by_number = {citation.number: citation for citation in answer.citations}
        said = " ".join(
            _statement(statement, by_number, index, passages) for statement in answer.statements
        )
        parts.append(f'<p class="said" dir="auto">{said}</p>')
        if not busy:  # what is still being written is not checked yet
            engine = ENGINES.get(answer.engine, ENGINES[EXTRACTIVE])
            parts.append(f'<p class="engine">{engine}</p>')
    if answer.citations:
        said = _sources(answer.citations, passages, "Sources")
        parts.append(f'<section class="sources">{said}</section>')
    if answer.closest:
        said = _sources(answer.closest, passages, "Not an answer: the closest passages")
        parts.append(f'<section class="sources closest">{said}</section>')
    if answer.status is Status.SMALL_TALK:
        parts.append(_suggestions(questions))
    return "".join(parts)


def _statement(
    statement: Statement, by_number: dict[int, Citation], index: int, passages: Passages
) -> str:
    text = statement.text
    start, end = statement.highlight or (0, 0)
    said = (
        f"{escape(text[:start])}<strong>{escape(text[start:end])}</strong>{escape(text[end:])}"
        if start < end
        else escape(text)
    )
    if statement.unsupported:
        why = escape(statement.unsupported)
        return f'<span><del>{said}</del> <span class="why">(Not supported: {why})</span></span>'
    if not statement.citations:
        return f'<span class="draft">{said}</span>'
    marks = "".join(_mark(by_number[number], index, passages) for number in statement.citations)
    return f"<span>{said}</span>{marks}"


def _mark(citation: Citation, index: int, passages: Passages) -> str:
    """The button ``[n]``; one whose quote no longer holds says so and is not shown as checked."""
    number = citation.number
    if not passages.holds(citation):
        return (
            f'<span class="mark stale" title="The document has changed since"> [{number}: '
            "the document has changed since]</span>"
        )
    quote = citation.quote
    if len(quote) > TOOLTIP_CHARACTERS:
        quote = quote[:TOOLTIP_CHARACTERS] + "…"
    page = f", p. {citation.page}" if citation.page else ""
    label = f"[{number}] Source: {citation.title}{page}"
    tip = f"quote-{index}-{number}"
    return (
        f'\u2060<button type="button" class="mark" {_target(citation)} aria-label="{escape(label)}"'
        f' aria-describedby="{tip}">[{number}]</button>'
        f'<span id="{tip}" class="quote" hidden>{escape(quote)}</span>'
    )


def _target(citation: Citation) -> str:
    return (
        f'data-action="cite" data-document="{escape(citation.document_id)}"'
        f' data-start="{citation.start}" data-end="{citation.end}"'
    )


def _sources(citations: Sequence[Citation], passages: Passages, title: str) -> str:
    """Quotes as a list; of a single document they name title and attribution once, above."""
    alone = len({citation.document_id for citation in citations}) == 1
    origin = f'<p class="where" dir="auto">{_origin(citations[0], passages)}</p>' if alone else ""
    items = "".join(
        f"<li>{_passage(citation, passages, '' if alone else _origin(citation, passages))}</li>"
        for citation in citations
    )
    return f"<h3>{escape(title)}</h3>{origin}<ul>{items}</ul>"


def _origin(citation: Citation, passages: Passages) -> str:
    attribution = passages.attribution(citation.document_id)
    return f"<cite>{escape(citation.title)}</cite>" + (
        f" · {escape(attribution)}" if attribution else ""
    )


def _passage(citation: Citation, passages: Passages, origin: str) -> str:
    """A quote with where it stands; a button where the passage can be opened."""
    number = f'<b class="number">{citation.number}</b>' if citation.number else ""
    said = " · ".join(filter(None, [origin, f"p. {citation.page}" if citation.page else ""]))
    place = f'<span class="where">{said}</span>' if said else ""
    body = f'{number}<span><q dir="auto">{escape(citation.quote)}</q>{place}'
    if passages.holds(citation):
        return f'<button type="button" class="passage" {_target(citation)}>{body}</span></button>'
    return (
        f'<div class="passage stale">{body}<strong>The document has changed since: this quote is '
        "not checked.</strong></span></div>"
    )
