import pytest

from assistant.ingestion.formats.ascii_doc import extract


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("= Title\n:toc:\n\nText.\n\n== Part\n\nMore.", "# Title\n\nText.\n\n## Part\n\nMore.\n"),
        ("Use *this*, _that_ and `a_b`.", "Use this, that and a_b.\n"),
        ("See https://a.example[the site] and <<t,terms>> and <<u>>.", "See the site and terms and u.\n"),
        ("[source,sh]\n----\n== no heading\ntarn\n----\nThen.", "```\n== no heading\ntarn\n```\n\nThen.\n"),
        ("// comment\n* one\n** two\n* three", "- one\n  - two\n- three\n"),
        (". one\n.. deep\n. two", "1. one\n  1. deep\n2. two\n"),
        ("* [x] done\n* [ ] open", "- ☑ done\n- ☐ open\n"),
        ("[NOTE]\n====\nWait *ten* minutes.\n====\n\nThen.", "Note\n\nWait ten minutes.\n\nThen.\n"),
        ("WARNING: It is hot.", "WARNING: It is hot.\n"),
        ("= T\nAda Brook\n:pump: KX-7\n\nOpen the {pump}, not {other}.", "# T\n\nAda Brook\n\nOpen the KX-7, not {other}.\n"),
        ("Power:: 4 kW\nWeight::\n  14 kg", "Power\n4 kW\n\nWeight\n14 kg\n"),
        ("10^6^ l of H~2~O, #marked#, [.line-through]#8# 9", "10⁶ l of H₂O, marked,  9\n".replace(",  9", ", 9")),
        ("image::a.png[The layers of the pump]\n\nimage:b.png[logo] Text.", "[The layers of the pump]\n\nText.\n"),
        ("////\nhidden\n////\nShown.footnote:[Of 2024.]", "Shown. (Of 2024.)\n"),
        (".Older pumps\n[%collapsible]\n====\nUse AD-12.\n====\n\n'''\n\n____\nQuoted.\n____", "Older pumps\n\nUse AD-12.\n\nQuoted.\n"),
        ("one +\ntwo", "one\ntwo\n"),
    ],
)  # fmt: skip
def test_it_is_read_as_it_is_shown(source: str, text: str) -> None:
    assert extract(source.encode()).text == text


def test_each_block_knows_its_line() -> None:
    found = extract(b"= Title\n\nOne\ntwo.\n\n* a\n* b\n")
    assert [name for _, name in found.places] == ["line 1", "line 3", "line 6", "line 7"]


@pytest.mark.parametrize("mark", ["image:a[", "[[", "link:a[", "<<a,", "footnote:["])
def test_marks_that_are_not_closed_take_no_time(mark: str) -> None:
    assert extract((mark * 200_000).encode()).text.startswith(mark)
