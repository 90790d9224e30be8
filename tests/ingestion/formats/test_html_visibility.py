import pytest
from lxml import html as lxml_html

from assistant.ingestion.formats.html import extract
from assistant.ingestion.formats.html_visibility import Visibility


@pytest.mark.parametrize(
    ("page", "text"),
    [
        pytest.param(
            "<div><button class=accordion>Where is it made?</button><div class=panel style='display:none'><p>In Porto.</p></div><button class=accordion>Warranty</button><div class=panel style='display:none'><p>Four years.</p></div></div>",
            "Where is it made?\n\nIn Porto.\n\nWarranty\n\nFour years.\n",
            id="accordion",
        ),
        pytest.param(
            "<h2><button aria-expanded=false aria-controls=p1>Opening hours</button></h2><div id=p1 hidden>Nine to five.</div>",
            "## Opening hours\n\nNine to five.\n",
            id="aria",
        ),
        pytest.param(
            "<ul role=tablist><li><button role=tab aria-controls=a>Specs</button></li><li><button role=tab aria-controls=b>Box</button></li></ul><div role=tabpanel id=a>Weight 3 kg.</div><div role=tabpanel id=b hidden>Two cables.</div>",
            "- Specs\n- Box\n\nWeight 3 kg.\n\nTwo cables.\n",
            id="tabs",
        ),
        pytest.param(
            "<ul class=tabs><li><a href='#one'>One</a></li><li><a href='#two'>Two</a></li></ul><div id=one>First pane.</div><div id=two style='display: none'>Second pane.</div>",
            "- One\n- Two\n\nFirst pane.\n\nSecond pane.\n",
            id="tabs2",
        ),
        pytest.param(
            "<h1>T</h1><p>Seen.</p><p style='display:none'>SECRET</p><div hidden>SECRET</div><span style='visibility:hidden'>SECRET</span><input type=hidden value=SECRET>",
            "# T\n\nSeen.\n",
            id="secret",
        ),
        pytest.param(
            "<body><p>The long text of the page is right here and it goes on.</p><noscript>Please enable JavaScript.</noscript></body>",
            "The long text of the page is right here and it goes on.\n",
            id="noscript+",
        ),
        pytest.param(
            "<main><h1>T</h1><p>Text.</p><aside class=warning>Caution: the surface is hot.</aside></main><aside>Never open the lid while it runs.</aside><aside><a href=1>More</a> <a href=2>links</a></aside>",
            "# T\n\nText.\n\nCaution: the surface is hot.\n\nNever open the lid while it runs.\n",
            id="aside",
        ),
        pytest.param(
            "<main><p>The text of the page that is long enough.</p></main><footer><ul><li><a href=a>Imprint</a></li><li><a href=b>Jobs</a></li></ul><p>Heron Ltd, 12 Quay Street, Hull HU1 1AA</p><p>© 2024 Heron</p></footer>",
            "The text of the page that is long enough.\n\nHeron Ltd, 12 Quay Street, Hull HU1 1AA\n\n© 2024 Heron\n",
            id="footer",
        ),
        pytest.param(
            "<p>Text.</p><footer>© 2019-2024 Heron Ltd. All rights reserved.</footer>",
            "Text.\n",
            id="footer2",
        ),
        pytest.param(
            "<p>Now <span style='text-decoration: line-through'>12</span> 9 euros, <strike>5</strike> 4.</p>",
            "Now 9 euros, 4.\n",
            id="struck",
        ),
        pytest.param(
            "<p><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp>字<rt>ji</rt></ruby>です</p>",
            "漢字です\n",
            id="ruby",
        ),
        pytest.param(
            "<x-a><template shadowroot=open><h2>In</h2><slot></slot></template><p>Light.</p></x-a><template><p>GONE</p></template>",
            "## In\n\nLight.\n",
            id="shadow2",
        ),
        pytest.param(
            "<div id=sidebar><p>Ferries: <a href=1>06:40 from Oban</a>, <a href=2>17:20 from Craignure</a></p></div>",
            "Ferries: 06:40 from Oban, 17:20 from Craignure\n",
            id="sidebarid",
        ),
        pytest.param(
            "<main><p>Subscribe now!</p></main><div><h1>Story</h1><p>The long story of the lake is told here in many words. It has 12 chapters.</p></div>",
            "Subscribe now!\n\n# Story\n\nThe long story of the lake is told here in many words. It has 12 chapters.\n",
            id="mainteaser",
        ),
        pytest.param(
            "<div><button class=q>What delivery costs</button><div class=a>Four euros.</div></div><p>t</p><form><input><button>Send now</button></form>",
            "What delivery costs\n\nFour euros.\n\nt\n",
            id="btn",
        ),
        pytest.param(
            "<p>A.</p><dialog open><p>Closed on 3 May.</p></dialog><dialog>SECRET</dialog>",
            "A.\n\nClosed on 3 May.\n",
            id="open-dialog",
        ),
        pytest.param(
            "<details><summary>Quiet?</summary><p>Yes.</p></details><p hidden>SECRET</p>",
            "Quiet?\n\nYes.\n",
            id="hidden-after-details",
        ),
        pytest.param(
            "<h2>Ports<a href='#ports'>¶</a></h2><p>Note<a href='#n'>*</a></p>",
            "## Ports\n\nNote*\n",
            id="anchor",
        ),
        pytest.param("<ul><li>A</li><li style='display:none'>B</li></ul>", "- A\n- B\n", id="more"),
        pytest.param(
            "<style>.old, span.was { text-decoration: line-through }</style><p>Now <span class=old>12</span> 9, <span class='x was'>5</span> 4.</p>",
            "Now 9, 4.\n",
            id="css",
        ),
        pytest.param(
            "<a id=t1 href=#>Tab</a><div hidden aria-labelledby=t1>Inside.</div>",
            "Tab\n\nInside.\n",
            id="tabby",
        ),
    ],
)
def test_what_a_reader_can_see_is_the_text(page: str, text: str) -> None:
    assert extract(page.encode()).text == text


@pytest.mark.parametrize(
    ("element", "is_left_out"),
    [
        ("<nav><a href=a>Home</a></nav>", True),
        ("<nav><p>The tour starts at the <a href=a>gate</a>.</p></nav>", False),
        ("<div class=sidebar><h3>More</h3><a href=a>One</a> <a href=b>Two</a></div>", True),
        ("<div class=sidebar>Open daily, see <a href=a>hours</a></div>", False),
        ("<button>Send</button>", True),
        ("<button>How long is it?</button>", False),
        ("<div hidden class='tab-pane'>12 kg</div>", False),
        ("<div hidden>12 kg</div>", True),
        (f"<select>{'<option>x' * 41}</select>", True),
        ("<dialog>Accept?</dialog>", True),
        ("<b>bold</b>", False),
        ("<font color='#ffffff'>12 kg</font>", True),
        ("<span style='color:#333;background:#fff'>12 kg</span>", False),
        ("<span style='color: rgb(255,255,255); background:#fff'>12 kg</span>", True),
        ("<div class=dark style='color:white'>12 kg</div>", False),
        ("<p style='color:white;background:navy'>12 kg</p>", False),
        ("<p style='background-color:white'>12 kg</p>", False),
        ("<p style='opacity: 0'>12 kg</p>", True),
        ("<p style='opacity:0.9'>12 kg</p>", False),
        ("<p style='opacity:0'>12 kg</p><script>fade()</script>", False),
        ("<p style='font-size:0'>12 kg</p>", True),
        ("<p style='font-size:0.9em'>12 kg</p>", False),
        ("<p style='position:absolute;left:-9999px'>12 kg</p>", True),
        ("<p style='margin-left:-1200px'>12 kg</p>", False),
    ],
)
def test_an_element_is_left_out_or_not(element: str, is_left_out: bool) -> None:
    page = f"<body><p>{'The text of the page is long. ' * 9}</p>{element}</body>"
    root = lxml_html.document_fromstring(page)
    assert Visibility(root).is_left_out(root.find("body")[1]) == is_left_out
