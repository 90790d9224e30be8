import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.markdown import extract
from assistant.text.table_structure import HEAD_MARK


def shown(source: str) -> str:
    return extract(source.encode()).text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("See **the** _[list](a/b.md \"t\")_ and `a ** b`.", "See the list and a ** b."),
        ("See [a][1] and <https://a.example>.\n\n[1]: b.md 'B'", "See a and https://a.example."),
        ("A [site](https://a.example/a_b(c)) here.", "A site here."),
        (r"Not \*emphasis\*, 5 &lt; 6 &amp; 14&nbsp;June", "Not *emphasis*, 5 < 6 & 14 June"),
        ("one\ntwo  \nthree\\\nfour", "one two\nthree\nfour"),
        ("Title\n=====\n\nPart\n----\n\n### Deep ###", "# Title\n\n## Part\n\n### Deep"),
        ("~~The old port was 8080.~~ It is 9443.", "It is 9443."),
        ("- [x] Linux\n- [ ] Windows\n* more", "- ☑ Linux\n- ☐ Windows\n\n- more"),
        ("3. dive\n4. eat\n   - fish\n   - crabs", "3. dive\n4. eat\n  - fish\n  - crabs"),
        ("Plan | Month\n:--- | ---:\nPlus | 9", "{H}| Plan | Month |\n| Plus | 9 |"),
        ("| a | b |\n|---|---|\n| `x\\|y` | **1** |", "{H}| a | b |\n| x|y | 1 |"),
        ("Text:\n| a | b |\n|---|---|\n| 1 | 2 |", "Text:\n\n{H}| a | b |\n| 1 | 2 |"),
        ("```sh\n# no heading\nrun --a *b*\n```", "```\n# no heading\nrun --a *b*\n```"),
        ("~~~\n```\ncode\n```\n~~~", "````\n```\ncode\n```\n````"),
        ("    indented *code*", "```\nindented *code*\n```"),
        ("10<sup>6</sup> and H<sub>2</sub>O<br>next", "10⁶ and H₂O\nnext"),
        ("<!-- hidden\n\nstill -->\nShown <!-- hidden --> too.", "Shown too."),
        ("<!-- hidden --> Shown <!-- not closed\n\nShown too.", "Shown\n\nShown too."),
        ("<details><summary>Moon</summary>\n\nFull on **14** June.\n\n</details>", "Moon\n\nFull on 14 June."),
        ("<table><tr><td rowspan=2>a<td>1<tr><td>2</table>", "| a | 1 |\n| a | 2 |"),
        ("A footnote.[^n] Then.\n\n[^n]: Of release *5*.", "A footnote.[1] Then.\n\n1. Of release 5."),
        ("Term\n: Its definition.", "Term\nIts definition."),
        ("> [!WARNING]\n> It is hot.", "Warning\nIt is hot."),
        (
            "## FAQs {#faqs}\n\n{{< faq >}}\nIt is free. {% include note.html %} Yes.\n{: .lead}\n\n{{< /faq >}}",
            "## FAQs\n\nIt is free. Yes.",
        ),
        ("`{% raw %}` and {{ name }}, {#inside} too.", "{% raw %} and {{ name }}, {#inside} too."),
        ("> quoted\n> text", "quoted text"),
        ("---\ntitle: Front\n---\nBody.", "Body."),
        ("![Map of the three zones](map.png) ![b](c.svg)", "[Map of the three zones]"),
        ("A <title> in text, then <textarea> more.", "A <title> in text, then <textarea> more."),
        ("<script>\nlet a = 1\n</script>\n\nText.", "Text."),
        ("a * b * c, snake_case_name, 2 * 3", "a * b * c, snake_case_name, 2 * 3"),
        ("Generic Vector\\<int> here", "Generic Vector<int> here"),
    ],
)  # fmt: skip
def test_markdown_is_stored_as_it_is_shown(source: str, text: str) -> None:
    assert shown(source) == f"{text}\n".replace("{H}", HEAD_MARK)


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("# The **Otter** `x`\n\ntext", "The Otter x"),
        ("intro\n\nOtters\n======", "Otters"),
        ("---\ntitle: 'Front'\ntags: [a]\n---\ntext", "Front"),
        ("text", ""),
    ],
)
def test_the_title_is_the_first_heading_or_that_of_the_front_matter(
    source: str, title: str
) -> None:
    assert extract(source.encode()).title == title


def test_lists_within_lists_lose_nothing() -> None:
    source = "".join(f"{'  ' * depth}- item {depth}\n" for depth in range(30))
    assert shown(source).count("item") == 30


@given(
    st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("*_`[]()<>#|-~!\n \\&;:1.")))
)
def test_any_text_is_read_and_every_run_is_where_it_says(source: str) -> None:
    try:
        found = extract(source.encode())
    except UnreadableFileError:
        return
    # the file's text is what is left of it without control characters
    for offset, _, line in found.origins:
        assert 0 <= offset < len(found.text)
        assert line >= 1
