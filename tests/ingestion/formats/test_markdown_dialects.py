import pytest

from assistant.ingestion.formats.markdown import extract
from assistant.ingestion.formats.markdown_dialects import as_commonmark


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('!!! warning "High voltage"\n    Wait **ten** minutes.\n\n    Then open it.', "High voltage\n\nWait ten minutes.\n\nThen open it."),
        ("??? note\n    Use AD-12.\n\nText.", "Note\n\nUse AD-12.\n\nText."),
        ("!!! Do not touch !!!", "!!! Do not touch !!!"),
        ('=== "Linux"\n\n    Use `apt`.\n\n=== "Windows"\n\n    Use `winget`.', "Linux\n\nUse apt.\n\nWindows\n\nUse winget."),
        ("[TOC]\n\n# Pump { #pump .big }\n\nText.", "# Pump\n\nText."),
        ('See [it](a.md){:target="_blank"} ![Map of the pier](m.png){ width="300" }', "See it [Map of the pier]"),
        ("The set is {a=1}", "The set is {a=1}"),
        ("Press ++ctrl+del++ at the ==red valve==.", "Press ctrl+del at the red valve."),
        ("C++ and D++, a == b == c, i++", "C++ and D++, a == b == c, i++"),
        ("A {++new++}{--old--} lid, {~~8~>9~~} bar{>>sure?<<}.", "A new lid, 9 bar."),
        ("10^6^ l of H~2~O, 2 ~ 3, ^up", "10⁶ l of H₂O, 2 ~ 3, ^up"),
        ("The port is ~8080~ 9443, ~5 of ~6, ~/a and ~/b, `~x~`.", "The port is 9443, ~5 of ~6, ~/a and ~/b, ~x~."),
        ("*[HTML]: Hyper Text\n--8<-- \"abbr.md\"\nText.", "Text."),
        ('+++\ntitle = "Ferry"\n+++\nAt 05:45.', "At 05:45."),
        ('{{< alert title="Storms" color="red" >}}\nCall first.\n{{< /alert >}}', "Storms\nCall first."),
        ('{{< tabs "t" >}}\n{{< tab "Summer" >}}\n05:45\n{{< /tab >}}\n{{< tab "Winter" >}}\n07:15\n{{< /tab >}}\n{{< /tabs >}}', "Summer\n05:45\n\nWinter\n07:15"),
        ('See [tickets]({{< ref "t.md" >}}).', "See tickets."),
        ("{% highlight sh %}\nrun *x*\n{% endhighlight %}", "```\nrun *x*\n```"),
        ('{% tab title="Linux" %}\nUse apt.\n{% endtab %}', "Linux\nUse apt."),
        ('import Tabs from "@theme/Tabs";\n\n<TabItem value="a" label="Linux">\n\nUse apt.\n\n</TabItem>', "Linux\n\nUse apt."),
        (":::tip Before you start\nCopy it.\n:::", "Before you start\n\nCopy it."),
        ("::: warning\nIt is hot.\n:::", "Warning\n\nIt is hot."),
        ("> [!note]- How it began\n> In 1902.", "How it began\nIn 1902."),
        ("See [[Pump rules|the rules]] and [[Valves]], not a[[0]] or `[[x]]`.", "See the rules and Valves, not a[[0]] or [[x]]."),
        ("The table [[sources]] of TOML.", "The table [[sources]] of TOML."),
        ("Twice.[^a] Again.[^a]\n\n[^a]: Of 2024.", "Twice.[1] Again.[1]\n\n1. Of 2024."),
        ("%APPDATA% is the folder.\n\n(note)= x", "%APPDATA% is the folder.\n\n(note)= x"),
        ("```\n{{< x >}} ==a== !!! note\n```", "```\n{{< x >}} ==a== !!! note\n```"),
    ],
)  # fmt: skip
def test_what_site_makers_add_is_read_as_it_is_shown(source: str, text: str) -> None:
    assert extract(source.encode()).text == f"{text}\n"


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ('+++\ntitle = "Ferry times"\n+++\n\n## Luggage\n\ntext', "Ferry times"),
        ("---\ntitle: Ferry times\n---\n\n# The ferry\n\ntext", "The ferry"),
        ("## Luggage\n\ntext", "Luggage"),
    ],
)
def test_a_page_without_a_heading_of_its_own_has_the_title_of_its_front_matter(
    source: str, title: str
) -> None:
    assert extract(source.encode()).title == title


@pytest.mark.parametrize(
    "source", ["", "\n", "a\r\nb", '=== "A"\n\n    b\n', "{% highlight x %}\n`", "+++\n"]
)
def test_the_lines_of_the_file_stay_where_they_are(source: str) -> None:
    assert len(as_commonmark(source).splitlines()) == len(source.splitlines())


def test_a_long_line_of_backticks_takes_no_time() -> None:
    source = "".join("`" * (1 + number % 7) + "a" for number in range(20_000))
    assert as_commonmark(source) == source


@pytest.mark.parametrize("line", ["{~~~>" * 1_900, "{% " + " " * 9_000])
def test_marks_that_are_not_closed_take_no_time(line: str) -> None:
    source = f"{line}\n" * 60
    assert as_commonmark(source) == source
