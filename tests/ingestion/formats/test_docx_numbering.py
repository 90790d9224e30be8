import pytest

from assistant.ingestion.formats.docx import extract
from assistant.ingestion.formats.docx_numbering import Numbering
from assistant.ingestion.formats.open_xml import parse
from tests.ingestion.formats.files import word_of_xml

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def level(depth: int, form: str, text: str, more: str = "") -> str:
    """The XML of a level of a list."""
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/>{more}</w:lvl>'
    )


def definition(number: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{"".join(levels)}</w:abstractNum>'


def listed(number: int, of: int, more: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{more}</w:num>'


def numbering(*parts: str) -> Numbering:
    return Numbering(parse(f"<w:numbering {W}>{''.join(parts)}</w:numbering>".encode()))


def markers(lists: Numbering, *items: tuple[int, int]) -> list[str]:
    return [lists.marker(str(number), depth) for number, depth in items]


CLAUSES = definition(
    7, level(0, "decimal", "%1."), level(1, "decimal", "%1.%2"), level(2, "lowerRoman", "(%3)")
)


def test_clauses_are_numbered_over_all_levels() -> None:
    lists = numbering(CLAUSES, listed(1, 7))
    items = [(1, 0), (1, 1), (1, 1), (1, 0), (1, 1), (1, 2), (1, 2), (1, 1), (1, 2)]
    assert markers(lists, *items) == ["1.", "1.1", "1.2", "2.", "2.1", "(i)", "(ii)", "2.2", "(i)"]


def test_lists_of_one_definition_go_on_unless_they_say_where_they_begin() -> None:
    begin = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    lists = numbering(CLAUSES, listed(1, 7), listed(2, 7), listed(3, 7, begin))
    assert markers(lists, (1, 0), (1, 0), (2, 0), (3, 0), (3, 0)) == ["1.", "2.", "3.", "5.", "6."]


def test_a_list_may_change_a_level_of_its_definition() -> None:
    change = f'<w:lvlOverride w:ilvl="0">{level(0, "upperLetter", "Annex %1")}</w:lvlOverride>'
    lists = numbering(CLAUSES, listed(1, 7, change))
    assert markers(lists, (1, 0), (1, 0)) == ["Annex A", "Annex B"]


def test_a_level_may_never_begin_again() -> None:
    through = level(1, "decimal", "§ %2", '<w:lvlRestart w:val="0"/>')
    lists = numbering(definition(1, level(0, "upperRoman", "Part %1"), through), listed(1, 1))
    assert markers(lists, (1, 0), (1, 1), (1, 1), (1, 0), (1, 1)) == [
        *("Part I", "§ 1", "§ 2", "Part II", "§ 3")
    ]


def test_a_level_may_begin_again_only_below_a_higher_one() -> None:
    deep = level(2, "decimal", "%3", '<w:lvlRestart w:val="1"/>')
    lists = numbering(
        definition(1, level(0, "decimal", "%1"), level(1, "decimal", "%2"), deep), listed(1, 1)
    )
    items = [(1, 0), (1, 1), (1, 2), (1, 1), (1, 2), (1, 0), (1, 2)]
    assert markers(lists, *items) == ["1", "1", "1", "2", "2", "2", "1"]


def test_a_legal_level_shows_the_levels_above_it_in_digits() -> None:
    legal = level(1, "decimal", "%1.%2", "<w:isLgl/>")
    lists = numbering(definition(1, level(0, "upperRoman", "Article %1"), legal), listed(1, 1))
    assert markers(lists, (1, 0), (1, 0), (1, 1)) == ["Article I", "Article II", "2.1"]


def test_a_level_that_was_not_counted_shows_its_start() -> None:
    lists = numbering(CLAUSES, listed(1, 7))
    assert markers(lists, (1, 1), (1, 1)) == ["1.1", "1.2"]


def test_a_definition_may_be_that_of_a_style() -> None:
    style = '<w:styleLink w:val="Clauses"/>'
    link = '<w:abstractNum w:abstractNumId="8"><w:numStyleLink w:val="Clauses"/></w:abstractNum>'
    lists = numbering(definition(7, style, level(0, "decimal", "(%1)")), link, listed(1, 8))
    assert markers(lists, (1, 0), (1, 0)) == ["(1)", "(2)"]


def test_bullets_are_dashes_and_boxes_are_kept() -> None:
    fonts = '<w:rPr><w:rFonts w:ascii="{}"/></w:rPr>'
    lists = numbering(
        definition(1, level(0, "bullet", "\uf0b7", fonts.format("Symbol"))),
        definition(2, level(0, "bullet", "\uf0a8", fonts.format("Wingdings"))),
        definition(3, level(0, "none", "")),
        *(listed(number, number) for number in (1, 2, 3)),
    )
    assert markers(lists, (1, 0), (2, 0), (3, 0), (9, 0)) == ["-", "- ☐", "", "-"]


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def item(text: str, depth: int, number: int = 1) -> str:
    place = f'<w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/>'
    return paragraph(text, f"<w:numPr>{place}</w:numPr>")


def test_a_document_has_the_numbers_that_word_shows() -> None:
    body = (
        item("Delivery", 0) + item("By ship.", 1) + paragraph("Between.") + item("", 1)
        + item("By rail.", 1) + item("the first case", 2)
        + f"<w:tbl><w:tr><w:tc>{item('In a cell', 1)}</w:tc><w:tc>{paragraph('x')}</w:tc></w:tr></w:tbl>"
        + item("Payment", 0) + item("late", 2)
    )  # fmt: skip
    found = extract(word_of_xml(body, CLAUSES + listed(1, 7)), 1_000_000).text
    assert found.split("\n\n") == [
        "1. Delivery",
        "1.1 By ship.",
        "Between.",
        "1.3 By rail.",
        "    (i) the first case",
        "| 1.4 In a cell | x |",
        "2. Payment\n    (i) late\n",
    ]


@pytest.mark.parametrize("linked", [True, False])
def test_headings_are_numbered_by_their_styles(linked: bool) -> None:
    depth = "" if linked else '<w:ilvl w:val="1"/>'
    styles = "".join(
        f'<w:style w:styleId="H{number}"><w:name w:val="heading {number}"/><w:pPr><w:numPr>'
        f"{depth if number == 2 else ''}"
        f'<w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="{number - 1}"/></w:pPr></w:style>'
        for number in (1, 2)
    )
    levels = [
        level(depth, "decimal", text, f'<w:pStyle w:val="H{depth + 1}"/>')
        for depth, text in enumerate(("%1", "%1.%2"))
    ]
    body = "".join(
        paragraph(text, f'<w:pStyle w:val="{style}"/>')
        for text, style in (("Scope", "H1"), ("Winter", "H2"), ("Safety", "H1"), ("Frost", "H2"))
    )
    content = word_of_xml(body, definition(1, *levels) + listed(1, 1), styles)
    found = extract(content, 1_000_000)
    assert found.text == "# 1 Scope\n\n## 1.1 Winter\n\n# 2 Safety\n\n## 2.1 Frost\n"
    assert found.title == "Scope"
