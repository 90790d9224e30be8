import pytest

from assistant.ingestion.formats.symbol_fonts import is_symbol_font, sign


@pytest.mark.parametrize(
    ("font", "code", "shown"),
    [
        ("Symbol", 0xF06D, "µ"),
        ("Symbol", 0x6D, "µ"),
        ("Symbol", 0xF0B3, "≥"),
        ("Symbol", 0xF0A3, "≤"),
        ("Symbol", 0xF0B1, "±"),
        ("Symbol", 0xF0B4, "×"),
        ("Symbol", 0xF0B0, "°"),
        ("Symbol", 0xF057, "Ω"),
        ("Symbol", 0xF0DE, "⇒"),
        ("Symbol", 0xF0FE, "⎭"),
        ("Symbol", 0xF0A0, "€"),
        ("Wingdings", 0xF0FE, "☑"),
        ("Wingdings", 0xF0FD, "☒"),
        ("Wingdings", 0xF0FC, "✓"),
        ("Wingdings", 0xF0FB, "✗"),
        ("Wingdings", 0xF0A8, "☐"),
        ("Wingdings", 0xF06F, "☐"),
        ("Wingdings", 0xF06C, "●"),
        ("Wingdings", 0xF0E0, "→"),
        ("Wingdings", 0xF0F0, "⇨"),
        ("Wingdings", 0xF04A, "☺"),
        ("Wingdings", 0xF028, "☎"),
        ("Wingdings", 0xF08C, "❶"),
        ("Wingdings 2", 0xF052, "☑"),
        ("Wingdings 2", 0xF050, "✓"),
        ("Wingdings 2", 0xF0A3, "☐"),
        ("Wingdings 2", 0xF054, "☒"),
        ("Wingdings 3", 0xF022, "→"),
        ("Webdings", 0xF061, "✓"),
        ("Webdings", 0xF063, "☐"),
        ("ZapfDingbats", 0x34, "✔"),
        ("Monotype Sorts", 0x6E, "■"),
        ("Arial", 0xF0B5, "µ"),
        ("Times New Roman", 0x2265, "≥"),
        ("Wingdings", 0xF0FF, ""),
    ],
)
def test_a_sign_is_what_the_font_shows(font: str, code: int, shown: str) -> None:
    assert sign(font, code) == shown


def test_a_symbol_font_is_known_by_its_name_however_it_is_written() -> None:
    assert is_symbol_font("wingdings 2")
    assert is_symbol_font("Zapf-Dingbats")
    assert not is_symbol_font("Arial")
