"""Put an indirect question directly: "what the price is" asks "what is the price"."""

import re

_COPULA = r"(?:is|are|was|were)"
_INDIRECT = re.compile(
    rf"(?P<asks>what|who|where|when|why|how \w+) (?!{_COPULA}\b)(?P<rest>[^?.!]+) (?P<verb>{_COPULA})[?.!]*",
    re.IGNORECASE,
)
"""A question with its verb at the end: "what the price is"."""


def direct(question: str) -> str:
    """Return an indirect question that ends in its verb as a direct one, others unchanged.

    >>> direct("what the interest on late payment is.")
    'what is the interest on late payment?'
    >>> direct("What is it?")
    'What is it?'
    """
    match = _INDIRECT.fullmatch(question.strip())
    return f"{match['asks']} {match['verb']} {match['rest']}?" if match else question
