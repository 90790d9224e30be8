import pytest

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.open_document import extract
from tests.ingestion.formats.files import with_part, zipped

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{uri}:1.0"'
    for name, uri in (
        *(("office", "office"), ("table", "table"), ("text", "text"), ("style", "style")),
        *(("draw", "drawing"), ("svg", "svg-compatible")),
    )
)


def style(name: str, properties: str) -> str:
    return f'<style:style style:name="{name}" style:family="text"><style:text-properties {properties}/></style:style>'


def level(depth: int, form: str, suffix: str, shown: int = 1) -> str:
    return (
        f'<text:list-level-style-number text:level="{depth}" style:num-format="{form}" '
        f'style:num-suffix="{suffix}" text:display-levels="{shown}"/>'
    )


STYLES = (
    style("Up", 'style:text-position="super 58%"') + style("Down", 'style:text-position="-33% 58%"')
    + style("Old", 'style:text-line-through-style="solid"')
    + f'<text:list-style style:name="L">{level(1, "1", ".")}{level(2, "1", "", 2)}{level(3, "i", ")")}</text:list-style>'
    + '<text:list-style style:name="B"><text:list-level-style-bullet text:level="1"/></text:list-style>'
)  # fmt: skip
OUTLINE = f"<text:outline-style>{level(1, '1', '')}{level(2, '1', '', 2)}</text:outline-style>"


def document(body: str, outline: str = "") -> bytes:
    content = (
        f"<office:document-content {SPACES}><office:automatic-styles>{STYLES}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    styles = f"<office:document-styles {SPACES}><office:styles>{outline}</office:styles></office:document-styles>"
    return zipped({"content.xml": content, "styles.xml": styles})


def shown(body: str, outline: str = "") -> str:
    return extract(document(body, outline), 1_000_000).text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('<text:p>10<text:span text:style-name="Up">6</text:span> units</text:p>', "10⁶ units\n"),
        ('<text:p>CO<text:span text:style-name="Down">2</text:span></text:p>', "CO₂\n"),
        ('<text:p><text:span text:style-name="Old">890 </text:span>640</text:p>', "640\n"),
        ('<text:p>a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d</text:p>', "a b c\nd\n"),
        (
            "<text:p>It rains<text:note><text:note-citation>1</text:note-citation><text:note-body>"
            "<text:p>Often.</text:p></text:note-body></text:note>.</text:p>",
            "It rains.\n\nOften.\n",
        ),
        ("<text:tracked-changes><text:p>Gone.</text:p></text:tracked-changes><text:p>Kept.</text:p>", "Kept.\n"),
        (
            "<table:table><table:table-row><table:table-cell table:number-rows-spanned='2'><text:p>Summer</text:p>"
            "</table:table-cell><table:table-cell><text:p>95</text:p></table:table-cell></table:table-row>"
            "<table:table-row><table:covered-table-cell/><table:table-cell><text:p>140</text:p></table:table-cell>"
            "</table:table-row></table:table>",
            "| Summer | 95 |\n| Summer | 140 |\n",
        ),
        (
            "<text:p>See<draw:frame><svg:desc>Map of the three zones</svg:desc></draw:frame></text:p>",
            "See [Map of the three zones]\n",
        ),
    ],
)  # fmt: skip
def test_a_block_is_what_is_shown(body: str, text: str) -> None:
    assert shown(body) == text


def items(*texts: str) -> str:
    return "".join(f"<text:list-item>{text}</text:list-item>" for text in texts)


def test_lists_are_numbered_over_all_levels_and_go_on_where_they_say() -> None:
    inner = (
        f"<text:list>{items('<text:p>By ship.</text:p>', '<text:p>By rail.</text:p>')}</text:list>"
    )
    first = items(f"<text:p>Delivery</text:p>{inner}", "<text:p>Payment</text:p>")
    body = (
        f'<text:list text:style-name="L">{first}</text:list><text:p>Between.</text:p>'
        f'<text:list text:style-name="L" text:continue-numbering="true">{items("<text:p>End</text:p>")}</text:list>'
        f'<text:list text:style-name="B">{items("<text:p>bullet</text:p>")}</text:list>'
    )
    assert shown(body) == (
        "1. Delivery\n\n1.1 By ship.\n\n1.2 By rail.\n\n2. Payment\n\nBetween.\n\n3. End\n\n- bullet\n"
    )


def test_headings_have_their_numbers() -> None:
    body = "".join(
        f'<text:h text:outline-level="{depth}">{text}</text:h>'
        for depth, text in ((1, "Scope"), (2, "Winter"), (1, "Safety"), (2, "Frost"))
    )
    assert shown(body, OUTLINE) == "# 1 Scope\n\n## 1.1 Winter\n\n# 2 Safety\n\n## 2.1 Frost\n"
    assert extract(document(body), 1_000_000).text.startswith("# Scope\n")
    assert extract(document(body, OUTLINE), 1_000_000).title == "Scope"


def test_a_broken_part_beside_the_text_costs_only_itself() -> None:
    content = with_part(document("<text:p>Text.</text:p>"), "styles.xml", b"<broken")
    assert extract(with_part(content, "meta.xml", b""), 1_000_000).text == "Text.\n"


def test_what_is_no_document_or_encrypted_is_refused() -> None:
    with pytest.raises(UnreadableFileError):
        extract(zipped({"a": "b"}), 1_000)
    with pytest.raises(UnreadableFileError, match="encrypted"):
        extract(
            zipped({"content.xml": "x", "META-INF/manifest.xml": "<m><encryption-data/></m>"}),
            1_000,
        )
