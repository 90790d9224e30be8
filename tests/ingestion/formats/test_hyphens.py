import pytest

from assistant.ingestion.formats.hyphens import MARK, Hyphens
from assistant.text.media_types import PDF
from tests.ingestion.formats.files import extracted, pdf_of_lines


@pytest.mark.parametrize(
    ("divided", "elsewhere", "word"),
    [
        ("infor~mation", "", "information"),
        ("infor~mation", "The in for formation.", "information"),
        ("well~known", "", "well-known"),
        ("Self~sufficient", "", "Self-sufficient"),
        ("long~term", "", "long-term"),
        ("co~operative", "A cooperative.", "cooperative"),
        ("co~operative", "A co-operative.", "co-operative"),
        ("sea~otter", "An otter in the sea.", "sea-otter"),
        ("with~out", "Out with it.", "without"),
        ("to~gether", "To gether.", "together"),
        ("Sino~Russian", "", "Sino-Russian"),
        ("state~of-the-art", "", "state-of-the-art"),
        ("state-of~the-art", "It is state-of-the-art.", "state-of-the-art"),
        ("Straßen~bahn", "", "Straßenbahn"),
        ("state-of-the~art", "The temperature is right.", "state-of-the-art"),
        ("jack-in-the~box", "The box.", "jack-in-the-box"),
        ("mother-in~law", "", "mother-in-law"),
        ("day-to~day", "It is for today.", "day-to-day"),
        ("self-con~tained", "", "self-contained"),
        ("e~mail", "", "e-mail"),
        ("X~ray", "", "X-ray"),
        ("re~election", "", "re-election"),
        ("co~owner", "", "co-owner"),
        ("zo~ology", "Zoology.", "zoology"),
        ("pre~and post-paid", "", "pre- and post-paid"),
        ("with~out well-known", "Without.", "without well-known"),
    ],
)
def test_a_divided_word_is_what_the_document_says_or_its_halves(
    divided: str, elsewhere: str, word: str
) -> None:
    text = f"Here is {divided} to be read. {elsewhere}".replace("~", MARK)
    assert Hyphens([text]).mended(text) == f"Here is {word} to be read. {elsewhere}"


def test_a_word_of_another_page_tells() -> None:
    pages = [["It is a co-", "ordinate of the map."], ["Each co-ordinate counts."]]
    assert "It is a co-ordinate of" in extracted(PDF, pdf_of_lines(pages)).text


def test_a_hyphen_after_a_number_stays() -> None:
    lines = [["It was counted in 2001-", "2002, and in COVID-", "19 times."]]
    assert "2001-2002, and in COVID-19 times" in extracted(PDF, pdf_of_lines(lines)).text
