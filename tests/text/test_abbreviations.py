import time

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


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        (
            "The Lowland Otter Society, or LOS for short, keeps ponds.",
            "LOS",
            "Lowland Otter Society",
        ),
        ("The Pressure Vessel Board, known as PVB, met.", "PVB", "Pressure Vessel Board"),
        ("The Halden Compact (also called HC) met.", "HC", "Halden Compact"),
        ("NWC: Northern Water Company\n", "NWC", "Northern Water Company"),
        ("- DPO – data protection officer\n", "DPO", "data protection officer"),
        (
            "| FICS | Falkenried Institute for Conflict Studies |\n",
            "FICS",
            "Falkenried Institute for Conflict Studies",
        ),
        ("Central Asian Rail Link – CARL\n", "CARL", "Central Asian Rail Link"),
    ],
)
def test_short_forms_without_parentheses(text: str, short: str, long: str) -> None:
    assert abbreviations(text) == [Abbreviation(short, long)]


@pytest.mark.parametrize(
    "text",
    [
        "Tea or TLC for short visits.",
        "NOTE: Not on Sundays, or on Tuesdays either\n",
        "NB: never bathe here alone\n",
        "FAQ: How do I get in?\n",
        "The dogs of the town – DOG\n",
        "A: All of the above\n",
        "IMPORTANT - read this first\n",
        "The society or LOS.",
    ],
)
def test_what_only_looks_like_a_short_form(text: str) -> None:
    assert abbreviations(text) == []


def test_looking_for_short_forms_takes_linear_time() -> None:
    def seconds(count: int) -> float:
        started = time.process_time()
        abbreviations("AB or AB, known as AB - " * count + "\n" + "AB: " * count)
        return time.process_time() - started

    assert seconds(8_000) < 2 * 8 * max(seconds(1_000), 0.1)


@pytest.mark.parametrize("sign", [" ", "-", "(", ",", "| "])
def test_a_long_run_of_signs_takes_linear_time(sign: str) -> None:
    assert abbreviations(sign * 200_000 + "x or AB") == []
