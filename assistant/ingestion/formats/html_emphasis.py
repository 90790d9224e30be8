"""Note which stretches of a block of a page are emphasised."""

from collections.abc import Sequence
from itertools import accumulate

from lxml.html import HtmlElement

from assistant.ingestion.formats.outline import is_sign

_STYLES = {"b": "strong", "strong": "strong", "i": "em", "em": "em"}


class Emphasis:
    """The emphasised stretches of a block that is being written, by the number of its pieces.

    Emphasis in emphasis of the same kind is not told apart.
    """

    def __init__(self) -> None:
        self._open: dict[str, tuple[HtmlElement, int]] = {}
        self._closed: list[tuple[int, int, str]] = []

    def start(self, element: HtmlElement, pieces: int) -> None:
        """Begin a stretch if the element emphasises, after so many pieces of text."""
        style = _STYLES.get(element.tag)
        if style and style not in self._open:
            self._open[style] = (element, pieces)

    def end(self, element: HtmlElement, pieces: int) -> None:
        """End the stretch that the element has begun."""
        style = _STYLES.get(element.tag, "")
        begun = self._open.get(style)
        if begun and begun[0] is element:
            del self._open[style]
            self._closed.append((begun[1], pieces, style))

    def shorten(self, pieces: int) -> None:
        """Forget what is emphasised after so many pieces, which have become one."""
        self._closed = [one for one in self._closed if one[0] < pieces]

    def taken(self, pieces: Sequence[str]) -> tuple[tuple[int, int, str], ...]:
        """Return the stretches and begin another block.

        Each is given by the signs from its start, and from its end, to the end of the block.
        """
        still_open = [(start, len(pieces), style) for style, (_, start) in self._open.items()]
        closed = sorted([*self._closed, *still_open])
        self._closed = []
        self._open = {style: (element, 0) for style, (element, _) in self._open.items()}
        if not closed:
            return ()
        counts = [0, *accumulate(sum(map(is_sign, piece)) for piece in pieces)]
        total, last = counts[-1], len(pieces)
        return tuple(
            (total - counts[min(start, last)], total - counts[min(end, last)], style)
            for start, end, style in closed
        )
