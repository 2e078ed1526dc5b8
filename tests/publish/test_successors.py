"""Tests that the successors of MkDocs make the same website of the same trees.

website.py lays out a tree for each language. MkDocs, Zensical and ProperDocs build it, and each
page is compared: so whoever carries this on can change the engine in a day, and lose nothing.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin

import lxml.etree
import lxml.html
import pikepdf
import pytest

from plainleaf.load.load import load
from plainleaf.machine.disk import write_below
from plainleaf.model import DRAFT, Checked, Printed
from plainleaf.plan import plan
from plainleaf.problems import Problem
from plainleaf.publish.code_pages import issued
from plainleaf.publish.search import INDEX
from plainleaf.publish.website import lay_out, run_mkdocs
from plainleaf.read.read import read
from tests.conftest import HERE, ROOT, TODAY, UNSEEN, project_in
from tests.test_new_procedure import PAGES

pytestmark = pytest.mark.slow


class Difference(NamedTuple):
    """What stands in pages of MkDocs, and what in the same place of a successor's; "" is nothing.

    rule names what was compared, as `contents_of` and `page_of` do.
    """

    rule: str
    mkdocs: str
    successor: str


# The differences that are allowed, by engine, each with its reason. One that is not found any
# more fails the tests as well: so this is what would change for readers, no more and no less.
SKIP = "the link that skips the menu leads to the start of the article, not to its first section"
NO_SECTIONS = "that link stands also on pages whose sections are not listed"
DIFFERENCES: Mapping[str, Mapping[Difference, str]] = {
    "properdocs": {},
    "zensical": {
        Difference("files", "", "search.json"): "an index for its own search, which is turned off",
        Difference("look", "stylesheets", "classic"): "the look of Material is one of two",
        Difference("ids in the article", "", "__skip"): SKIP,
        Difference("links around the article", "#emergency", "#__skip"): SKIP,
        Difference("links around the article", "#key-points", "#__skip"): SKIP,
        Difference("links around the article", "#find", "#__skip"): SKIP,
        Difference("links around the article", "", "#__skip"): NO_SECTIONS,
        Difference("words around the article", "", "Skip to content"): NO_SECTIONS,
        Difference("words around the article", "", "انتقل إلى المحتوى"): NO_SECTIONS,
        Difference("words around the article", "", "Saltar a contenido"): NO_SECTIONS,
    },
}


# What is compared

# Search, icons and styles that an engine brings along have other names in each version of it; we
# take away its map of the site, and draw our own of all languages.
OF_THE_ENGINE = re.compile(r"(^|/)assets/(images|javascripts|stylesheets)/|^sitemap\.xml")
# What is read, by eye or by ear.
READ = "//body//text()[not(parent::script or parent::style)]", "//@alt", "//@aria-label"
# The generator is the engine itself.
META = "//meta[not(@name='generator')]"
DATA = "//script[@type='application/ld+json']/text()"
STYLES = "//link[@rel='stylesheet']/@href"
PLACES = {"in the article": "ancestor::article", "around the article": "not(ancestor::article)"}


@cache
def contents_of(site: Path) -> dict[tuple[str, str], list[str]]:
    """Give all that a finished website says, by file and rule; the file is "" for the whole.

    It is read once: no test changes a website that it has compared.
    """
    files = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
    own = sorted(name for name in files if not OF_THE_ENGINE.search(name))
    contents = {("", "files"): own}
    for name in own:
        if name.endswith(".html"):
            page = lxml.html.parse(files[name]).getroot()
            contents |= {(name, rule): values for rule, values in page_of(page, name).items()}
        else:
            contents[name, "bytes"] = [hashlib.sha256(files[name].read_bytes()).hexdigest()]
    return contents


def page_of(page: lxml.html.HtmlElement, name: str) -> dict[str, list[str]]:
    """Give what a page says, by rule; its own name tells where its links lead."""
    styles = [link for link in page.xpath(STYLES) if OF_THE_ENGINE.search(link)]
    said = {
        "look": sorted({link.split("/")[-2] for link in styles}),
        "title": [page.findtext("head/title", "")],
        "meta": [" ".join(sorted(meta.values())) for meta in page.xpath(META)],
        "structured data": [
            json.dumps(json.loads(text), sort_keys=True) for text in page.xpath(DATA)
        ],
        "languages": [
            f"{part.tag} {part.get('lang', '')} {part.get('dir', '')}"
            for part in page.xpath("//*[@lang or @dir]")
        ],
    }
    for place, where in PLACES.items():
        links = at(page, where, "//@href", "//@src")
        classes = " ".join(at(page, where, "//@class[not(parent::svg)]")).split()
        said |= {
            f"ids {place}": at(page, where, "//@id"),
            f"links {place}": [
                link if link.startswith("#") else urljoin(f"https://here/en/{name}", link)
                for link in links
                if not OF_THE_ENGINE.search(link)
            ],
            f"words {place}": " ".join(at(page, where, *READ)).split(),
            # Those of the theme begin with md-; the others are ours, or Markdown's.
            f"classes {place}": [name for name in classes if not name.startswith("md-")],
        }
    return said


def at(page: lxml.html.HtmlElement, where: str, *paths: str) -> list[str]:
    """Give the text and the attributes at some XPaths that stand in a place, in their order."""
    return list(page.xpath(" | ".join(f"{path}[{where}]" for path in paths)))


def differences(mkdocs: Path, successor: Path) -> dict[Difference, list[str]]:
    """Compare two finished websites; give each difference with the files in which it was found."""
    ours, theirs = contents_of(mkdocs), contents_of(successor)
    found = defaultdict(list)
    for file, rule in ours.keys() & theirs.keys():
        a, b = ours[file, rule], theirs[file, rule]
        if a == b:
            continue
        for kind, a0, a1, b0, b1 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
            if kind != "equal":
                difference = Difference(rule, " ".join(a[a0:a1]), " ".join(b[b0:b1]))
                found[difference].append(file)
    return dict(found)


def complaints(
    found: Mapping[Difference, list[str]], listed: Mapping[Difference, str]
) -> list[str]:
    """Say what was found and is not listed, and what is listed and was not found."""
    new = [f"{one}, in {', '.join(sorted(set(found[one])))}" for one in found.keys() - listed]
    old = [f"{one} is listed, and no longer so" for one in listed.keys() - found.keys()]
    return sorted(new) + sorted(old)


# The same trees, built by each


@pytest.fixture(scope="module")
def websites(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Give what MkDocs makes of the shipped pages, and of the tiny project in both languages.

    The tiny project has pages in a folder here, and an address. No sheet is typeset: empty ones
    stand on the handouts page.
    """
    folder = tmp_path_factory.mktemp("successors")
    for name, source in (("tiny", HERE / "tiny"), ("shipped", HERE.parent)):
        for part in ("docs", "handouts", "clinics", "ledger"):
            shutil.copytree(source / part, folder / name / part)
        shutil.copy(source / "mkdocs.yml", folder / name)
    for name, text in PAGES.items():
        (folder / "tiny/docs" / name).parent.mkdir(exist_ok=True)
        (folder / "tiny/docs" / name).write_text(text, "utf-8")
    settings = folder / "tiny/mkdocs.yml"
    hosted = f"site_url: https://cuts.example/\n{settings.read_text('utf-8')}"
    settings.write_text(hosted, "utf-8")
    return [site for name in ("tiny", "shipped") for site in built_by_mkdocs(folder / name)]


def built_by_mkdocs(folder: Path) -> list[Path]:
    """Build a project's websites, with an empty page for each sheet; give the finished pages."""
    project, problems = project_in(folder), list[Problem]()
    docs, library = read(project, problems), load(project, problems)
    sheets = plan(docs, library, problems)
    assert problems == []
    with pikepdf.new() as pdf, io.BytesIO() as file:
        pdf.add_blank_page()
        pdf.save(file, static_id=True)
        empty = file.getvalue()
    printed = [
        Printed(sheet, DRAFT, is_form, empty, 1, UNSEEN)
        for sheet in sheets
        for is_form in (False, True)
        if sheet.is_filled_in or not is_form
    ]
    editions = issued(docs, library, TODAY)
    known = Checked(docs, library, TODAY, {}, {})
    sites = []
    for code, language in docs.languages.items():
        tree = lay_out(known, language, printed, editions)
        finished, warnings = run_mkdocs(tree)
        assert warnings == []
        write_below(folder / "trees" / code, tree)
        write_below(folder / "trees" / code / "site", finished)
        sites.append(folder / "trees" / code / "site")
    return sites


# Runs an engine in one tree after the other: to load it takes longer than to build.
BUILD = """
import os, sys
from {engine}.__main__ import cli
for tree in sys.argv[1:]:
    os.chdir(tree)
    cli(["build", "--strict", "--config-file", "mkdocs.yml"], standalone_mode=False)
"""


def built_by(engine: str, *trees: Path) -> list[Path]:
    """Build copies of trees with a successor, in a process of its own; give the finished pages.

    Raises ValueError for a warning, too, with all that the engine said.
    """
    copies = [tree.parents[1] / engine / tree.name for tree in trees]
    for tree, copy in zip(trees, copies, strict=True):
        shutil.copytree(tree, copy, ignore=shutil.ignore_patterns("site"))
    done = subprocess.run(
        [sys.executable, "-c", BUILD.format(engine=engine), *copies],
        # Where they find our Markdown extension: they know the packages that are set up only.
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        raise ValueError(done.stdout)
    return [copy / "site" for copy in copies]


@pytest.mark.parametrize("engine", DIFFERENCES)
def test_a_successor_of_mkdocs_makes_the_same_website(engine: str, websites: list[Path]) -> None:
    found = defaultdict[Difference, list[str]](list)
    theirs = built_by(engine, *(site.parent for site in websites))
    for site, other in zip(websites, theirs, strict=True):
        project = site.parents[2].name
        for difference, files in differences(site, other).items():
            found[difference] += [f"{project}/{site.parent.name}/{file}" for file in files]
    assert complaints(found, DIFFERENCES[engine]) == []


@pytest.mark.parametrize("engine", DIFFERENCES)
def test_a_warning_of_a_successor_is_an_error(engine: str, websites: list[Path]) -> None:
    tree = websites[0].parent
    broken = shutil.copytree(tree, tree.with_name(f"broken-{engine}"))
    page = broken / "docs/slip.md"
    page.write_text(f"{page.read_text('utf-8')}\n[A lost page](nowhere.md)\n", "utf-8")
    with pytest.raises(ValueError, match=r"slip\.md"):
        built_by(engine, broken)


# What would be lost is found


def edited(change: Callable[[lxml.html.HtmlElement], object]) -> Callable[[Path], object]:
    """Give a function that changes the tree of the page index.html in a website."""

    def edit(site: Path) -> None:
        page = lxml.html.parse(site / "index.html").getroot()
        change(page)
        (site / "index.html").write_bytes(lxml.html.tostring(page, encoding="utf-8"))

    return edit


def first(page: lxml.html.HtmlElement, path: str) -> lxml.html.HtmlElement:
    """Give the first element at an XPath."""
    return page.xpath(path)[0]


LOSSES: dict[str, tuple[Callable[[Path], object], set[str]]] = {
    "nothing": (edited(lambda _: None), set()),
    "a page": (lambda site: (site / "slip.html").unlink(), {"files"}),
    "a font": (lambda site: next(site.glob("fonts/*")).unlink(), {"files"}),
    "what a picture shows": (
        lambda site: (site / "assets/drop.svg").write_text("<svg/>"),
        {"bytes"},
    ),
    "what the search looks through": (
        lambda site: (site / INDEX).write_text("var searchIndex = [];"),
        {"bytes"},
    ),
    "the title": (edited(lambda page: first(page, "//title").clear()), {"title"}),
    "the description": (
        edited(lambda page: first(page, "//meta[@name='description']").drop_tree()),
        {"meta"},
    ),
    "the language": (edited(lambda page: page.attrib.pop("lang")), {"languages"}),
    "the direction": (edited(lambda page: page.body.set("dir", "rtl")), {"languages"}),
    "an id": (
        edited(lambda page: page.get_element_by_id("wash").attrib.pop("id")),
        {"ids in the article"},
    ),
    "a word": (
        edited(lambda page: setattr(first(page, "//article//h2"), "text", "Other")),
        {"words in the article"},
    ),
    "the order of words": (
        edited(lambda page: first(page, "//article//ol").append(first(page, "//article//ol/li"))),
        {"words in the article"},
    ),
    "a link": (
        edited(lambda page: first(page, LINK).attrib.pop("href")),
        {"links in the article"},
    ),
    "where a link leads": (
        edited(lambda page: first(page, LINK).set("href", "index.html")),
        {"links in the article"},
    ),
    "the look": (
        edited(
            lambda page: [
                link.drop_tree() for link in page.xpath("//link[contains(@href, '/stylesheets/')]")
            ]
        ),
        {"look"},
    ),
    "the script of ours": (
        edited(lambda page: first(page, "//script[@src='website.js']").drop_tree()),
        {"links around the article"},
    ),
    "structured data": (
        edited(lambda page: page.head.append(lxml.html.fromstring(SCRIPT))),
        {"structured data"},
    ),
    "what makes a box of a paragraph": (
        edited(lambda page: first(page, "//article//*[@class]").attrib.pop("class")),
        {"classes in the article"},
    ),
    "when the page was changed": (
        edited(lambda page: first(page, "//p[@class='page-facts']/span").drop_tree()),
        {"words in the article"},
    ),
}
LINK = "//article//a[@href='slip.html#purpose']"
SCRIPT = '<script type="application/ld+json">{"@type": "MedicalWebPage"}</script>'


@pytest.mark.parametrize("loss", LOSSES)
def test_a_loss_is_found(loss: str, websites: list[Path], tmp_path: Path) -> None:
    site = next(site for site in websites if site.parent.name == "en")
    lose, rules = LOSSES[loss]
    shutil.copytree(site, tmp_path / "site")
    lose(tmp_path / "site")
    assert {difference.rule for difference in differences(site, tmp_path / "site")} == rules


def test_a_difference_must_be_listed_and_what_is_listed_must_be_found() -> None:
    known, new = (
        Difference("words", "Table of contents", "On this page"),
        Difference("ids", "a", ""),
    )
    assert complaints({known: ["index.html"]}, {known: "a reason"}) == []
    assert complaints({new: ["slip.html", "index.html"]}, {known: "a reason"}) == [
        f"{new}, in index.html, slip.html",
        f"{known} is listed, and no longer so",
    ]
