"""Markdown that shows every text as itself."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant import Answer, Assistant, Citation, Statement, Status
from assistant.text.safe_display import safe
from assistant.types import QuotedBlock
from assistant.web.chat.conversation import Conversation, Exchange, State
from assistant.web.chat.export import (
    conversation_to_markdown,
    copied_sources,
    copied_text,
    escape_markdown,
)
from assistant.web.citation_checks import CitationChecks
from tests.web.browsing import article_id

MARKDOWN = MarkdownIt("gfm-like", {"linkify": False})


@pytest.mark.parametrize(
    "text",
    [
        "# no heading",
        "1. no list",
        "- no list",
        "+ no list",
        "> no quote",
        "--- ***",
        "*no* _emphasis_ **at** __all__ ~~here~~",
        "[no](http://link.invalid) ![image](x) <http://auto.invalid> http://bare.invalid",
        "<script>alert(1)</script> &amp; &lt;b&gt;",
        "`no code` ``` ~~~",
        "a | table | row",
        "[^1]: no footnote [^1]",
        "trailing backslash \\",
    ],
)
def test_markdown_in_a_text_is_shown_as_text(text: str) -> None:
    assert shown(text) == text


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=60))
def test_any_text_is_shown_as_itself(text: str) -> None:
    assert shown(text) == " ".join(safe(text).split())


def shown(text: str) -> str:
    """What a reader of the rendered Markdown sees, where it is one plain paragraph."""
    tokens = MARKDOWN.parse(escape_markdown(text))
    assert [token.type for token in tokens if token.type != "inline"] in (
        ["paragraph_open", "paragraph_close"],
        [],
    )
    children = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in children} <= {"text", "text_special"}
    return "".join(child.content for child in children)


def test_dollar_signs_and_bare_addresses_are_escaped() -> None:
    assert escape_markdown("$x$ http://a.b www.a.b a@b") == r"\$x\$ http\://a.b www\.a.b a\@b"
    assert escape_markdown("see evil.example or 3.14") == r"see evil\.example or 3.14"


def citation(assistant: Assistant, number: int, quote: str) -> Citation:
    document = assistant.document(article_id(assistant))
    start = document.text.index(quote)
    return Citation(
        number=number,
        document_id=document.id,
        title=document.title,
        source=document.source,
        start=start,
        end=start + len(quote),
        quote=quote,
        document_sha256=document.sha256,
    )


def test_footnotes_are_numbered_through_the_conversation(assistant: Assistant) -> None:
    first = citation(assistant, 1, "Mongolia became the first observer of the SCO")
    second = citation(assistant, 1, "The SCO University has been established")
    answers = [
        Answer("q", "q", Status.ANSWERED, (Statement(one.quote, (1,)),), (one,))
        for one in (first, second)
    ]
    conversation = Conversation(
        tuple(Exchange("Q & *A*", State.ANSWERED, answer) for answer in answers)
    )
    text = conversation_to_markdown(conversation, "Title", CitationChecks(assistant))
    assert text.startswith("# Title\n\n## Q \\& \\*A\\*\n\nMongolia became")
    assert "University has been established[^2]" in text
    assert f"[^1]: “{first.quote}” — SCO Champions" in text
    assert f"[^2]: “{second.quote}” — " in text
    assert ", line " in text


def test_a_copied_answer_doubts_a_quote_that_no_longer_holds(assistant: Assistant) -> None:
    old = citation(assistant, 1, "The SCO University has been established")
    other = replace(old, document_sha256="0" * 64)
    answer = Answer("q", "q", Status.ANSWERED, (Statement(old.quote, (1,)),), (other,))
    assert "(The document has changed or was removed since)" in copied_sources(
        answer, CitationChecks(assistant)
    )


def test_an_uncertain_answer_is_exported_and_copied_with_its_lead(assistant: Assistant) -> None:
    quote = citation(assistant, 1, "The SCO University has been established")
    answer = Answer("q", "q", Status.UNCERTAIN, (Statement(quote.quote, (1,)),), (quote,))
    passages = CitationChecks(assistant)
    exchange = Exchange("q", State.ANSWERED, answer)
    text = conversation_to_markdown(Conversation((exchange,)), "Title", passages)
    assert f"\n\n*This may answer it:*\n\n{quote.quote}[^1]\n\n" in text
    assert copied_text(answer).startswith(f"This may answer it:\n\n{quote.quote} [1]")


def test_possible_passages_are_paragraphs_of_their_own(assistant: Assistant) -> None:
    digest = assistant.ask("What is this article about?")
    first, second = digest.statements[:2]
    assert f"{first.text} [1] {second.text} [2]" in digest.text
    answer = replace(digest, status=Status.UNCERTAIN)
    assert f"{first.text} [1]\n\n{second.text} [2]" in answer.text
    passages = CitationChecks(assistant)
    exchange = Exchange("q", State.ANSWERED, answer)
    text = conversation_to_markdown(Conversation((exchange,)), "Title", passages)
    paragraphs = [part.rpartition("[^")[2] for part in text.split("\n\n")[3:5]]
    assert paragraphs == ["1]", "2]"]
    assert f"{first.text} [1]\n\n{second.text} [2]" in copied_text(answer)


def test_points_are_exported_and_copied_as_a_list(assistant: Assistant) -> None:
    answer = assistant.ask("Summarize the article in three bullet points")
    points = [statement.text for statement in answer.statements]
    assert len(points) == 3
    assert answer.text == "\n".join(f"- {text} [{number}]" for number, text in enumerate(points, 1))
    passages = CitationChecks(assistant)
    exchange = Exchange("q", State.ANSWERED, answer)
    text = conversation_to_markdown(Conversation((exchange,)), "Title", passages)
    items = [node for node in MarkdownIt().parse(text) if node.type == "list_item_open"]
    assert len(items) == 3
    assert f"- {points[0]} [1]\n- {points[1]} [2]" in copied_text(answer)


def test_a_quote_of_several_paragraphs_and_steps_is_exported_whole_with_its_numbers(
    small_assistant: Assistant,
) -> None:
    text = "To open:\n\nTake the key.\n\n1. Turn it.\n(iv) Push.\n- Wait."
    kinds = [("paragraph", "", "To open:"), ("paragraph", "", "Take the key.")]
    kinds += [("item", "1.", "Turn it."), ("item", "(iv)", "Push."), ("item", "-", "Wait.")]
    blocks = tuple(
        QuotedBlock(kind, text.index(words), text.index(words) + len(words), number)
        for kind, number, words in kinds
    )
    citation = Citation(1, "d", "Hut", "hut.md", 0, len(text), text, "0" * 64)
    answer = Answer("q", "q", Status.ANSWERED, (Statement(text, (1,), blocks=blocks),), (citation,))
    conversation = Conversation((Exchange("q", State.ANSWERED, answer),))
    shown = conversation_to_markdown(conversation, "Hut", CitationChecks(small_assistant))
    assert "To open:\n\nTake the key.\n\n1. Turn it.\n- (iv) Push.\n- Wait.[^1]" in shown.replace(
        "\\", ""
    )
