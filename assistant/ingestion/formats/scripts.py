"""Write raised and lowered characters so that they keep their meaning: 10⁶ is not 106, CO₂ is one gas."""

import unicodedata

_LAST = 0x2E80
"""Scripts of East Asia begin here; what is raised or lowered comes before."""


def raised(text: str) -> str:
    """Return a superscript as characters that are raised, else after "^"; words stay as they are."""
    return _written(text, _RAISED, "^")


def lowered(text: str) -> str:
    """Return a subscript as characters that are lowered, else after "_"; words stay as they are."""
    return _written(text, _LOWERED, "_")


def _forms(kind: str) -> dict[str, str]:
    """Return the characters that Unicode has as raised or lowered forms of others, by those others."""
    forms: dict[str, str] = {}
    for character in map(chr, range(_LAST)):
        decomposition = unicodedata.decomposition(character)
        if decomposition.startswith(f"<{kind}>"):
            plain = "".join(chr(int(code, 16)) for code in decomposition.split()[1:])
            forms.setdefault(plain, character)
    return forms


_RAISED = _forms("super") | {"-": "⁻", "–": "⁻", "−": "⁻", "o": "º", "a": "ª"}
_LOWERED = _forms("sub") | {"-": "₋", "–": "₋", "−": "₋"}
_BESIDE = frozenset(" ,*†‡§¶′°\u00a0")


def _written(text: str, forms: dict[str, str], mark: str) -> str:
    inner = " ".join(text.split())
    if not inner:
        return text
    before, after = text[: -len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before if before != text else ''}{_form(inner, forms, mark)}{after}"


def _form(text: str, forms: dict[str, str], mark: str) -> str:
    if text in forms:
        return forms[text]
    if all(character in forms.values() for character in text):  # raised within what is raised
        return text
    is_word = len(text) > 1 and text.isalpha()
    is_noted = text[0] in "[*†‡§(" and not text.strip("()").isdigit()
    if is_word or is_noted or all(character in _BESIDE for character in text):
        return text
    if all(character in forms or character in _BESIDE for character in text):
        return "".join(forms.get(character, character) for character in text)
    return f"{mark}{text}" if text.isalnum() or _is_number(text) else f"{mark}({text})"


def _is_number(text: str) -> bool:
    return text.replace(".", "").replace(",", "").lstrip("+-−").isdigit()
