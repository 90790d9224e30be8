"""Lists, tables and code of a quote in the chat, in exports, in the API and on a terminal."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from assistant import Answer, Assistant, Encoder, Settings, Status
from assistant.types import QuotedBlock
from assistant.web.chat.conversation import Conversation, Exchange, State, read_conversation
from assistant.web.chat.export import conversation_to_markdown
from assistant.web.chat.rendering import render_conversation
from assistant.web.citation_checks import CitationChecks
from tests.web.browsing import PHONE, Visit, served
from tests.web.chat.test_looks import scrolls_sideways, violations

TEXT = """# Hut

| Room | Beds | Price |
| --- | --- | --- |
| Attic | 12 | €9 |
| <b>Hall</b> | 30 | €7 |

Take these with you to the hut:

- a sleeping bag,
- a head torch.

To reach the router of the hut, run this:

```
ping -c 3 router
```
"""
CLIPBOARD = """async () => {
    const [item] = await navigator.clipboard.read();
    const text = async (kind) => (await item.getType(kind)).text();
    return [await text("text/plain"), await text("text/html")];
}"""
BEDS = "How many beds are there in the attic?"
PACK = "What do I take with me to the hut?"
ROUTER = "How do I reach the router of the hut?"


@pytest.fixture(scope="module")
def hut(
    settings: Settings, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Assistant]:
    folder: Path = tmp_path_factory.mktemp("hut")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "hut.md").write_text(TEXT, "utf-8")
    changed = {"corpus": folder / "corpus", "index": folder / "index"}
    with Assistant(settings.model_copy(update=changed), encoder) as made:
        made.ingest()
        yield made


@pytest.fixture(scope="module")
def address(hut: Assistant) -> Iterator[str]:
    with served(hut) as address:
        yield address


def conversation_of(answer: Answer) -> Conversation:
    return Conversation((Exchange(answer.question, State.ANSWERED, answer),))


def kept(answer: Answer) -> dict[str, Any]:
    """What a browser sends back of the answer."""
    return dict(json.loads(json.dumps(conversation_of(answer).to_browser())))


def test_a_nearest_row_is_a_line_of_named_cells_without_bars(hut: Assistant) -> None:
    cited = hut.ask(BEDS).citations[0]
    answer = Answer(BEDS, BEDS, Status.NOT_FOUND, (), (), closest=(cited,))
    shown = render_conversation(conversation_of(answer), CitationChecks(hut), ())
    assert '<q dir="auto">Room: Attic · Beds: 12 · Price: €9</q>' in shown
    stale = replace(cited, quote="| Attic | 13 | €9 |")
    assert CitationChecks(hut).flat_quote(stale) == "Attic · 13 · €9"


def test_a_row_comes_with_the_names_of_its_columns(hut: Assistant) -> None:
    answer = hut.ask(BEDS)
    assert answer.status is Status.ANSWERED
    (block,) = answer.statements[0].blocks
    assert block.columns == ("Room", "Beds", "Price")
    assert answer.statements[0].text == "| Attic | 12 | €9 |"
    assert answer.text == "| Room | Beds | Price |\n| Attic | 12 | €9 | [1]"
    assert answer.to_dict()["statements"][0]["blocks"][0]["columns"] == block.columns


def test_the_chat_shows_a_row_as_a_table_a_list_as_a_list_and_code_as_code(
    visit: Visit, address: str
) -> None:
    reader = visit(at=address, viewport=PHONE)
    reader.ask(BEDS)
    table = reader.page.locator(".exchange").last.locator(".said table")
    expect(table.locator("th")).to_have_text(["Room", "Beds", "Price"])
    expect(table.locator("td")).to_have_text(["Attic", "12", "€9"])
    expect(table.locator("strong")).to_have_text("12")
    mark = reader.page.locator(".exchange").last.locator("button.mark")
    row, beside = table.bounding_box(), mark.bounding_box()
    assert row
    assert beside
    assert beside["x"] >= row["x"] + row["width"], "the mark stands beside the last row"
    assert beside["y"] + beside["height"] <= row["y"] + row["height"] + 1
    reader.page.get_by_role("button", name="Copy", exact=True).click()
    expect(reader.page.locator("#toast")).to_have_text("Answer and sources copied")
    plain, html = reader.page.evaluate(CLIPBOARD)
    start = "Room\tBeds\tPrice\nAttic\t12\t€9 [1]\n\n[1] “Room: Attic · Beds: 12 · Price: €9” — Hut"
    assert plain.startswith(start)
    assert "<th>Room</th>" in html
    assert "<td><strong>12</strong></td>" in html
    assert "[1] “Room: Attic" in html
    assert "class=" not in html
    reader.ask(PACK)
    items = reader.page.locator(".exchange").last.locator("ul.quoted > li")
    expect(items).to_have_count(2)
    expect(items.first).to_contain_text("a sleeping bag")
    reader.ask(ROUTER)
    code = reader.page.locator(".exchange").last.locator(".said pre")
    expect(code).to_have_text("ping -c 3 router")
    reader.page.locator(".exchange").last.locator("button.mark").first.click()
    expect(reader.page.locator("#passage")).to_be_visible()
    reader.page.keyboard.press("Escape")
    assert not scrolls_sideways(reader.page)
    assert violations(reader.page) == []
    reader.open()
    expect(reader.page.locator(".said table th")).to_have_text(["Room", "Beds", "Price"])


def test_a_table_cannot_be_forged_by_a_browser(hut: Assistant) -> None:
    answer = hut.ask(BEDS)
    sent = kept(answer)
    forged = {"kind": "row", "start": 0, "end": 5, "cells": [[0, 900]], "columns": ["Free"]}
    sent["exchanges"][0]["answer"]["statements"][0]["blocks"] = [forged] * 3
    read = read_conversation(sent, CitationChecks(hut), 1_000)
    assert read.exchanges[0].answer is not None
    assert read.exchanges[0].answer.statements == answer.statements


def test_a_quote_that_the_document_no_longer_has_is_a_row_without_names_of_columns(
    hut: Assistant,
) -> None:
    sent = kept(hut.ask(BEDS))
    sent["exchanges"][0]["answer"]["citations"][0]["document_sha256"] = "0" * 64
    read = read_conversation(sent, CitationChecks(hut), 1_000)
    assert read.exchanges[0].answer is not None
    (block,) = read.exchanges[0].answer.statements[0].blocks
    assert (block.kind, block.columns, len(block.cells)) == ("row", (), 3)


def test_markup_in_a_cell_is_text(hut: Assistant) -> None:
    answer = hut.ask("How many beds are there in the <b>Hall</b>?")
    assert isinstance(answer.statements[0].blocks[0], QuotedBlock)
    shown = render_conversation(conversation_of(answer), CitationChecks(hut), [])
    assert "<b>Hall" not in shown


def test_an_export_has_the_table_the_list_and_the_code(hut: Assistant) -> None:
    checks = CitationChecks(hut)
    table = conversation_to_markdown(conversation_of(hut.ask(BEDS)), "Hut", checks)
    assert "| Room | Beds | Price |\n| --- | --- | --- |\n| Attic | 12 | €9 |\n\n[^1]" in table
    assert "[^1]: “Room\\: Attic · Beds: 12 · Price: €9” — " in table
    points = conversation_to_markdown(conversation_of(hut.ask(PACK)), "Hut", checks)
    assert "- a sleeping bag,\n- a head torch.[^1]" in points
    code = conversation_to_markdown(conversation_of(hut.ask(ROUTER)), "Hut", checks)
    assert "```\nping -c 3 router\n```" in code


def test_the_api_has_the_blocks_beside_the_text(address: str) -> None:
    given = httpx.post(f"{address}/api/v1/ask", json={"question": BEDS}, timeout=60).json()
    (block,) = given["statements"][0]["blocks"]
    assert block["kind"] == "row"
    text = given["statements"][0]["text"]
    assert [text[first:last] for first, last in block["cells"]] == ["Attic", "12", "€9"]
