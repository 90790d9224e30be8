from assistant.ingestion.formats.light_markup import MarkupWriter


class Lines(MarkupWriter):
    """Each line is a block, and its title is in capitals."""

    def _next(self, lines: list[str], number: int) -> int:
        if lines[number].startswith("!"):
            self.heading(1, lines[number][1:])
        else:
            self.block([lines[number]])
        return number + 1

    def plain(self, text: str) -> str:
        return text.upper()


def test_blocks_have_their_lines_whatever_ends_these() -> None:
    found = Lines().extracted("!one\r\ntwo\rthree\n")
    assert found.text == "# ONE\n\nTWO\n\nTHREE\n"
    assert found.title == "ONE"
    assert [name for _, name in found.places] == ["line 1", "line 2", "line 3"]
