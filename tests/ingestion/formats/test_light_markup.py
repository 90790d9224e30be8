import pytest

from assistant.ingestion.formats.light_markup import extract_adoc, extract_rst


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("=====\nTitle\n=====\n\nPart\n----\n\nDeep\n~~~~\n\nMore\n----\n", "# Title\n\n## Part\n\n### Deep\n\n## More\n"),
        ("Use ``a ** b``, *this* and **that**.", "Use a ** b, this and that.\n"),
        ("See `the site <https://a.example>`_ and :ref:`terms <t>`.", "See the site and terms.\n"),
        ("Run::\n\n    # code\n    tarn --at 3\n\nThen.", "Run:\n\n```\n# code\ntarn --at 3\n```\n\nThen.\n"),
        (".. code-block:: sh\n   :linenos:\n\n   tarn\n\nEnd.", "```\ntarn\n```\n\nEnd.\n"),
        (".. warning:: It is hot.\n\n   Never open it.", "It is hot.\n\nNever open it.\n"),
        (".. a comment\n   of two lines\n\nText.", "Text.\n"),
        ("- one\n- two", "- one\n- two\n"),
        ("2 * 3 * 4", "2 * 3 * 4\n"),
    ],
)  # fmt: skip
def test_restructured_text_is_headings_code_and_paragraphs(source: str, text: str) -> None:
    assert extract_rst(source.encode()).text == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("= Title\n:toc:\n\nText.\n\n== Part\n\nMore.", "# Title\n\nText.\n\n## Part\n\nMore.\n"),
        ("Use *this*, _that_ and `a_b`.", "Use this, that and a_b.\n"),
        ("See https://a.example[the site] and <<t,terms>>.", "See the site and terms.\n"),
        ("[source,sh]\n----\n== no heading\ntarn\n----\nThen.", "```\n== no heading\ntarn\n```\n\nThen.\n"),
        ("// comment\n* one\n* two", "* one\n* two\n"),
    ],
)  # fmt: skip
def test_asciidoc_is_headings_code_and_paragraphs(source: str, text: str) -> None:
    assert extract_adoc(source.encode()).text == text


def test_each_block_knows_its_line() -> None:
    found = extract_rst(b"Title\n=====\n\nOne\ntwo.\n\nThree.\n")
    assert [name for _, name in found.places] == ["line 1", "line 4", "line 7"]
    assert found.title == "Title"
