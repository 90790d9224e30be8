from email.message import EmailMessage

import pytest

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.mail import extract_mailbox, extract_message
from assistant.ingestion.formats.registry import extract
from assistant.text.media_types import MESSAGE


def message(subject: str, text: str, html: str = "") -> EmailMessage:
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = subject, "Ann Lee <ann@quay.example>", "b@c.example"
    made["Date"] = "Mon, 03 Jun 2024 10:00:00 +0200"
    made.set_content(text)
    if html:
        made.add_alternative(html, subtype="html")
    return made


HEAD = "From: Ann Lee <ann@quay.example>\nTo: b@c.example\nDate: Mon, 03 Jun 2024 10:00:00 +0200"


def nothing(name: str, content: bytes) -> str:
    return ""


def test_a_message_is_its_subject_sender_date_and_text() -> None:
    found = extract_message(message("Größe", "It fits.\nReally.\n\nAnn").as_bytes(), nothing)
    assert found.text == f"# Größe\n\n{HEAD}\n\nIt fits.\nReally.\n\nAnn\n"
    assert found.title == "Größe"


def test_a_page_is_read_rather_than_the_plain_text_beside_it() -> None:
    page = "<p>It costs <s>9</s> 7 euros.</p><table><tr><th>a<th>b<tr><td>1<td>2</table>"
    found = extract_message(message("Offer", "It costs 9 7 euros.", page).as_bytes(), nothing)
    assert found.text.endswith("It costs 7 euros.\n\n\u2060| a | b |\n| 1 | 2 |\n")


def test_attachments_that_can_be_read_are_read() -> None:
    made = message("Files", "See below.")
    made.add_attachment(b"Plan,Price\nPlus,9\n", maintype="text", subtype="csv", filename="p.csv")
    made.add_attachment(b"\x89PNG\r\n", maintype="image", subtype="png", filename="p.png")
    made.add_attachment(b"%PDF-broken", maintype="application", subtype="pdf", filename="b.pdf")
    made.add_attachment(message("Inner", "Within."))
    text = extract(MESSAGE, made.as_bytes(), 1_000_000).text
    assert "## p.csv\n\n| Plan: Plus | Price: 9 |\n\n## Inner\n\nFrom:" in text
    assert text.endswith("Within.\n")
    assert "png" not in text


def test_an_encoding_that_is_not_the_declared_one_is_found() -> None:
    raw = b"Subject: x\nFrom: a@b.example\nContent-Type: text/plain; charset=no-such\n\nK\xe4se aus Kiel\n"
    assert "Käse aus Kiel" in extract_message(raw, nothing).text


def test_messages_within_messages_end_somewhere() -> None:
    made = message("0", "deepest")
    for number in range(1, 30):
        outer = message(str(number), "around")
        outer.add_attachment(made)
        made = outer
    assert extract_message(made.as_bytes(), nothing).text.count("around") == 4


def test_the_messages_of_a_mailbox_are_places() -> None:
    one, two = (
        message("One", "First.\n>From here on").as_bytes(),
        message("Two", "Second.").as_bytes(),
    )
    start = b"From ann@quay.example Mon Jun  3 10:00:00 2024\n"
    found = extract_mailbox(start + one + b"\n\n" + start + two, nothing)
    assert [name for _, name in found.places] == ["message 1", "message 2"]
    assert found.text.count("From: Ann") == 2
    assert "First.\nFrom here on" in found.text
    assert found.text.index("# Two") >= found.places[1][0]


@pytest.mark.parametrize("content", [b"just text", b"", b"\0\1\2"])
def test_what_is_no_message_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFileError):
        extract_message(content, nothing)
    with pytest.raises(UnreadableFileError):
        extract_mailbox(content, nothing)
