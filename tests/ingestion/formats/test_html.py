import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.encodings import find_html_encoding
from assistant.ingestion.formats.html import extract

PAGE = """<!doctype html><html><head><title>River | Otters</title><style>p { color: red }</style>
<script>track("script words")</script></head><body>
<nav><ul><li><a href="/">Home words</a></li></ul></nav>
<header><h1>Otters of the river</h1></header>
<main><h2>Diet</h2>
<p>Otters eat <b>fish</b> and
<i>crabs</i>.<br>They dive.</p>
<ul><li>Fish</li><li><p>Crabs</p><ul><li>small ones</li></ul></li></ul>
<ol start="3"><li>Dive<li>Eat</ol>
<table><caption>Weights</caption><tr><th>Name</th><th>Weight</th></tr>
<tr><td>Old <p>otter</p></td><td>12 kg</td></tr></table>
<h3>Young<br>otters</h3><pre>x = 1
  y = 2</pre><p hidden>hidden words</p><form><label>Asked <input value="v"></label></form></main>
<aside>Advert words</aside><footer>Footer words</footer></body></html>"""

TEXT = """## Diet

Otters eat fish and crabs.
They dive.

- Fish
- Crabs
  - small ones

3. Dive
4. Eat

Weights

\u2060| Name | Weight |
| Old otter | 12 kg |

### Young otters

x = 1
  y = 2

Asked v
"""


def test_a_page_is_its_content_with_headings_lists_and_tables() -> None:
    found = extract(PAGE.encode())
    assert found.text == TEXT
    assert found.title == "Otters of the river"


@pytest.mark.parametrize(
    "left_out",
    [
        "<nav>Gone</nav>",
        "<script>Gone</script>",
        "<style>.Gone{}</style>",
        "<noscript>Gone</noscript>",
        "<div role='navigation'>Gone</div>",
        "<div style='display: none'>Gone</div>",
        "<p aria-hidden='true'>Gone</p>",
        "<div class='main-menu'><a>Gone</a> <a>Gone too</a></div>",
        "<!-- Gone -->",
        "<footer>Gone</footer>",
    ],
)
def test_what_is_no_content_is_left_out_and_what_follows_it_is_kept(left_out: str) -> None:
    text = extract(f"<body><p>Before {left_out} after.</p>{left_out}end</body>".encode()).text
    assert "Gone" not in text
    assert "Before" in text
    assert "after." in text
    assert text.endswith("end\n")


@pytest.mark.parametrize(
    "kept",
    [
        "<div class='menu'><p>Soup of the day, 4 florins.</p></div>",
        "<article><p>An article.</p><footer>Its footer.</footer></article>",
        "<details><summary>Asked</summary>Answered</details>",
    ],
)
def test_what_only_looks_like_navigation_is_kept(kept: str) -> None:
    words = kept.replace(">", "> ").replace("<", " <").split()
    said = [word for word in words if "<" not in word and ">" not in word and "=" not in word]
    assert " ".join(extract(kept.encode()).text.split()) == " ".join(said)


def test_a_page_without_marked_content_is_read_whole() -> None:
    page = b"<title>T</title><article>One</article><article>Two</article>Three"
    assert extract(page).text == "One\n\nTwo\n\nThree\n"
    assert extract(page).title == "T"


def test_a_table_that_arranges_the_page_is_read_cell_by_cell() -> None:
    page = b"<table><tr><td><h2>Left</h2><p>One.</p><p>Two.</p></td><td>Right</td></tr></table>"
    assert extract(page).text == "## Left\n\nOne.\n\nTwo.\n\nRight\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("<p>Grüße".encode(), "utf-8"),
        ("<p>Grüße".encode("windows-1252"), "windows-1252"),
        ('<meta charset="iso-8859-1"><p>Grüße'.encode("latin-1"), "windows-1252"),
        (
            "<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>Grüße Привет".encode(
                "koi8-r", "xmlcharrefreplace"
            ),
            "koi8-r",
        ),
        ('<meta charset="no-such"><p>Grüße'.encode(), "utf-8"),
        ('<meta charset="iso-8859-1"><p>Grüße'.encode(), "utf-8"),
        ("<p>Grüße".encode("utf-16"), "utf-16-le"),
        ('<?xml version="1.0" encoding="utf-8"?><html><p>Grüße'.encode(), "utf-8"),
    ],
)
def test_the_encoding_is_the_declared_one_where_it_fits(content: bytes, encoding: str) -> None:
    assert find_html_encoding(content)[1] == encoding
    assert "Grüße" in extract(content).text


def test_a_broken_page_is_read_as_far_as_it_goes() -> None:
    assert extract(b"<p>One <b>two</p><td>three</table></div>").text.split() == [
        "One",
        "two",
        "three",
    ]


def test_deep_nesting_is_no_recursion() -> None:
    assert "end" in extract(b"<div>" * 200 + b"end").text
    assert extract(b"<ul><li>x" * 200).text.count("- x") == 200


@pytest.mark.parametrize("content", [b"<p>a\x01b</p>", b"\0\1\2\3"])
def test_binary_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFileError, match="binary"):
        extract(content)


@given(st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("<>/&;ptdrhliu1 =\"'\n"))))
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    try:
        found = extract(text.encode())
    except UnreadableFileError:
        return
    assert "\0" not in found.text
    assert found.text == found.text.strip("\n") + ("\n" if found.text else "")


@pytest.mark.parametrize(
    ("lead", "has_lead"),
    [
        ("<article><h1>Lido</h1><p>It opens on 2 May for six pounds.</p></article>", True),
        ("<header><div><h1>Lido</h1></div><p>It opens on 2 May.</p></header>", True),
        ("<header><h1>Lido</h1><a href=a>Home</a></header>", False),
        ("<header><h1>Lido</h1><a href=a>It opens on 2 May for six pounds.</a></header>", False),
    ],
)
def test_the_heading_before_the_main_content_comes_with_its_sentences(
    lead: str, has_lead: bool
) -> None:
    main = (
        "<main><h2>Pools</h2><p>There are three pools, of which one is heated all year.</p></main>"
    )
    found = extract(f"<body>{lead}{main}<div>Follow us today.</div></body>".encode())
    assert ("2 May" in found.text) == has_lead
    assert found.text.endswith("heated all year.\n")
    assert found.title == "Lido"
