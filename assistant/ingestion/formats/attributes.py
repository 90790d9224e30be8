"""Read what attributes of documents say: whole numbers, and descriptions of pictures."""

_FEWEST_WORDS = 3
_LONGEST_NUMBER = 6


def whole_number(written: str | None, otherwise: int) -> int:
    """Return a number as an attribute has it, and another one for what is no number or is too long."""
    text = (written or "").strip()
    is_number = text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER
    return int(text) if is_number else otherwise


def picture_text(description: str | None) -> str:
    """Return the description of a picture in brackets; nothing for one of a word or two, such as "logo"."""
    words = (description or "").split()
    return f"[{' '.join(words)}]" if len(words) >= _FEWEST_WORDS else ""
