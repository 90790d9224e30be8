import pytest

from assistant.text.abbreviations import Abbreviation, abbreviations


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        (
            "the Shanghai Cooperation Organization (SCO) was",
            "SCO",
            "Shanghai Cooperation Organization",
        ),
        (
            "the SCO (Shanghai Cooperation Organization) was",
            "SCO",
            "Shanghai Cooperation Organization",
        ),
        (
            "Association of Long-Distance Coach Operators (ALCO)",
            "ALCO",
            "Association of Long-Distance Coach Operators",
        ),
        (
            "at the Institute for Resistance Studies (“IRS”)",
            "IRS",
            "Institute for Resistance Studies",
        ),
        (
            "the head of the Federal Office of Civil Protection (FOCP), said",
            "FOCP",
            "Federal Office of Civil Protection",
        ),
        (
            "at the Falkenried Institute for Conflict Studies (FICS)",
            "FICS",
            "Falkenried Institute for Conflict Studies",
        ),
        ("heat shock protein (HSP)", "HSP", "heat shock protein"),
        ("Calder Vale Hospitals (CVH, founded 1911)", "CVH", "Calder Vale Hospitals"),
    ],
)
def test_a_definition_is_found(text: str, short: str, long: str) -> None:
    assert abbreviations(text) == [Abbreviation(short, long)]


@pytest.mark.parametrize(
    "text",
    [
        "It was founded in 2001 (see below).",
        "Ask the People Office (Room 12).",
        "The ministers (Anna Quill among them) met.",
        "Rice (USA) is cheap.",
        "SCO (2001)",
        "()",
        "(" * 1000,
        "a (A) b",
    ],
)
def test_other_parentheses_define_nothing(text: str) -> None:
    assert abbreviations(text) == []


def test_each_definition_is_given_once() -> None:
    assert len(abbreviations("Halden Compact (HC) and Halden Compact (HC)")) == 1
