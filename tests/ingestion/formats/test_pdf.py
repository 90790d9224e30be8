import re
from collections import Counter
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.ingestion.formats.pdf import extract
from assistant.ingestion.loading import Loader
from assistant.ingestion.scanning import SourceContent
from assistant.text.media_types import PDF
from assistant.types import SeenFile
from tests.ingestion.formats.files import LIMITS, long_pdf, pdf, pdf_of_lines

FISH = "The otter eats fish and crabs in the river during the day and sleeps at night. "


def test_lines_become_paragraphs_again_and_pages_are_known() -> None:
    found = extract(pdf([["# The otter", FISH * 3, "It is brown."], ["A new page begins."]]))
    first, second = "The otter\n\n", (FISH * 3).strip()
    assert found.text == f"{first}{second}\n\nIt is brown.\n\nA new page begins.\n"
    assert found.page_starts == (0, found.text.index("A new page"))
    assert found.title == "The otter"


def test_a_sentence_that_goes_on_on_the_next_page_is_not_broken() -> None:
    found = extract(pdf_of_lines([["The otter eats"], ["fish by day. It"], ["sleeps."]]))
    assert found.text == "The otter eats\nfish by day. It\nsleeps.\n"
    assert [found.text[start:][:6] for start in found.page_starts] == ["The ot", "fish b", "sleeps"]


def test_a_word_divided_at_the_end_of_a_line_is_whole() -> None:
    text = extract(
        pdf_of_lines([["The inter-", "national otter, the sea-", "otter of the sea."]])
    ).text
    assert text == "The international otter, the sea-otter of the sea.\n"


def test_short_lines_of_a_list_or_table_stay_apart() -> None:
    lines = [FISH[:60], "sleeps at night.", "Name Weight", "Old 12 kg", "1. dive", "2. eat"]
    assert extract(pdf_of_lines([lines])).text.split("\n\n")[-1:] == [
        "Name Weight\nOld 12 kg\n1. dive\n2. eat\n",
    ]


def test_an_empty_page_has_no_text_and_the_next_one_its_number() -> None:
    found = extract(pdf_of_lines([["One."], [], ["Three."]]))
    assert found.text == "One.\n\nThree.\n"
    assert found.page_starts[0] == 0
    assert found.page_starts[2] == found.text.index("Three.")


def test_the_files_own_title_counts_if_its_first_page_has_it() -> None:
    assert extract(pdf([["Otters, a Study", "Text."]], title="Otters, a study")).title != ""
    assert extract(pdf([["Text of something."]], title="Microsoft Word - x.doc")).title == ""


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.lists(st.text(st.sampled_from("abc ABC.,!?-–1éß"), min_size=1, max_size=40), max_size=8),
        min_size=1,
        max_size=5,
    )
)
def test_nothing_is_lost_and_pages_are_in_order(pages: list[list[str]]) -> None:
    # what is repeated may be a running head, so each line carries a number of its own
    told = [
        [f"{index}x{row}q {line}" for row, line in enumerate(lines)]
        for index, lines in enumerate(pages)
    ]
    if not any(told):
        return
    found = extract(pdf_of_lines(told))
    assert len(found.page_starts) == len(pages)
    assert all(first <= second for first, second in pairwise(found.page_starts))
    ends = [*found.page_starts[1:], len(found.text)]
    for start, end, lines in zip(found.page_starts, ends, told, strict=True):
        shown = found.text[start:end]
        assert all(line.split()[0] in shown for line in lines)
        assert letters(shown) == letters("".join(lines))


def letters(text: str) -> Counter[str]:
    """What is printed, without borders of cells, and hyphens that divide a word."""
    return Counter(re.sub(r"[\s|-]", "", text))


def test_ten_thousand_pages_are_read_within_the_limits() -> None:
    content = long_pdf(10_000)
    with Loader(LIMITS) as loader:
        document = loader.load(
            SourceContent("long.pdf", content, SeenFile(len(content), 0, 0, "hash"))
        )
    assert document.media_type == PDF
    assert len(document.page_starts) == 10_000
    assert document.page_at(document.page_starts[7_000]) == 7_001
    assert document.page_at(len(document.text) - 1) == 10_000
