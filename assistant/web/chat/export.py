"""Export a conversation as Markdown, with footnotes that quote the passages of its answers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.text.safe_display import safe, safe_line
from assistant.types import Answer, Citation, QuotedBlock, Statement, Status
from assistant.web.chat.conversation import Conversation, Exchange
from assistant.web.citation_checks import CitationChecks
from assistant.web.messages.translating import translated
from assistant.web.strings import load_strings

TEXTS = load_strings("chat")
_SPECIAL = re.compile(r"[\\`*_\[\]{}<>#|~$&^!@=]")
_AUTOLINK = re.compile(
    r"(?i)(?<=\w)(?=://)|(?<=www)(?=\.)|(?<=mailto)(?=:)|(?<=xmpp)(?=:)|(?<=\w)(?=\.[^\W\d_]{2})"
)
_NUMBER = re.compile(r"\d+[.)]")
# numbers, letters and nothing: Pandoc also makes lists of "a." and "(iv)", and definitions of ":"
_LIST_START = re.compile(r"^(\(?\w*)(?=[-+.):])")


def escape_markdown(text: str) -> str:
    """Return the text on one line, escaped so that Markdown shows it literally."""
    flat = " ".join(safe(text).split())
    escaped = _SPECIAL.sub(lambda match: "\\" + match[0], flat)
    escaped = _AUTOLINK.sub(r"\\", escaped)
    return _LIST_START.sub(r"\1\\", escaped)


def conversation_to_markdown(
    conversation: Conversation, title: str, passages: CitationChecks, part: int = 0
) -> str:
    """Return the conversation with footnotes, numbered from 1 throughout.

    In a file of several conversations, each is a ``part`` of its own, whose footnotes are its own.
    """
    blocks = [f"# {escape_markdown(title)}"]
    footnotes = _Footnotes(f"{part}-" if part else "")
    for exchange in conversation.exchanges:
        blocks.append(f"## {escape_markdown(exchange.question)}")
        if exchange.answer and exchange.answer.within:
            scope = TEXTS("asked_in", part=exchange.answer.within)
            blocks.append(f"*{escape_markdown(scope)}.*")
        blocks.extend(_answer_blocks(exchange, passages, footnotes))
    return "\n\n".join([*blocks, *footnotes.texts]) + "\n"


def copied_text(answer: Answer) -> str:
    """Return an answer as plain text for the clipboard, the cells of its rows between tabs."""
    text = answer.text
    for statement in answer.statements:
        if statement.blocks:
            text = text.replace(statement.shown, _tabbed(statement), 1)
    return safe("\n\n".join(part for part in (answer.lead, text) if part))


def copied_sources(answer: Answer, passages: CitationChecks) -> str:
    """Return the quotes and places that an answer rests on, a paragraph each, as plain text."""
    lines = []
    for citation in (*answer.citations, *answer.closest):
        doubt = "" if passages.holds(citation) else f" ({TEXTS('stale_title')})"
        mark = f"[{citation.number}] " if citation.number else TEXTS("nearest_passage")
        quote = passages.flat_quote(citation)
        lines.append(f"{mark}“{quote}” — {safe_line(where(citation, passages))}{doubt}")
    return safe("\n\n".join(lines))


def where(citation: Citation, passages: CitationChecks) -> str:
    """Return the place of a passage: title, attribution, file, and page or line if known."""
    document = passages.document(citation.document_id)
    place = ""
    if document is not None and passages.holds(citation):
        place = document.place_at(citation.start)
    parts = [citation.title, passages.attribution(citation.document_id), citation.source, place]
    return ", ".join(part for part in parts if part)


@dataclass(slots=True)
class _Footnotes:
    """Footnotes in the order of their marks, which begin with a prefix."""

    prefix: str
    texts: list[str] = field(default_factory=list)

    def add(self, text: str) -> str:
        """Add a footnote, and return its mark."""
        mark = f"[^{self.prefix}{len(self.texts) + 1}]"
        self.texts.append(f"{mark}: {text}")
        return mark


def _answer_blocks(
    exchange: Exchange, passages: CitationChecks, footnotes: _Footnotes
) -> list[str]:
    answer = exchange.answer
    if answer is None:
        return [f"*{escape_markdown(translated(exchange.problem) or TEXTS('no_answer'))}*"]
    if answer.status is Status.NOT_FOUND:
        marks = [_footnote(citation, passages, footnotes) for citation in answer.closest]
        nearest = f"{TEXTS('closest')}: {' '.join(marks)}" if marks else ""
        notice = escape_markdown(translated(answer.notice) or TEXTS("not_found"))
        return [part for part in (notice, nearest) if part]
    marks_of = {
        citation.number: _footnote(citation, passages, footnotes) for citation in answer.citations
    }
    prose, heading = [], ""
    for group in answer.groups:
        if group[0].heading not in (heading, ""):
            prose.append(f"### {escape_markdown(group[0].heading)}")
        heading = group[0].heading
        texts = [_quote(one, marks_of) if one.blocks else _sentence(one, marks_of) for one in group]
        text = " ".join(texts)
        prose.append(f"- {text}" if group[0].item else text)
    lead = f"*{TEXTS('uncertain')}*" if answer.lead else ""
    return [part for part in (escape_markdown(translated(answer.notice)), lead, *prose) if part]


def _sentence(statement: Statement, marks_of: dict[int, str]) -> str:
    text = escape_markdown(statement.text)
    if statement.unsupported:
        reason = escape_markdown(translated(statement.unsupported))
        return f"~~{text}~~ {TEXTS('not_supported', reason=reason)}"
    return text + "".join(marks_of[number] for number in statement.citations)


def _quote(statement: Statement, marks_of: dict[int, str]) -> str:
    """Return a quote with a list, rows or code in the form that it has in its document."""
    marks = "".join(marks_of[number] for number in statement.citations)
    parts = []
    for kind, columns, blocks in statement.runs:
        if kind == "row":
            parts.append(_table(statement, columns, blocks))
        elif kind == "code":
            parts.extend(_code(statement.text[block.start : block.end]) for block in blocks)
        elif kind == "item":
            parts.append("\n".join(_item(statement, block) for block in blocks))
        else:
            parts.extend(escape_markdown(statement.text[one.start : one.end]) for one in blocks)
    is_text = statement.blocks[-1].kind in ("item", "paragraph")
    return "\n\n".join(parts) + (marks if is_text else f"\n\n{marks}")


def _tabbed(statement: Statement) -> str:
    """Return a quote with a list, rows or code as plain lines."""
    lines: list[str] = []
    for kind, columns, blocks in statement.runs:
        if kind == "row" and columns:
            lines.append("\t".join(columns))
        for block in blocks:
            text = statement.text[block.start : block.end]
            cells = [statement.text[slice(*cell)] for cell in block.cells]
            lines.append("\t".join(cells) if cells else f"{block.number} {text}".strip())
    return "\n".join(lines)


def _item(statement: Statement, block: QuotedBlock) -> str:
    """Return an item with its number. Markdown knows "1." and "1)", and no other numbers."""
    text = escape_markdown(statement.text[block.start : block.end])
    if _NUMBER.fullmatch(block.number):
        return f"{block.number} {text}"
    is_bullet = not any(map(str.isalnum, block.number))
    return f"- {text}" if is_bullet else f"- {escape_markdown(block.number)} {text}"


def _table(statement: Statement, columns: Sequence[str], rows: Sequence[QuotedBlock]) -> str:
    width = max(len(row.cells) for row in rows)
    names = [*columns, *[""] * width][:width]
    cells = [[statement.text[slice(*cell)] for cell in row.cells] for row in rows]
    lines = [names, *cells]
    shown = [" | ".join(escape_markdown(cell) for cell in line) for line in lines]
    shown.insert(1, " | ".join(["---"] * width))
    return "\n".join(f"| {line} |" for line in shown)


def _code(text: str) -> str:
    """Return code in fences that are longer than any in it."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}\n{safe(text)}\n{fence}"


def _footnote(citation: Citation, passages: CitationChecks, footnotes: _Footnotes) -> str:
    """Add the footnote of a passage, and return its mark."""
    doubt = "" if passages.holds(citation) else f" ({TEXTS('stale_title')})"
    quote = escape_markdown(passages.flat_quote(citation))
    place = escape_markdown(where(citation, passages))
    return footnotes.add(f"“{quote}” — {place}{doubt}")
