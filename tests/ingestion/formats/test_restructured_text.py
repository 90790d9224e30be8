import pytest

from assistant.ingestion.formats.restructured_text import extract
from assistant.text.table_structure import HEAD_MARK


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("=====\nTitle\n=====\n\nPart\n----\n\nDeep\n~~~~\n\nMore\n----\n", "# Title\n\n## Part\n\n### Deep\n\n## More\n"),
        ("Use ``a ** b``, *this* and **that**.", "Use a ** b, this and that.\n"),
        ("See `the site <https://a.example>`_ and :ref:`terms <t>`.", "See the site and terms.\n"),
        ("Run::\n\n    # code\n    tarn --at 3\n\nThen.", "Run:\n\n```\n# code\ntarn --at 3\n```\n\nThen.\n"),
        (".. code-block:: sh\n   :linenos:\n\n   tarn\n\nEnd.", "```\ntarn\n```\n\nEnd.\n"),
        (".. a comment\n   of two lines\n\nText.", "Text.\n"),
        ("- one\n- two", "- one\n- two\n"),
        ("2 * 3 * 4", "2 * 3 * 4\n"),
    ],
)  # fmt: skip
def test_it_is_headings_code_and_paragraphs(source: str, text: str) -> None:
    assert extract(source.encode()).text == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (".. warning:: It is hot.\n\n   Never open *it*.", "Warning\n\nIt is hot.\n\nNever open it.\n"),
        (".. deprecated:: 2.4\n   Use :func:`~larch.serve`.", "Deprecated since version 2.4\n\nUse serve.\n"),
        (".. versionadded:: 3.1", "Added in version 3.1\n"),
        (".. tabs::\n\n   .. tab:: Linux\n\n      Use apt.\n\n   .. tab:: Windows\n\n      Use winget.", "Linux\n\nUse apt.\n\nWindows\n\nUse winget.\n"),
        (".. function:: serve(port)\n\n   Start it.\n\n   :param port: 8123\n   :returns: nothing", "serve(port)\n\nStart it.\n\nparam port: 8123\nreturns: nothing\n"),
        ('.. csv-table:: Limits\n   :header: "Name", "Value"\n\n   "Files, big", 900', "Limits\n\n{H}| Name | Value |\n| Files, big | 900 |\n"),
        (".. only:: html\n\n   Shown.\n\n.. raw:: html\n\n   <b>x</b>\n\n.. toctree::\n\n   a", "Shown.\n"),
        (".. figure:: a.png\n   :width: 3\n\n   The three layers.", "The three layers.\n"),
        (".. |name| replace:: Larch\n\nThe |name| server, a|b|c.", "The Larch server, a|b|c.\n"),
        ("10\\ :sup:`6` l of H\\ :sub:`2`\\ O, \\*kept\\*", "10⁶ l of H₂O, *kept*\n"),
        ("Counted [1]_.\n\n.. [1] In *2024*.", "Counted [1].\n\n[1] In 2024.\n"),
        ("#. one\n#. two", "1. one\n2. two\n"),
        ("| one\n| two", "one\ntwo\n"),
        (":Author: Ada\n:Version: 2", "Author: Ada\nVersion: 2\n"),
    ],
)  # fmt: skip
def test_directives_and_roles_are_read_as_they_are_shown(source: str, text: str) -> None:
    assert extract(source.encode()).text == text.replace("{H}", HEAD_MARK)


def test_each_block_knows_its_line() -> None:
    found = extract(b"Title\n=====\n\n.. note::\n\n   One\n   two.\n\nThree.\n")
    assert [name for _, name in found.places] == ["line 1", "line 4", "line 6", "line 9"]
    assert found.title == "Title"


def test_directives_within_directives_end_somewhere() -> None:
    source = "".join(f"{'   ' * depth}.. note::\n\n" for depth in range(200)) + "   " * 200 + "deep"
    assert "deep" in extract(source.encode()).text
