"""Write a formula of a web page (MathML) or of Word (OMML) in one line: x²=(a+b)/(2c), √5, ∑."""

from collections.abc import Callable, Sequence
from typing import Any

from assistant.ingestion.formats.scripts import lowered, raised

_DEEPEST = 60
_LEFT_OUT = frozenset(("annotation", "annotation-xml", "mphantom", "del"))
_UNSEEN = {ord(sign): None for sign in "\u2061\u2062\u2063\u2064\u200b"}
"""Signs for what nobody writes, such as the times between 2 and x."""
_FRACTIONS = ("mfrac", "f")

Parts = dict[str, str]


def formula_text(element: Any, depth: int = 0) -> str:
    """Return a formula, or a part of one, as it is read from left to right."""
    if depth > _DEEPEST:
        return "".join(element.itertext())
    children = [child for child in element if _is_seen(child)]
    texts = [formula_text(child, depth + 1) for child in children]
    named = {_name(child): text for child, text in zip(children, texts, strict=True)}
    name = _name(element)
    if name in _OF_MATHML and len(texts) == _OF_MATHML[name][0]:
        return _OF_MATHML[name][1](*texts)
    if name in _OF_WORD:
        return _OF_WORD[name](named)
    match name:
        case "msqrt":
            return _root("", _row(element, children, texts))
        case "d" | "mfenced":
            return _fenced(element, texts)
        case "nary":
            sign = _property(element, "chr", "∫")
            return f"{_with_scripts(sign, named.get('sub', ''), named.get('sup', ''))} {named.get('e', '')}"
        case "mtable" | "m":
            return f"[{'; '.join(texts)}]"
        case "mtr" | "mr":
            return ", ".join(texts)
    return _row(element, children, texts)


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


def _is_seen(element: Any) -> bool:
    name = _name(element)
    return isinstance(element.tag, str) and name not in _LEFT_OUT and not name.endswith("Pr")


def _row(element: Any, children: Sequence[Any], texts: Sequence[str]) -> str:
    """Return what stands side by side; a fraction stands apart from letters and numbers beside it."""
    row = _said(element.text)
    is_after_fraction = False
    for child, text in zip(children, texts, strict=True):
        is_fraction = _name(child) in _FRACTIONS
        if (is_fraction or is_after_fraction) and row[-1:].isalnum() and _begins_value(text):
            row += " "
        row += text + _said(child.tail)
        is_after_fraction = is_fraction
    return row


def _begins_value(text: str) -> bool:
    return text[:1].isalnum() or text[:1] in ("(", "√")


def _said(text: str | None) -> str:
    """Return text between elements; white space alone is none."""
    if not text or not text.strip():
        return ""
    return " ".join(f".{text}.".translate(_UNSEEN).split())[1:-1]


def _in_brackets(text: str) -> str:
    """Return a text that is one thing where it is a part of another: in brackets, unless it is a name or number."""
    text = text.strip()
    is_number = text.replace(".", "").replace(",", "").isdigit()
    is_in_brackets = text.startswith("(") and text.find(")") == len(text) - 1
    return text if text.isalpha() or is_number or is_in_brackets or len(text) < 2 else f"({text})"


def _fraction(above: str, below: str) -> str:
    return f"{_in_brackets(above)}/{_in_brackets(below)}"


def _root(index: str, text: str) -> str:
    return f"{raised(index) if index.strip() else ''}√{_in_brackets(text)}"


def _with_scripts(base: str, below: str, above: str) -> str:
    return f"{base}{lowered(below) if below else ''}{raised(above) if above else ''}"


def _fenced(element: Any, texts: Sequence[str]) -> str:
    """Return what is between brackets, which are given apart from it."""
    first = element.get("open", _property(element, "begChr", "("))
    last = element.get("close", _property(element, "endChr", ")"))
    between = element.get("separators", _property(element, "sepChr", ","))[:1]
    return f"{first}{between.join(texts)}{last}"


def _property(element: Any, name: str, otherwise: str) -> str:
    """Return a sign that a property of a formula of Word names."""
    own = (one for child in element if _name(child).endswith("Pr") for one in child.iter())
    found = next((one for one in own if _name(one) == name), None)
    if found is None:
        return otherwise
    return str(
        next((value for key, value in found.attrib.items() if key.endswith("val")), otherwise)
    )


_OF_MATHML: dict[str, tuple[int, Callable[..., str]]] = {
    "mfrac": (2, _fraction),
    "mroot": (2, lambda text, index: _root(index, text)),
    "msup": (2, lambda base, above: _with_scripts(base, "", above)),
    "msub": (2, lambda base, below: _with_scripts(base, below, "")),
    "msubsup": (3, _with_scripts),
    "munder": (2, lambda base, below: _with_scripts(base, below, "")),
    "munderover": (3, _with_scripts),
}
_OF_WORD: dict[str, Callable[[Parts], str]] = {
    "f": lambda parts: _fraction(parts.get("num", ""), parts.get("den", "")),
    "rad": lambda parts: _root(parts.get("deg", ""), parts.get("e", "")),
    "sSup": lambda parts: _with_scripts(parts.get("e", ""), "", parts.get("sup", "")),
    "sSub": lambda parts: _with_scripts(parts.get("e", ""), parts.get("sub", ""), ""),
    "sSubSup": lambda parts: _with_scripts(
        parts.get("e", ""), parts.get("sub", ""), parts.get("sup", "")
    ),
    "limLow": lambda parts: _with_scripts(parts.get("e", ""), parts.get("lim", ""), ""),
}
