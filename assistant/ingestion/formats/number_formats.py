"""Show numbers as a spreadsheet does by their formats: 0.19 as "19%", 9.5 as "9.50 €"."""

import re

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|_.|\*.')
_DIGITS = re.compile(r"[#0?,]*[#0?](?:\.([#0?]*))?|\.([#0?]+)")
_NOT_PLAIN = re.compile(r"[ymdhseg@/]", re.IGNORECASE)
"""Dates, times, powers, fractions and the general format: their values are shown as they are."""


def formatted(value: float, code: str) -> str:
    """Return a number in a format of Open XML; nothing if its digits should be shown as they are."""
    section = code.split(";")[1 if value < 0 and ";" in code else 0]
    pieces: list[str] = []

    def kept(match: re.Match[str]) -> str:
        pieces.append(match[1] or match[2] or match[3] or "")
        return f"\0{len(pieces) - 1}\0" if pieces[-1] else ""

    bare = _LITERAL.sub(kept, section)
    digits = _DIGITS.search(re.sub(r"\0\d+\0", lambda match: "\1" * len(match[0]), bare))
    if digits is None or _NOT_PLAIN.search(re.sub(r"\0\d+\0", "", bare)):
        return ""
    before, after = bare[: digits.start()], bare[digits.end() :]
    decimals = digits[1] if digits[1] is not None else digits[2] or ""
    if "%" in bare:
        value *= 100
    number = (
        f"{abs(value):,.{len(decimals)}f}"
        if "," in digits[0]
        else f"{abs(value):.{len(decimals)}f}"
    )
    optional = len(decimals) - len(decimals.rstrip("#?"))
    for _ in range(optional):
        number = number[:-1] if number.endswith("0") else number
    has_sign = value < 0 and ";" not in code
    shown = f"{before}{number.rstrip('.')}{after}"
    return ("-" if has_sign else "") + re.sub(
        r"\0(\d+)\0", lambda match: pieces[int(match[1])], shown
    ).strip()
