"""Characters of fonts that have signs in place of letters, such as Symbol and Wingdings, in Unicode.

Where Unicode has a sign that is common and one that is only more exact, the common one is taken: an
empty box is ☐ in every font.
"""

_PRIVATE = 0xF000
"""Word keeps the characters of such fonts in Unicode's private area, or as the letters they lie under."""


def _row(start: int, signs: str) -> dict[int, str]:
    return {start + offset: sign for offset, sign in enumerate(signs) if sign != "�"}


_SYMBOL = (
    _row(0x20, " !∀#∃%&∋()∗+,−./0123456789:;<=>?")
    | _row(0x40, "≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_")
    | _row(0x60, "‾αβχδεφγηιϕκλµνοπθρστυϖωξψζ{|}∼")
    | _row(0xA0, "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵")
    | _row(0xC0, "ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓")
    | _row(0xE0, "◊⟨®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪�⟩∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭")
)
_CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿"
_WINGDINGS = (
    _row(0x22, "✂✁👓🔔📖🕯☎✆✉")
    | _row(0x36, "⌛⌨")
    | _row(0x3F, "✍✍✌👌👍👎☜☞☝☟🖐☺😐☹💣☠")
    | _row(0x4F, "⚐⚑✈☼💧❄✝✞✝✠✡☪☯ॐ☸♈♉♊♋♌♍♎♏♐♑♒♓&&●❍■☐□❑❒⬧⧫◆❖⬥⌧")
    | _row(0x80, _CIRCLED)
    | _row(0x9E, "·•▪○○◉◉◎○▪☐")
    | _row(0xAA, "✦★✶✷✹✵")
    | _row(0xB5, "✪✰")
    | _row(0xD5, "⌫⌦")
    | _row(0xDF, "←→↑↓↖↗↙↘←→↑↓↖↗↙↘⇦⇨⇧⇩⇔⇕⇖⇗⇙⇘▭▫✗✓☒☑")
)
_WINGDINGS_2 = _row(0x4F, "✗✓☒☑☒☒⊗⊗🛇⊘") | _row(0x69, _CIRCLED) | _row(0x95, "·••●○○◉◉⊙⦿▪▪■■☐☐☐□□▣")
_WINGDINGS_3 = _row(0x21, "←→↑↓↖↗↙↘↔↕") | _row(0x70, "▲▼△▽◄►◁▷◣◢◤◥◂▸▴▾")
_WEBDINGS = _row(0x33, "◀▶▲▼") | {
    0x61: "✓",
    0x63: "☐",
    0x67: "■",
    0x6E: "●",
    0x72: "✗",
    0x69: "ℹ",
    0x59: "♥",
}
_DINGBATS = (
    {code: chr(0x2701 + code - 0x21) for code in range(0x21, 0x7F)}
    | _row(0x25, "☎")
    | _row(0x2A, "☛☞")
    | {0x48: "★", 0x6C: "●", 0x6E: "■", 0x73: "▲", 0x74: "▼", 0x75: "◆", 0x77: "◗"}
    | {code: chr(0x2761 + code - 0xA1) for code in range(0xA1, 0xFF)}
    | _row(0xA8, "♣♦♥♠①②③④⑤⑥⑦⑧⑨⑩")
    | {0xD5: "→", 0xD6: "↔", 0xD7: "↕"}
)
_FONTS = {
    "symbol": _SYMBOL,
    "symbolmt": _SYMBOL,
    "standardsymbolsl": _SYMBOL,
    "wingdings": _WINGDINGS,
    "wingdings2": _WINGDINGS_2,
    "wingdings3": _WINGDINGS_3,
    "webdings": _WEBDINGS,
    "zapfdingbats": _DINGBATS,
    "itczapfdingbats": _DINGBATS,
    "dingbats": _DINGBATS,
    "monotypesorts": _DINGBATS,
}


def is_symbol_font(font: str) -> bool:
    """Return whether a font has signs in place of letters."""
    return _key(font) in _FONTS


def sign(font: str, code: int) -> str:
    """Return what a font shows for a character code; nothing for a sign that Unicode does not have."""
    plain = code - _PRIVATE if _PRIVATE <= code <= _PRIVATE + 0xFF else code
    signs = _FONTS.get(_key(font))
    if signs is None:
        return chr(plain) if plain >= 0x20 else ""
    return signs.get(plain, " " if plain == 0x20 else "")


def _key(font: str) -> str:
    return font.casefold().replace(" ", "").replace("-", "")
