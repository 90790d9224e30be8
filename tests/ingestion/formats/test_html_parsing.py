import pytest

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.html import extract
from assistant.ingestion.formats.html_parsing import parse

KINDS = [
    ("<ul><li>", "</li></ul>"),
    ("<ol><li>", ""),
    ("<table class=x><tr><td>", "</td></tr></table>"),
    ("<dl><dt>", "</dt></dl>"),
    ("<dl><dd>", ""),
    ("<details><summary>", "</summary></details>"),
    ("<h1>", "</h1>"),
    ("<blockquote class=q>", "</blockquote>"),
    ("<a href=x><div>", "</div></a>"),
    ("<ins>", "</ins>"),
    ("<made-up>", "</made-up>"),
]


@pytest.mark.parametrize("depth", [500, 1_500, 4_000])
@pytest.mark.parametrize("tags", KINDS, ids=[start for start, _ in KINDS])
def test_no_depth_loses_what_follows(depth: int, tags: tuple[str, str]) -> None:
    page = f"<p>Start.</p>{tags[0] * depth}Middle.{tags[1] * depth}<p>End.</p>"
    text = extract(page.encode()).text
    assert [text.count(word) for word in ("Start.", "Middle.", "End.")] == [1, 1, 1]


def test_a_list_keeps_its_upper_levels() -> None:
    text = extract(b"<ul><li>x" * 3_000 + b"</li></ul>" * 3_000 + b"<p>End.</p>").text
    assert text.startswith("- x\n  - x\n    - x\n")
    assert text.count("x") == 3_000


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>Secret</script>",
        "<style>Secret</style>",
        "<template>Secret</template>",
        "<del>Secret</del>",
        "<div hidden>Secret</div>",
        "<p style='display:none'>Secret <b>Secret</b></p>",
        "<span aria-hidden=true>Secret</span>",
    ],
)
def test_what_is_hidden_stays_hidden_at_any_depth(hidden: str) -> None:
    page = "<ul><li>" * 2_000 + f"Seen. {hidden}<p>More.</p>" + "</li></ul>" * 2_000
    text = extract(page.encode()).text
    assert "Secret" not in text
    assert text.count("Seen.") == text.count("More.") == 1


def test_a_deep_page_in_a_frame_is_read_to_its_end() -> None:
    inner = "<ul><li>" * 2_000 + "Middle." + "</li></ul>" * 2_000 + "<p>End.</p>"
    text = extract(f'<p>Start.</p><iframe srcdoc="{inner}"></iframe>'.encode()).text
    assert "Middle." in text
    assert "End." in text


@pytest.mark.parametrize("page", ["", " ", "<!-- only this -->"])
def test_a_page_of_nothing_is_refused(page: str) -> None:
    with pytest.raises(UnreadableFileError):
        parse(page)
