import pytest

from assistant.ingestion.formats.scripts import lowered, raised


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("6", "⁶"),
        ("−3", "⁻³"),
        ("-3", "⁻³"),
        ("2+", "²⁺"),
        ("²", "²"),
        ("n+1", "ⁿ⁺¹"),
        ("3, 4", "³, ⁴"),
        ("(2)", "⁽²⁾"),
        ("3.5", "^3.5"),
        ("1/2", "^(1/2)"),
        ("TM", "™"),
        ("st", "st"),
        ("o", "º"),
        ("[3]", "[3]"),
        ("*", "*"),
        (" 2 ", " ² "),
        ("", ""),
    ],
)
def test_a_superscript_is_never_taken_for_a_part_of_a_number(text: str, written: str) -> None:
    assert raised(text) == written


@pytest.mark.parametrize(
    ("text", "written"), [("2", "₂"), ("i", "ᵢ"), ("max", "max"), ("c", "_c"), ("1,2", "₁,₂")]
)
def test_a_subscript_is_lowered(text: str, written: str) -> None:
    assert lowered(text) == written
