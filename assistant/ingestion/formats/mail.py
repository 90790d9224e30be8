"""Messages (.eml) and mailboxes (.mbox): subject, sender, date, text, and attachments that can be read."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart

from assistant.ingestion.formats import Extracted, UnreadableFileError
from assistant.ingestion.formats.encodings import decode_as, find_encoding
from assistant.ingestion.formats.html import extract_page
from assistant.ingestion.formats.outline import Outline

ReadAttachment = Callable[[str, bytes], str]
"""Return the text of an attachment by its name and bytes; nothing if it cannot be read."""

_HEADERS = ("From", "To", "Cc", "Date")
_DEEPEST = 3
_SEPARATOR = re.compile(rb"^From [^\r\n]*\d{4}[^\r\n]*\r?\n", re.MULTILINE)
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)


@dataclass(slots=True)
class _Attachments:
    """Write the attachments that can be read, and remember the names of the others."""

    read: ReadAttachment
    unread: list[str] = field(default_factory=list)

    @property
    def notes(self) -> tuple[str, ...]:
        """What could not be read, for people."""
        return tuple(f"attachment {name}: not in a format that can be read" for name in self.unread)

    def write(self, name: str, part: MIMEPart, outline: Outline) -> None:
        """Add the text of an attachment below its name."""
        content = part.get_payload(decode=True)
        text = self.read(name, content) if isinstance(content, bytes) else ""
        if text:
            outline.heading(2, name)
            outline.append(text)
        else:
            self.unread.append(name)


def extract_message(content: bytes, read_attachment: ReadAttachment) -> Extracted:
    """Return a message. Raise `UnreadableFileError` for what is none."""
    message = _parsed(content)
    if not any(message[name] for name in ("From", "Subject", "Date")):
        raise UnreadableFileError("it is not a message: it has no sender, subject or date")
    outline = Outline()
    attachments = _Attachments(read_attachment)
    _write(message, outline, attachments, 0)
    return Extracted(outline.text(), _header(message, "Subject"), notes=attachments.notes)


def extract_mailbox(content: bytes, read_attachment: ReadAttachment) -> Extracted:
    """Return the messages of a mailbox, each with its number as its place."""
    outline, places, attachments = Outline(), [], _Attachments(read_attachment)
    for number, part in enumerate(_messages(content), start=1):
        places.append((outline.length, f"message {number}"))
        _write(_parsed(part), outline, attachments, 0)
    if not places:
        raise UnreadableFileError("it is not a mailbox: no line in it begins a message")
    return Extracted(outline.text(), places=tuple(places), notes=attachments.notes)


def _messages(content: bytes) -> Iterator[bytes]:
    starts = list(_SEPARATOR.finditer(content))
    ends = [*(match.start() for match in starts), len(content)][1:]
    for match, end in zip(starts, ends, strict=True):
        yield _ESCAPED.sub(rb"\1", content[match.end() : end])


def _parsed(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def _write(message: MIMEPart, outline: Outline, attachments: _Attachments, depth: int) -> None:
    outline.heading(min(depth + 1, 6), _header(message, "Subject"))
    headers = [(name, _header(message, name)) for name in _HEADERS]
    outline.paragraph("\n".join(f"{name}: {value}" for name, value in headers if value))
    body = message.get_body(("html", "plain"))
    if body is not None:
        outline.append(_body_text(body))
    for part in message.iter_attachments():
        if part.get_content_type() == "message/rfc822" and depth < _DEEPEST:
            for inner in part.get_payload():
                if isinstance(inner, MIMEPart):
                    _write(inner, outline, attachments, depth + 1)
        elif name := part.get_filename():
            attachments.write(name, part, outline)


def _body_text(body: MIMEPart) -> str:
    text = _decoded(body)
    if body.get_content_subtype() == "html":
        try:
            return extract_page(text).text
        except UnreadableFileError:
            return ""
    outline = Outline()
    for paragraph in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        outline.paragraph(paragraph)
    return outline.text()


def _decoded(body: MIMEPart) -> str:
    """Return a body in its declared encoding, else in the one that is found."""
    content = body.get_payload(decode=True)
    assert isinstance(content, bytes)
    declared = body.get_content_charset()
    try:
        return decode_as(content, declared or find_encoding(content)[1])
    except (LookupError, UnreadableFileError):
        mark, encoding = find_encoding(content)
        return decode_as(content[len(mark) :], encoding)


def _header(message: MIMEPart, name: str) -> str:
    try:
        return " ".join(str(message[name] or "").split())
    except (ValueError, IndexError):  # the parser's own mistake with a broken header
        return ""
