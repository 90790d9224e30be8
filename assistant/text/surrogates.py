"""Replace lone surrogates: halves of a character that only programs send and UTF-8 cannot encode."""

import re

_SURROGATE = re.compile("[\ud800-\udfff]")


def without_surrogates(text: str) -> str:
    """Return the text with each surrogate replaced by U+FFFD, which keeps all offsets."""
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def joined_surrogates(text: str) -> str:
    """Return the text with surrogate pairs joined and lone surrogates replaced by U+FFFD.

    A server that cuts its stream between two halves of a character sends such pairs.
    """
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
