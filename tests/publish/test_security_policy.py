"""Tests of the security policy: what is blocked, what is named, and what a real browser does."""

from __future__ import annotations

import shutil
from pathlib import Path

import lxml.html
import pytest
from playwright.sync_api import Browser

from plainleaf.model import Project
from plainleaf.problems import ContentError
from plainleaf.publish.publish import REVIEW
from plainleaf.publish.security_policy import UNFILLED, with_policies
from tests.browser import FIELD, FOUND, PHONE, SEARCH, pages_to_visit, served, visit
from tests.conftest import known_of, published
from tests.host import headers_of, hosted
from tests.publish.test_axe import OPENED
from tests.publish.test_website import TINY

# The example of Content Security Policy Level 3, section 6.7.2: a script and its hash.
SCRIPT = "alert('Hello, world.');"
HASH = "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"
REST = (
    "style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'"
)


def page(head: str = "", body: str = "", policy: str = UNFILLED) -> str:
    return f"<!doctype html><html><head>{policy}{head}</head><body>{body}</body></html>"


def policy_of(html: str) -> str:
    tree = lxml.html.document_fromstring(html)
    return str(tree.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)"))


def words_of(policy: str) -> set[str]:
    return set(policy.replace(";", "").split())


def test_each_page_may_run_its_own_scripts_and_the_header_those_of_all() -> None:
    data = (
        '<script type="application/ld+json">{}</script><script type="application/json">1</script>'
    )
    pages = {"a.html": page(f"<script>{SCRIPT}</script>"), "b.html": page(data)}
    finished, header = with_policies(pages)
    ours = f"default-src 'none'; script-src 'self' {HASH}; {REST}"
    assert policy_of(finished["a.html"]) == ours
    assert policy_of(finished["b.html"]) == f"default-src 'none'; script-src 'self'; {REST}"
    assert header == f"{ours}; frame-ancestors 'none'"
    for name, html in pages.items():  # nothing else in them was touched
        assert finished[name].replace(policy_of(finished[name]), "") == html


RULE = "Write a rule in templates/website/theme/css/ instead."
KEEP = "Keep the file with the site; look at mkdocs.yml, too."
CODE = "Write a script in templates/website/theme/scripts/ instead."
PLACE = f"Write `{UNFILLED}` first in the head of its template, once."
BLOCKED = {
    "a style of its own": ('<p style="color: red">', '<p style="color: red">', RULE),
    "a sheet of styles": ("<style>p {}</style>", "<style>", RULE),
    "a handler": ('<b onclick="f()">', '<b onclick="…">', CODE),
    "a link that runs": (
        '<a href=" JavaScript:f()">',
        '<a> with " JavaScript:f()"',
        KEEP,
    ),
    "a script from elsewhere": (
        '<script src="https://count.example/a.js"></script>',
        '<script> with "https://count.example/a.js"',
        KEEP,
    ),
    "a style sheet from elsewhere": (
        '<link rel="stylesheet" href="//fonts.example/a.css">',
        '<link> with "//fonts.example/a.css"',
        KEEP,
    ),
    "a picture from elsewhere": (
        '<img src="http://pictures.example/a.png" alt="">',
        '<img> with "http://pictures.example/a.png"',
        KEEP,
    ),
    "a frame": ('<iframe src="a.html"></iframe>', "<iframe>", "Take it away."),
    "a new base": ('<base href="/">', "<base>", "Take it away."),
    "a form that is sent": (
        '<form action="search.html"></form>',
        "a form that is sent",
        "Take `action` away: this site takes nothing that people type.",
    ),
}


@pytest.mark.parametrize("what", BLOCKED)
def test_what_the_policy_would_block_is_named(what: str) -> None:
    body, named, hint = BLOCKED[what]
    with pytest.raises(ContentError) as error:
        with_policies({"a.html": page(body=body), "b.html": page(body=body)})
    said = f"templates/website: a.html holds {named}, which its security policy blocks.\n    {hint}"
    assert str(error.value) == said


def test_a_page_is_refused_whose_policy_has_no_place_or_comes_too_late() -> None:
    said = f"templates/website: a.html holds no place for its security policy.\n    {PLACE}"
    for html in (page(policy=""), page(UNFILLED), page(f"<title></title>{UNFILLED}", policy="")):
        with pytest.raises(ContentError) as error:
            with_policies({"a.html": html})
        assert str(error.value) == said


def test_what_leads_away_or_is_data_may_stand() -> None:
    body = (
        '<a href="https://www.example/">A</a><a href="#b" id="b"></a><a href="tel:999">B</a>'
        '<img src="data:image/svg+xml,a" alt=""><img src="../a.svg" alt="">'
        '<form name="search"></form>'
    )
    head = (
        '<link rel="canonical" href="https://cuts.example/">'
        '<link rel=" alternate" href="https://cuts.example/ar/"><link rel="icon" href="data:,">'
    )
    with_policies({"a.html": page(head, body)})


def test_a_template_with_an_inline_style_stops_the_build_and_the_old_site_stays(
    project: Project,
) -> None:
    ours = project.folder / "templates" / "website"
    ours.mkdir(parents=True)
    (ours / "offline.md.jinja").write_text(
        '<p style="color: red">{{ words.offline }}</p>\n', "utf-8"
    )
    (project.site).mkdir()
    (project.site / "index.html").write_text("the site of yesterday", "utf-8")
    review = project.shared_templates / "review" / "review.css"
    assert review.is_file()
    with pytest.raises(ContentError) as error:
        published(known_of(project)[0], [], page())
    assert str(error.value) == (
        'templates/website: ar/handouts.html holds <p style="color: red">, '
        f"which its security policy blocks.\n    {RULE}"
    )
    assert [path.name for path in project.site.iterdir()] == ["index.html"]


@pytest.mark.slow
@pytest.mark.parametrize("project", ["shipped", "tiny", "hosted"])
def test_every_page_has_its_policy_first_and_its_letters_known_soon(
    project: str, request: pytest.FixtureRequest
) -> None:
    """HTML Standard: which letters a page is written in must be said in its first 1024 bytes."""
    site: Path = request.getfixturevalue(f"{project}_site")
    pages = sorted(site.rglob("*.html"))
    assert REVIEW in {path.name for path in pages}
    allowed = headers_of(site)["Content-Security-Policy"]
    for path in pages:
        html = path.read_text("utf-8")
        first = next(lxml.html.document_fromstring(html).iterfind("head/*"))
        assert first.get("http-equiv") == "Content-Security-Policy", path
        policy = str(first.get("content"))
        assert "unsafe" not in policy
        assert words_of(policy) <= words_of(allowed), path
        assert 0 < html.encode().find(b'<meta charset="utf-8">') < 1000, path


@pytest.mark.parametrize("project", ["shipped", "tiny", "hosted"])
def test_no_page_does_what_its_policy_or_a_header_forbids(
    chromium: Browser,
    project: str,
    request: pytest.FixtureRequest,
) -> None:
    """Every page, search, the drawer of a phone and a printout, with all headers of a host.

    test_axe.py and test_website.py see the same of each page that they open.
    """
    site: Path = request.getfixturevalue(f"{project}_site")
    under = "/leaflets/" if project == "hosted" else "/"
    others = {f"{name}.html" for name in {"shipped": OPENED, "tiny": TINY}.get(project, ())}
    with hosted(site, under) as address, visit(chromium, PHONE) as seen:
        for path in pages_to_visit(site):
            name = path.relative_to(site).as_posix()
            if name not in others:
                seen.go(f"{address}{name}")
        page = seen.go(f"{address}index.html", patiently=True)
        page.evaluate("document.querySelector('#__drawer').click()")
        page.keyboard.press("Escape")
        page.locator(SEARCH).click()
        page.locator(FIELD).fill("call")
        page.locator(FOUND).first.click(timeout=9000)
        page.wait_for_load_state("networkidle")
        page.emulate_media(media="print")
        assert seen.complaints == []
        assert {url for url in seen.requests if not url.startswith((address, "data:"))} == set()


@pytest.mark.parametrize("by", ["the page", "the header"])
def test_a_script_that_somebody_puts_into_a_page_does_not_run(
    chromium: Browser,
    hosted_site: Path,
    tmp_path: Path,
    by: str,
) -> None:
    site = tmp_path / "site"
    shutil.copytree(hosted_site, site, ignore=shutil.ignore_patterns("*.pdf", "*.zip"))
    html = (site / "index.html").read_text("utf-8")
    if by == "the header":
        html = html.replace(policy_of(html), "")
    bad = (
        "<script>document.body.id = 'ran'</script><img src=x onerror=\"document.body.id = 'ran'\">"
    )
    (site / "index.html").write_text(html.replace("</article>", f"{bad}</article>"), "utf-8")
    (site / "x").write_text("no picture", "utf-8")
    serve = served(site) if by == "the page" else hosted(site)
    with serve as address, visit(chromium) as seen:
        page = seen.go(f"{address}index.html", patiently=True)
        assert page.locator("body").get_attribute("id") is None
        refused = [said for said in seen.complaints if "Content Security Policy" in said]
        assert len(refused) == 2
        # Without a policy it would have run.
        html = html.replace(policy_of(html), "").replace("</article>", f"{bad}</article>")
        (site / "index.html").write_text(html, "utf-8")
        with served(site) as open_address:
            page = seen.go(f"{open_address}index.html", patiently=True)
            assert page.locator("body").get_attribute("id") == "ran"
