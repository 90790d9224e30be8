import pytest

from assistant.ingestion.formats.markdown import extract
from assistant.ingestion.formats.markdown_directives import DIRECTIVE_TITLES, role_text
from assistant.text.table_structure import HEAD_MARK


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("func", "larch.serve", "larch.serve"),
        ("py:class", "~larch.web.Server", "Server"),
        ("ref", "the start page <start>", "the start page"),
        ("doc", "</guide/install>", "/guide/install"),
        ("sup", "6", "⁶"),
        ("sub", "2", "₂"),
        ("term", "!node", "node"),
    ],
)
def test_a_role_is_read_as_what_it_shows(name: str, content: str, text: str) -> None:
    assert role_text(name, content) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("See {func}`larch.serve` and 10{sup}`6` users.", "See larch.serve and 10⁶ users."),
        ("```{warning}\nNever open **it**.\n```", "Warning\n\nNever open it."),
        ("```{note}\n:class: dropdown\n\nKept for 30 days.\n```", "Note\n\nKept for 30 days."),
        (":::{admonition} Before *you* go\n:class: tip\nCopy it.\n:::", "Before you go\n\nCopy it."),
        ("```{versionadded} 2.4\nThe flag.\n```", "Added in version 2.4\n\nThe flag."),
        ("```{deprecated} 3\n```\n\nText.", "Deprecated since version 3\n\nText."),
        ("````{tab-set}\n```{tab-item} Debian\nUse `apt`.\n```\n```{tab-item} Fedora\nUse `dnf`.\n```\n````", "Debian\n\nUse apt.\n\nFedora\n\nUse dnf."),
        ("```{code-block} py\n:linenos:\n:caption: run.py\nrun(*x*)\n```", "run.py\n\n```\nrun(*x*)\n```"),
        ("```{list-table} Ports\n:header-rows: 1\n\n* - Service\n  - Port\n* - Web\n  - `8123`\n```", "Ports\n\n{H}| Service | Port |\n| Web | 8123 |"),
        ('```{csv-table}\n:header: Name, Value\n\n"Users, all", 40\n```', "{H}| Name | Value |\n| Users, all | 40 |"),
        ("```{figure} a.png\n:alt: Three layers of it\n:width: 300px\n\nThe layers.\n```", "[Three layers of it]\n\nThe layers."),
        ("```{toctree}\n:maxdepth: 2\ninstall\n```\n\nText.", "Text."),
        ("(start)=\n# Start\n\n% hidden\n+++\nText.", "# Start\n\nText."),
        ("```{note}\nSee [it][a].\n```\n\n[a]: b.md", "Note\n\nSee it."),
        ("```python\n{note}\n```", "```\n{note}\n```"),
    ],
)  # fmt: skip
def test_a_directive_is_read_as_what_it_shows(source: str, text: str) -> None:
    assert extract(source.encode()).text == f"{text}\n".replace("{H}", HEAD_MARK)


def test_what_is_in_a_directive_is_found_in_the_file() -> None:
    source = "# Start\n\n```{note}\n:class: x\n\nKept for 30 days.\n```\n\nMore.\n"
    found = extract(source.encode())
    places = {
        found.text[offset:].split("\n")[0]: (place, line) for offset, place, line in found.origins
    }
    assert places["Kept for 30 days."] == (source.index("Kept"), 6)


def test_directives_within_directives_end_somewhere() -> None:
    fences = ["`" * (40 - depth) for depth in range(30)]
    source = "\n".join([*(f"{fence}{{note}}" for fence in fences), "deep", *reversed(fences)])
    assert "deep" in extract(source.encode()).text


def test_each_title_is_shown() -> None:
    for name, title in DIRECTIVE_TITLES.items():
        text = extract(f"```{{{name}}} 1.2\nText.\n```".encode()).text
        assert text.startswith(title)
