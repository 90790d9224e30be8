"""Lone surrogates: halves of a character that only a program can send, and that UTF-8 cannot hold."""

import re

_SURROGATE = re.compile("[\ud800-\udfff]")


def without_surrogates(text: str) -> str:
    """Return the text with each surrogate replaced by U+FFFD, so that all offsets stay."""
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def joined_surrogates(text: str) -> str:
    """Return the text with pairs of surrogates as one character, lone ones as U+FFFD.

    A server that cuts its stream between two halves of a character sends such pairs.
    """
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
