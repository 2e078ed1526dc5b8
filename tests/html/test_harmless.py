"""A page is what browsers make of it: nothing in it acts, and site and paper get that very tree."""

# ruff: noqa: E501 each input on one line, as it would be typed

from __future__ import annotations

from pathlib import Path

import lxml.html
import pytest
from playwright.sync_api import Browser

from plainleaf.html.harmless import as_browsers_read, judged, written
from tests.browser import served, visit

# Each would run `hit()` or lead away in a browser that reads it, or in one that reads it otherwise.
MUTATIONS = [
    '<noscript><p title="</noscript><script src=hit.js></script>"></noscript>',
    "<noscript><p title=\"</noscript><meta http-equiv=refresh content='0;url=hit.html'>\"></noscript>",
    "<svg><title>A hand <script src=hit.js></script></title></svg>",
    "<svg><desc><img src=x onerror=hit()></desc></svg>",
    '<svg><p><style><img src="</style><img src=x onerror=hit()>"></svg>',
    "<svg><style><img src=x onerror=hit()></style></svg>",
    "<svg><foreignObject><iframe srcdoc='<script>parent.hit()</script>'></iframe></foreignObject></svg>",
    "<svg><animate onbegin=hit() attributeName=x dur=1s></svg>",
    "<svg><set attributeName=href to=javascript:hit()></svg>",
    '<svg><use href="data:image/svg+xml,<svg id=a onload=hit()>#a"></use></svg>',
    '<svg><a xlink:href="javascript:hit()"><text>a</text></a></svg>',
    "<svg onload=hit()></svg>",
    "<body onload=hit()>",
    "<html onclick=hit()><p>a</p>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=hit()&gt;">',
    '<form><math><mtext></form><form><mglyph><svg><mtext><style><path id="</style><img onerror=hit() src>">',
    '<math><annotation-xml encoding="text/html"><script>hit()</script></annotation-xml></math>',
    "<template><script>hit()</script></template>",
    "<div><template shadowrootmode=open><img src=x onerror=hit()></template></div>",
    '<xmp><p title="</xmp><script>hit()</script>"></xmp>',
    '<textarea><p title="</textarea><script>hit()</script>"></textarea>',
    '<title><p title="</title><script>hit()</script>"></title>',
    '<noembed><p title="</noembed><script>hit()</script>"></noembed>',
    '<iframe><p title="</iframe><script>hit()</script>"></iframe>',
    "<iframe srcdoc='<script>parent.hit()</script>'></iframe>",
    "<select><option><style></option></select><img src=x onerror=hit()></style>",
    "<p>a <!--> <script>hit()</script> --></p>",
    "<!--!> <img src=x onerror=hit()> -->",
    "<? <img src=x onerror=hit()> ?>",
    '<a href="java&#10;script:hit()" id=auto>a</a>',
    '<a href=" &#1;JaVaScRiPt:hit()">a</a>',
    '<a href="data:text/html,<script>hit()</script>">a</a>',
    "<img src=x onerror=hit()>",
    "<p onpointerover=hit() title='a\"b'>a</p>",
    "<input autofocus onfocus=hit()>",
    "<details open ontoggle=hit()><summary>a</summary></details>",
    "<video><source onerror=hit()></video>",
    "<object data='javascript:hit()'></object>",
    "<embed src='javascript:hit()'>",
    "<base href='https://elsewhere.example/'>",
    "<link rel=stylesheet href=hit.css onload=hit()>",
    "<table><tr><td><script>hit()</script></table>",
    "</div></article></main><script>hit()</script>",
]

SOUND = {
    "words": "<p>Wash <strong>it</strong>, <abbr title='in a while'>soon</abbr>.<br>H<sub>2</sub>O</p>",
    "letters that look like tags": "<p>1 &lt; 2 &amp; 3 &gt; 2, &lt;script&gt;hit()&lt;/script&gt;</p>",
    "a title that holds a tag": '<p title="&lt;/p&gt;&lt;script&gt;">a</p>',
    "a table": '<table><thead><tr><th scope="col">A</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>',
    "a drawing": (
        '<svg viewbox="0 0 9 9"><title>A &lt;b&gt; box</title><defs><lineargradient id="a">'
        '<stop offset="0"></stop></lineargradient></defs><path d="M0 0h9" fill="url(#a)"></path></svg>'
    ),
    "links": '<a href="risks.md#a">a</a><a href="tel:999">b</a><a href="https://a.example/?b=1&amp;copy=2">c</a>',
    "lists": '<ol start="3"><li>a<ul><li>b</li></ul></li></ol><dl><dt>c</dt><dd>d</dd></dl>',
    "code": "<pre><code>a\n  b</code></pre>",
}


@pytest.mark.parametrize("html", MUTATIONS)
def test_what_acts_in_any_browser_is_refused(html: str) -> None:
    assert judged(html)[1]


@pytest.mark.parametrize("html", SOUND.values(), ids=SOUND)
def test_what_patients_pages_need_is_left_as_it_is(html: str) -> None:
    tree, harm = judged(html)
    assert list(harm) == []
    assert written(tree) == html.replace("='in a while'", '="in a while"')
    assert as_browsers_read(written(tree)) == written(tree)
    again = lxml.html.fragment_fromstring(written(tree), create_parent="div")
    assert lxml.html.tostring(again) == lxml.html.tostring(tree)


@pytest.mark.parametrize(
    ("html", "text", "line"),
    [
        ("<p>a</p><center>b</center>", "a\n\n<center>b</center>", 3),
        ("<s>a</s><b is=x>b</b>", "~a~\n\n\n<b is=x>b</b>", 4),
        ("<i></i><u>a<b></u></b>", "a\n<u>a<b></u></b>", 2),
        ("<div><p>a</p>", "\n\n<div>\na", 3),
        ("<center>a</center><center>b</center>", "<center>a</center>", 1),
        ("<marquee>", "made by an extension", 0),
    ],
)
def test_what_is_refused_is_found_in_the_file(html: str, text: str, line: int) -> None:
    assert judged(html)[1][0].line_in(text) == line


def test_a_tree_is_never_too_deep_to_be_judged() -> None:
    assert "too deep" in judged("<b>" * 5000 + "a" + "</b>" * 5000)[1][0].fact


def test_nothing_runs_in_a_browser_of_what_is_written(chromium: Browser, tmp_path: Path) -> None:
    """Even of what is refused, what would be published is the tree that was judged, or nothing."""
    (tmp_path / "hit.js").write_text("hit()")
    (tmp_path / "hit.html").write_text("<p>away</p>")
    sound = "".join(written(judged(html)[0]) for html in SOUND.values())
    page = "<!DOCTYPE html><script>var hits = 0; function hit() {{ hits++ }}</script>{}"
    (tmp_path / "sound.html").write_text(page.format(sound), "utf-8")
    # That these inputs are dangerous at all: the file of one does run.
    (tmp_path / "raw.html").write_text(page.format(MUTATIONS[0]), "utf-8")
    with served(tmp_path) as address, visit(chromium) as seen:
        assert seen.go(f"{address}raw.html", patiently=True).evaluate("hits") == 1
        tab = seen.go(f"{address}sound.html", patiently=True)
        assert tab.evaluate("hits") == 0
        assert tab.locator("[onload], [onerror], body script").count() == 0
        assert tab.url == f"{address}sound.html"
        shown = as_browsers_read(sound)
        assert as_browsers_read(tab.evaluate("document.body.innerHTML.trim()")) == shown
