import pytest
from lxml import html as lxml_html

from assistant.ingestion.formats.html import extract
from assistant.ingestion.formats.html_visibility import Visibility
from assistant.ingestion.formats.html_writer import PageWriter
from assistant.text.table_structure import HEAD_MARK


@pytest.mark.parametrize(
    ("page", "text"),
    [
        pytest.param(
            "<p><input type=checkbox checked> Brakes <input type=checkbox> Lights <input type=radio checked> Yes <input type=radio> No</p>",
            "☑ Brakes ☐ Lights ◉ Yes ○ No\n",
            id="check",
        ),
        pytest.param(
            "<dl><dt>Weight</dt><dd>2 kg</dd><dt>Size</dt><dd><p>13 mm</p><p>or 14</p></dd></dl>",
            "Weight\n2 kg\n\nSize\n13 mm\n\nor 14\n",
            id="dl",
        ),
        pytest.param(
            "<p>Burnt<a role=doc-noteref href=#n>1</a>, cut<sup><a epub:type=noteref>2</a></sup>.</p>",
            "Burnt¹, cut².\n",
            id="noteref",
        ),
        pytest.param(
            "<table><tr><th>Plan<th>Basic<th>Pro<tr><td>Help<td><img alt=No><td><i title=included></i></table>",
            "{H}| Plan | Basic | Pro |\n| Help | No | included |\n".replace("{H}", HEAD_MARK),
            id="icons",
        ),
        pytest.param(
            "<dl><dt>Sat<dt>Sun<dd>closed</dl>", "Sat\nSun\nclosed\n", id="unclosed-terms"
        ),
        pytest.param(
            "<p>E=<math><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup> + <mfrac><mn>1</mn><mn>2</mn></mfrac></math></p>",
            "E=mc² + 1/2\n",
            id="math",
        ),
        pytest.param(
            "<p>A.</p><iframe srcdoc='<p>Inside it costs 4 euros.</p>'></iframe><p>B.</p>",
            "A.\n\nInside it costs 4 euros.\n\nB.\n",
            id="srcdoc",
        ),
        pytest.param(
            "<p>See <img alt='Map of the three zones'> here <img alt=logo></p>",
            "See [Map of the three zones] here\n",
            id="img",
        ),
        pytest.param(
            "<p>1<sup>st</sup> of May, 5<sup>o</sup>, x<sub>max</sub>, 10<sup>-3</sup>, note<sup>[3]</sup>, <sup>238</sup>U, m<sup>2</sup>/s<sup>2</sup>, 3<sup>1</sup>/<sub>2</sub></p>",
            "1st of May, 5º, xmax, 10⁻³, note[3], ²³⁸U, m²/s², 3¹/₂\n",
            id="iso",
        ),
        pytest.param(
            "<pre><code>a ** b\n# not a heading\n</code></pre><h2>Real</h2><pre>plain\n  two</pre>",
            "```\na ** b\n# not a heading\n```\n\n## Real\n\nplain\n  two\n",
            id="pre",
        ),
        pytest.param(
            "<p>He said <q>yes</q>.</p>",
            "He said “yes”.\n",
            id="q",
        ),
        pytest.param(
            "<p>It&#146;s &#150; 5&nbsp;&micro;m &#x2265; 3</p>",
            "It’s – 5 µm ≥ 3\n",
            id="entity",
        ),
        pytest.param(
            "<h1>Title<p>text of it</h1><p>more</p>",
            "# Title\n\ntext of it\n\nmore\n",
            id="h1p",
        ),
        pytest.param(
            "<svg><title>icon</title><style>x</style><text>Pump</text><text>58 bar</text></svg>",
            "Pump\n\n58 bar\n",
            id="svg",
        ),
        pytest.param(
            "<label>Note</label><textarea>Line one\nline two</textarea><select><optgroup label=Boats><option>S<option selected>L</select>",
            "Note\n\nLine one\nline two\n\nBoats\n\n- S\n- L\n",
            id="textareas",
        ),
        pytest.param(
            "<p>10<span style='vertical-align: super'>6</span> and H<span style='vertical-align:sub'>2</span>O</p>",
            "10⁶ and H₂O\n",
            id="va",
        ),
    ],
)
def test_an_element_is_written_as_it_is_shown(page: str, text: str) -> None:
    assert extract(page.encode()).text == text


def test_only_the_given_element_is_written() -> None:
    root = lxml_html.document_fromstring(
        "<body><p>Before.</p><div><p>Inside.</p></div>after</body>"
    )
    writer = PageWriter(Visibility(root))
    writer.write(root.find(".//div"))
    assert writer.outline.text() == "Inside.\n"


@pytest.mark.parametrize("depth", [255, 257, 1_000, 10_000])
@pytest.mark.parametrize("tags", [("<div>", "</div>"), ("<b><span>", "</span></b>")])
def test_nothing_is_nested_too_deep(depth: int, tags: tuple[str, str]) -> None:
    page = f"<p>start</p>{tags[0] * depth}<p>middle</p>{tags[1] * depth}<p>end</p>"
    assert extract(page.encode()).text.split() == ["start", "middle", "end"]
