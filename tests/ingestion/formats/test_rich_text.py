import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.rich_text import extract

HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\froman Times;}{\f1\fnil\fcharset2 Symbol;}"
    r"{\f2\fcharset204 Arial Cyr;}}{\stylesheet{\s0 Normal;}{\s1 heading 1;}}"
    r"{\*\generator Word;}{\info{\title Gone}}"
)


def shown(body: str) -> str:
    return extract(f"{HEAD}{body}}}".encode("latin-1")).text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"\pard One \b bold\b0  word.\par Two\line lines.\par", "One bold word.\n\nTwo\nlines.\n"),
        (r"\pard\s1 Title\par\pard Text.\par", "# Title\n\nText.\n"),
        (r"\pard\outlinelevel1 Part\par\pard Text.\par", "## Part\n\nText.\n"),
        (r"\pard 10{\super 6} units, CO{\sub 2}, m{\up6 3}\par", "10⁶ units, CO₂, m³\n"),
        (r"\pard It costs {\strike 890 }{\deleted 700 }{\v 600 }640.\par", "It costs 640.\n"),
        (r"\pard Gr\'fc\'dfe \u8364?5 \u-10179?\u-8704?\par", "Grüße €5 😀\n"),
        (r"\pard{\f1 m}m and {\f2\'cf\'f0\'e8}\par", "µm and При\n"),
        (r"\pard{\listtext\pard 2.1\tab}Invoices\par{\listtext\f1\'b7\tab}bullet\par", "2.1 Invoices\n\n- bullet\n"),
        (r'\pard See {\field{\*\fldinst HYPERLINK "http://a"}{\fldrslt the site}}.\par', "See the site.\n"),
        (r"\pard Rain{\super 1}{\footnote Often.} falls.\par Next.\par", "Rain¹ falls.\n\nOften.\n\nNext.\n"),
        (
            r"\trowd\cellx1\cellx2\pard\intbl Region\cell Price\cell\row"
            r"\trowd\cellx1\cellx2\pard\intbl North\cell 3\cell\row"
            r"\trowd\clvmrg\cellx1\cellx2\pard\intbl\cell 4\par more\cell\row\pard After.\par",
            "| Region | Price |\n| North | 3 |\n| North | 4 more |\n\nAfter.\n",
        ),
        (r"\pard a\~b\_c\-d \{x\} \\\par", "a b-cd {x} \\\n"),
        (r"\pard The last paragraph", "The last paragraph\n"),
    ],
)  # fmt: skip
def test_rich_text_is_what_a_word_processor_shows(body: str, text: str) -> None:
    assert shown(body) == text


def test_the_title_is_the_first_heading() -> None:
    assert extract(f"{HEAD}\\pard\\s1 Otters\\par}}".encode()).title == "Otters"


@pytest.mark.parametrize("content", [b"text", b"", b"{\\rtf1" + b"{" * 10_001])
def test_what_is_no_rich_text_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFileError):
        extract(content)


@given(st.lists(st.sampled_from([*"{}\\*' ab1", "\\par ", "\\u8364?", "\\'fc", "\\cell", "\\row", "\\intbl", "\\footnote ", "\\f1 ", "\\super ", "\\pard"])))  # fmt: skip
def test_any_order_of_control_words_is_read(parts: list[str]) -> None:
    text = shown("".join(parts))
    assert text == text.strip("\n") + ("\n" if text else "")
